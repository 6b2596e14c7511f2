#include "compiler/codegen/module_code.h"

#include <llvm/Support/raw_ostream.h>

#include <algorithm>

#include "compiler/codegen/emit_module.h"
#include "compiler/codegen/emitter.h"
#include "compiler/ir/walk.h"
#include "compiler/schedule/choose.h"

namespace lacuna::codegen {
namespace {

std::string obstacle(const ir::Instruction& each) {
  switch (each.op) {
    case ir::Op::Kernel:
    case ir::Op::External:
      return "`" + std::string(ir::info(each.op).mnemonic) + "` is not compiled yet";
    default:
      return {};
  }
}

std::string text_of(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream, nullptr);
  return text;
}

}  // namespace

std::string not_compiled(const ir::Module& module) {
  std::string found;
  for (const ir::Function& function : module.functions) {
    ir::for_each_instruction(function.body.block, [&](const ir::Instruction& each) {
      if (found.empty()) found = obstacle(each);
    });
  }
  for (const ir::Space& space : module.spaces) {
    if (!space.by.empty() && space.parameters.empty()) found = "cells sorted by an index are not compiled yet";
  }
  return found;
}

Code emit_module(const ir::Module& module, const Target& target, const ModuleOptions& options) {
  Code code = new_code(module.name, target);
  const Layout layout(module);
  Emitter emitter(module, layout, target, *code.module);
  for (const ir::Function& function : module.functions) {
    const auto& wanted = options.functions;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), function.name) == wanted.end()) continue;
    if (options.plain || function.stage == ir::Stage::Data) emitter.emit(function, function.name, 1, schedule::is_fast(function.name));
    if (function.stage == ir::Stage::Data) continue;
    if (options.plain) emitter.emit_work_size(function.name + ".work");
    const auto& blocks = options.blocks;
    if (!blocks.empty() && std::find(blocks.begin(), blocks.end(), function.name) == blocks.end()) continue;
    if (options.block_draws == 0) continue;
    emitter.emit(function, function.name + ".block", options.block_draws, schedule::is_fast(function.name));
    emitter.emit_work_size(function.name + ".block.work");
  }
  return code;
}

Compiled compile(const ir::Module& module, const Target& target, const ModuleOptions& options) {
  if (std::string why = not_compiled(module); !why.empty()) return {{}, why};
  Code code = emit_module(module, target, options);
  if (options.form == ModuleOptions::Form::Llvm) return {text_of(*code.module), {}};
  if (std::string complaint = optimise(code, target); !complaint.empty()) return {{}, "LLVM's verifier: " + complaint};
  if (options.form == ModuleOptions::Form::OptimisedLlvm) return {text_of(*code.module), {}};
  return {assemble(code, target, options.form == ModuleOptions::Form::Assembly ? Assembled::Text : Assembled::Object), {}};
}

}  // namespace lacuna::codegen
