// A model as the table of functions of lacuna/model.h, run by the interpreter: `--interpret`, and the oracle for compiled tables.
//
// needs    an elaborated model
// leaves   a table whose bound models refer to this object, which must outlive them
// shown by test/lit/command/log_density_with_gaps.test
//
// Slow and plain. Entries that the interpreter does not offer (parts, blocks) are null; `predict` is interpreted_prediction.h.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "compiler/density/density.h"
#include "compiler/density/metadata.h"
#include "compiler/ir/interpreter.h"
#include "lacuna/model.h"

namespace lacuna::driver {

class InterpretedModel {
 public:
  // Null when a part of the model is not compiled yet, which is reported.
  static std::unique_ptr<InterpretedModel> make(const elaborate::Model& model, const support::SourceMap& sources, diagnostics::Sink& sink,
                                                const density::Options& functions = kTable, ir::Precision precision = ir::Precision::Extended);
  // The functions that the table's entries need.
  static constexpr density::Options kTable{.terms = true, .pointwise = true, .predict = true, .constrain = true, .unconstrain = true, .natural = true};

  const lacuna_model* table() const { return &table_; }
  const ir::Module& module() const { return module_; }

  // One set of bound data.
  struct Bound {
    explicit Bound(const InterpretedModel& owner) : model(owner), run(owner.module_, owner.precision_) {}
    const InterpretedModel& model;
    ir::Interpreter run;
    bool for_prediction = false;
    std::map<ir::DimId, std::vector<std::int64_t>> keys;  // of labels, where there are any
    std::mutex one_at_a_time;  // an interpreter keeps the vectors of the call that it runs
  };
  // Sizes and inputs of `arrays` into a new Bound; a code of enum lacuna_code. `flags`: enum lacuna_bind_flag.
  int bind(const lacuna_dimension* dimensions, const lacuna_array* arrays, std::uint32_t flags, Bound** bound, lacuna_error* error) const;
  // What a bound model of such a table stands for; null when it is none.
  static Bound* bound_of(const void* memory);

 private:
  InterpretedModel(const elaborate::Model& model, const support::SourceMap& sources);

  density::Metadata metadata_;
  ir::Module module_;
  ir::Precision precision_ = ir::Precision::Extended;
  lacuna_model table_{};
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Bound>> bound_;
};

}  // namespace lacuna::driver
