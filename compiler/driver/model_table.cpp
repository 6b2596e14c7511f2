#include "compiler/driver/model_table.h"

#include "compiler/autodiff/differentiate.h"

namespace lacuna::driver {

using diagnostics::Id;

std::unique_ptr<ModelTable> ModelTable::make(const elaborate::Model& model, const support::SourceMap& sources, diagnostics::Sink& sink, bool interpret) {
  std::unique_ptr<ModelTable> made(new ModelTable);
  if (interpret) {
    made->interpreted_ = InterpretedModel::make(model, sources, sink);
    if (!made->interpreted_) return nullptr;
    made->table_ = made->interpreted_->table();
    return made;
  }
  const std::size_t errors = sink.error_count();
  ir::Module module = density::lower(model, {.mode = true, .terms = true, .constrain = true}, sink);
  if (sink.error_count() != errors) return nullptr;
  const support::SourceRange at = model.checked->declaration->name.range;
  const autodiff::Reversed reversed = autodiff::differentiate(module);
  if (!reversed.ok()) {
    sink.report(Id::NotCompiledYet, at, "the derivative of " + reversed.error);
    return nullptr;
  }
  std::string problem;
  made->door_ = compiler_library(problem);
  made->metadata_ = std::make_unique<density::Metadata>(model, sources, "native");
  if (made->door_) made->open_ = made->door_->open(&module, &made->metadata_->get(), "", &problem);
  if (!made->open_) {
    sink.report(Id::NoCompiler, at, problem).help("`--interpret` runs the model without machine code, slowly");
    return nullptr;
  }
  made->table_ = made->door_->table(made->open_);
  return made;
}

ModelTable::~ModelTable() {
  if (open_) door_->close(open_);
}

}  // namespace lacuna::driver
