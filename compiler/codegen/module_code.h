// All functions of a module as one object: the functions of bind, the entries, and how much workspace each needs.
//
//   needs    a verified module, with schedules or without
//   leaves   an object that defines, for each function f, `f` and `f.work`, and for draw functions with a block version
//            `f.block` and `f.block.work`; see layout.h for what they agree on
//   shown by test/unit/codegen/module_test.cpp
#pragma once
#include <string>
#include <vector>

#include "compiler/codegen/target.h"
#include "compiler/ir/module.h"

namespace lacuna::codegen {

struct ModuleOptions {
  std::vector<std::string> functions;  // those wanted; empty: all of them
  bool plain = true;                   // the versions for one draw
  unsigned block_draws = 0;            // lanes of the block versions; 0: none
  std::vector<std::string> blocks{};   // those that get a block version; empty: all that are wanted
  enum class Form { Object, Assembly, Llvm, OptimisedLlvm } form = Form::Object;
};

struct Compiled {
  std::string bytes;  // of the form asked for
  std::string error;  // a bug of ours, or what cannot be compiled yet; then there are no bytes
};

// What of the module cannot be compiled yet, as one line; empty if all can.
std::string not_compiled(const ir::Module& module);

Compiled compile(const ir::Module& module, const Target& target, const ModuleOptions& options = {});

}  // namespace lacuna::codegen
