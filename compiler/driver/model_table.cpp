#include "compiler/driver/model_table.h"

namespace lacuna::driver {

using diagnostics::Id;

std::optional<ir::Module> lower_for_machine(const elaborate::Model& model, diagnostics::Sink& sink, const Entries& entries, const autodiff::AfterStep& after) {
  const std::size_t errors = sink.error_count();
  const density::Options functions{.terms = entries.terms, .pointwise = entries.pointwise, .predict = entries.predict, .constrain = entries.constrain,
                                   .unconstrain = entries.constrain, .natural = entries.natural};
  ir::Module module = density::lower(model, functions, sink);
  if (sink.error_count() != errors) return std::nullopt;
  if (after) after("lower", module);
  const autodiff::Reversed reversed = autodiff::differentiate(module, after, {.products = entries.products});
  if (reversed.ok()) return module;
  sink.report(Id::NotCompiledYet, model.checked->declaration->name.range, "the derivative of " + reversed.error);
  return std::nullopt;
}

std::unique_ptr<ModelTable> ModelTable::make(const elaborate::Model& model, const support::SourceMap& sources, diagnostics::Sink& sink, bool interpret,
                                             const Entries& entries) {
  std::unique_ptr<ModelTable> made(new ModelTable);
  if (interpret) {
    made->interpreted_ = InterpretedModel::make(model, sources, sink);
    if (!made->interpreted_) return nullptr;
    made->table_ = made->interpreted_->table();
    return made;
  }
  const std::optional<ir::Module> module = lower_for_machine(model, sink, entries);
  if (!module) return nullptr;
  const support::SourceRange at = model.checked->declaration->name.range;
  std::string problem, processor;
  made->door_ = compiler_library(problem);
  if (made->door_) made->door_->processor(&processor);
  made->metadata_ = std::make_unique<density::Metadata>(model, sources, processor);
  if (made->door_) made->open_ = made->door_->open(&*module, &made->metadata_->get(), "", &problem);
  if (!made->open_) {
    sink.report(Id::NoCompiler, at, problem).help("`--interpret` runs the model without machine code, slowly");
    return nullptr;
  }
  made->table_ = made->door_->table(made->open_);
  if (entries.gradient_ahead) made->door_->begin(made->open_, LACUNA_GRADIENT_FUNCTION, false);
  return made;
}

lacuna_compiled ModelTable::code(int function, bool block) const {
  return open_ ? door_->code(open_, function, block) : lacuna_compiled{};
}

std::vector<jit::MadeCode> ModelTable::made() const {
  std::vector<jit::MadeCode> all;
  if (open_) door_->made(open_, &all);
  return all;
}

std::string ModelTable::tables() const {
  std::string object;
  if (open_) door_->tables(open_, &object);
  return object;
}

ModelTable::~ModelTable() {
  if (open_) door_->close(open_);
}

}  // namespace lacuna::driver
