// The functions that liblacuna_compiler.so exports.
#include "compiler/jit/library.h"

#include "compiler/aot/object.h"
#include "compiler/codegen/module_code.h"
#include "compiler/ir/printer.h"
#include "compiler/jit/compiled_model.h"
#include "compiler/schedule/choose.h"

namespace lacuna::jit {

struct OpenModel {
  OpenModel(const ir::Module& module, const lacuna_metadata& metadata, codegen::Target target) : model(module, metadata, std::move(target)) {}
  CompiledModel model;
};

}  // namespace lacuna::jit

extern "C" {

__attribute__((visibility("default"))) lacuna::jit::OpenModel* lacuna_compiler_open(const lacuna::ir::Module* module, const lacuna_metadata* metadata,
                                                                                    const char* cpu, std::string* problem) {
  using namespace lacuna;
  const codegen::Target target = *cpu ? codegen::named_target(cpu) : codegen::host_target();
  if (!codegen::runs_here(target)) {
    *problem = "code for the processor `" + target.cpu + "` does not run on this one";
    return nullptr;
  }
  return new jit::OpenModel(*module, *metadata, target);
}

__attribute__((visibility("default"))) const lacuna_model* lacuna_compiler_table(const lacuna::jit::OpenModel* model) { return model->model.table(); }

__attribute__((visibility("default"))) void lacuna_compiler_close(lacuna::jit::OpenModel* model) { delete model; }

__attribute__((visibility("default"))) lacuna_compiled lacuna_compiler_code(const lacuna::jit::OpenModel* model, int function, bool block) {
  return model->model.code(function, block);
}

__attribute__((visibility("default"))) void lacuna_compiler_begin(const lacuna::jit::OpenModel* model, int function, bool block) {
  model->model.begin(function, block);
}

__attribute__((visibility("default"))) void lacuna_compiler_made(const lacuna::jit::OpenModel* model, std::vector<lacuna::jit::MadeCode>* made) {
  *made = model->model.made();
}

__attribute__((visibility("default"))) void lacuna_compiler_tables(const lacuna::jit::OpenModel* model, std::string* object) {
  const lacuna::jit::CompiledModel& compiled = model->model;
  *object = lacuna::aot::make_tables(compiled.module(), *compiled.table()->metadata, compiled.target());
}

__attribute__((visibility("default"))) bool lacuna_compiler_processor(std::string* cpu) {
  if (!cpu->empty()) return lacuna::codegen::is_processor(*cpu);
  *cpu = lacuna::codegen::host_target().cpu;
  return true;
}

__attribute__((visibility("default"))) bool lacuna_compiler_object(const lacuna::ir::Module* module, const lacuna_metadata* metadata, const char* cpu,
                                                                   std::string* bytes, std::string* problem) {
  using namespace lacuna;
  const codegen::Target target = *cpu ? codegen::named_target(cpu) : codegen::host_target();
  aot::Object made = aot::make_object(*module, *metadata, target);
  *bytes = std::move(made.bytes);
  *problem = std::move(made.error);
  return problem->empty();
}

__attribute__((visibility("default"))) bool lacuna_compiler_text(const lacuna::ir::Module* module, lacuna::jit::Text what, const char* cpu,
                                                                 const std::vector<std::string>* functions, std::string* text, std::string* problem) {
  using namespace lacuna;
  const codegen::Target target = *cpu ? codegen::named_target(cpu) : codegen::host_target();
  ir::Module scheduled = *module;
  schedule::choose(scheduled, {.lanes = target.lanes()});
  if (what == jit::Text::Schedule) {
    *text = ir::print(scheduled);
    return true;
  }
  using Form = codegen::ModuleOptions::Form;
  const Form form = what == jit::Text::Llvm ? Form::OptimisedLlvm : Form::Assembly;
  codegen::Compiled made = codegen::compile(scheduled, target, {.functions = *functions, .form = form});
  *text = std::move(made.bytes);
  *problem = std::move(made.error);
  return problem->empty();
}
}
