// Real arithmetic and functions of reals as instructions, by the operation's name.
//
//   needs    a builder at the place to write; operands with equally many lanes
//   leaves   straight-line code, the same for each lane
//   shown by test/unit/codegen/module_test.cpp
#pragma once
#include "compiler/codegen/lanes.h"
#include "compiler/ir/ops.h"

namespace lacuna::codegen {

// Null for an operation that is called lane by lane (ir/called_functions.def). `y`: null where there is one operand.
llvm::Value* emit_elementary(Lanes& b, ir::Op op, llvm::Value* x, llvm::Value* y);
// NaN if either is; else the smaller, or the larger.
llvm::Value* emit_smaller(Lanes& b, llvm::Value* first, llvm::Value* second, bool larger);

}  // namespace lacuna::codegen
