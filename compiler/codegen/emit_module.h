// The functions of a module as LLVM code, not optimised yet: for whoever adds more code before it is assembled.
//
//   needs    a verified module that not_compiled has nothing against
//   leaves   the functions that module_code.h names
//   shown by test/unit/codegen/module_test.cpp
#pragma once
#include "compiler/codegen/code.h"
#include "compiler/codegen/module_code.h"

namespace lacuna::codegen {

Code emit_module(const ir::Module& module, const Target& target, const ModuleOptions& options);

}  // namespace lacuna::codegen
