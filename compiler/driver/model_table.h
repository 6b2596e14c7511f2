// A model as the table of functions of lacuna/model.h, by machine code or by the interpreter: what every verb that runs a
// model starts from.
//
// needs    an elaborated model without errors
// leaves   a table that lives as long as this object
// shown by test/lit/command/no_compiler_library.test
#pragma once
#include <memory>
#include <optional>

#include "compiler/autodiff/differentiate.h"
#include "compiler/driver/compiler_library.h"
#include "compiler/driver/interpreted_model.h"

namespace lacuna::driver {

// The entries of a table beside the log density and its gradient. What nobody will call is left out to save time.
struct Entries {
  bool products = true;   // of the Hessian with a direction
  bool terms = true;
  bool pointwise = true;
  bool constrain = true;  // and unconstrain
  bool predict = true;
  bool gradient_ahead = false;  // the gradient's code is begun at once, beside what is asked for first
  bool natural = false;   // density, terms and pointwise at natural values: `log-density --at`
};

// The module that machine code is made of, in memory or in an object. Nothing when it cannot be made, which is reported.
// `after` is called behind each step with its name, "lower" first.
std::optional<ir::Module> lower_for_machine(const elaborate::Model& model, diagnostics::Sink& sink, const Entries& entries = {},
                                            const autodiff::AfterStep& after = {});

class ModelTable {
 public:
  // Null when it cannot be made, which is reported (E0910: not compiled yet; E0911: no compiler library).
  static std::unique_ptr<ModelTable> make(const elaborate::Model& model, const support::SourceMap& sources, diagnostics::Sink& sink, bool interpret,
                                          const Entries& entries = {});
  ~ModelTable();
  ModelTable(const ModelTable&) = delete;
  ModelTable& operator=(const ModelTable&) = delete;

  const lacuna_model* table() const { return table_; }

  // Of machine code (jit/library.h): one function, the objects of all that were made so far, and the descriptor's.
  lacuna_compiled code(int function, bool block) const;
  std::vector<jit::MadeCode> made() const;
  std::string tables() const;

 private:
  ModelTable() = default;
  std::unique_ptr<density::Metadata> metadata_;
  std::unique_ptr<InterpretedModel> interpreted_;
  const jit::Door* door_ = nullptr;
  jit::OpenModel* open_ = nullptr;
  const lacuna_model* table_ = nullptr;
};

}  // namespace lacuna::driver
