// Elementary and special functions, uniforms and normals, as functions of a module instead of in line.
//
//   needs    a builder at the place of the call; operands with equally many lanes
//   leaves   calls of `lacuna.NAME.LANES`, which is added to the module when it is first asked for
//   shown by test/unit/codegen/random_test.cpp, test/unit/codegen/module_test.cpp
#pragma once
#include <functional>
#include <vector>

#include "compiler/codegen/lanes.h"
#include "compiler/ir/ops.h"

namespace lacuna::codegen {

llvm::Value* call_shared(Lanes& b, ir::Op op, const std::vector<llvm::Value*>& operands);

// Calls with vectors of at most so many registers, whatever the operands have: a number stands in all lanes of one register, wider
// vectors come in pieces.
using RegisterCall = std::function<llvm::Value*(const std::vector<llvm::Value*>&)>;
llvm::Value* by_registers(Lanes& b, const std::vector<llvm::Value*>& operands, unsigned registers, const RegisterCall& call);

}  // namespace lacuna::codegen
