// Numbers that distributions take within bounds and that lie outside them at a point: a scale that is 0, a chance above 1.
//
//   needs    an elaborated model, and the data as for binding
//   leaves   for a point the parameters at fault, by the interpreter, in double precision as machine code has it
//   shown by test/lit/command/fail_no_finite_start.test
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/interpreted_model.h"

namespace lacuna::driver {

struct OutsideParameter {
  int site = -1;              // of the metadata
  std::string text;           // as the program writes it: `sigma`
  std::int64_t cells = 0;     // in which it lies outside
  double least = 0, most = 0; // of its values there; `least` above `most` when all are NaN
};

class OutsideParameters {
 public:
  // Null when it cannot be had: a part that is not compiled yet, or data too large for the slow evaluator.
  // Points hold coordinates, or with `natural` natural values.
  static std::unique_ptr<OutsideParameters> make(const elaborate::Model& model, const support::SourceMap& sources, const lacuna_dimension* dimensions,
                                                 const lacuna_array* arrays, bool natural = false);
  std::vector<OutsideParameter> at(const double* point);

 private:
  std::unique_ptr<InterpretedModel> interpreted_;
  InterpretedModel::Bound* bound_ = nullptr;
  bool natural_ = false;
  std::vector<OutsideParameter> known_;  // in the order of the function's results
};

}  // namespace lacuna::driver
