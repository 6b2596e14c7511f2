// Draws by rejection, as functions of a module: lanes try side by side until each has accepted.
//
//   needs    the module to put them into, and the target
//   leaves   real f(seed, cell, counter, parameters..., which lanes count), the same numbers as ir/random_numbers.h up to
//            rounding; lanes that do not count hold anything
//   shown by test/unit/codegen/random_test.cpp
#pragma once
#include <llvm/IR/Module.h>

#include "compiler/codegen/target.h"
#include "compiler/ir/ops.h"

namespace lacuna::codegen {

// The function for `op` and a number of lanes, made when it is first asked for.
llvm::Function* draw_function(llvm::Module& code, const Target& target, ir::Op op, unsigned lanes);

}  // namespace lacuna::codegen
