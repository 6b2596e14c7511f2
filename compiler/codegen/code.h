// A module of LLVM code and what turns it into an object file: verified, optimised by a short pipeline, assembled.
//
//   needs    emitted code
//   leaves   the bytes of an ELF object, the same for the JIT, for `compile` and for the cache
//   shown by test/unit/codegen/math_test.cpp
#pragma once
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

#include <memory>
#include <string>

#include "compiler/codegen/target.h"

namespace lacuna::codegen {

struct Code {
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> module;
};

// An empty module, laid out for the target.
Code new_code(const std::string& name, const Target& target);

// Gives every function that is defined the target's attributes; verifies; optimises. Returns what LLVM's verifier says
// of wrong code (a bug of ours), or nothing.
std::string optimise(Code& code, const Target& target);

// What optimised code is assembled into: an object file; one that has a section for each function; text.
enum class Assembled { Object, FunctionsApart, Text };
std::string assemble(Code& code, const Target& target, Assembled into = Assembled::Object);

}  // namespace lacuna::codegen
