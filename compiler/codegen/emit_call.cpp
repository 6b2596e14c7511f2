// What is called, not inlined. Functions that need not be fast call elementary and special functions, which stand once in the
// module, with the lanes of one register; uniforms and normals are called by all. Incomplete gamma and beta functions, rarely used,
// are `double lacuna_NAME(double, ...)`, called once for each lane: the interpreter's own, which objects get with them.
#include "compiler/codegen/draw_functions.h"
#include "compiler/codegen/emit_operations.h"
#include "compiler/codegen/shared_functions.h"

namespace lacuna::codegen {

// Whether a call is short beside what it computes.
bool Operations::is_shared(ir::Op op) const {
  if (op == ir::Op::StandardUniform || op == ir::Op::StandardNormal) return true;
  switch (op) {
#define LACUNA_CALLED(op, operands, function) case ir::Op::op:
#include "compiler/ir/called_functions.def"
#undef LACUNA_CALLED
    case ir::Op::Sqrt:
      return false;
    default:
      return !(depth_ > 0 ? inlines_ : inlines_once_) && op >= ir::Op::Exp && op < ir::Op::GammaP;
  }
}

// Draws that try until they accept (draw_functions.h).
Value* Operations::draw(ir::Op op, std::vector<Value*> operands) {
  const unsigned lanes = Lanes::count(operands[0]);
  llvm::Type* truth = Lanes::shaped(operands[0], builder_.getInt1Ty());
  operands.push_back(mask_ != nullptr && Lanes::count(mask_) == lanes ? mask_ : llvm::Constant::getAllOnesValue(truth));
  return by_registers(b_, operands, 1, [&](const std::vector<Value*>& piece) {
    return builder_.CreateCall(draw_function(code_, target_, op, Lanes::count(piece[0])), piece);
  });
}

Value* Operations::called(ir::Op op, const std::vector<Value*>& operands) {
  llvm::Type* real = builder_.getDoubleTy();
  auto* type = llvm::FunctionType::get(real, std::vector<llvm::Type*>(operands.size(), real), false);
  llvm::FunctionCallee callee = code_.getOrInsertFunction("lacuna_" + std::string(ir::info(op).mnemonic), type);
  auto* function = llvm::cast<llvm::Function>(callee.getCallee());
  function->setDoesNotAccessMemory();
  function->setDoesNotThrow();
  function->setWillReturn();
  const unsigned lanes = Lanes::count(operands[0]);
  if (lanes == 1) return builder_.CreateCall(callee, operands);
  Value* result = llvm::PoisonValue::get(operands[0]->getType());
  for (unsigned lane = 0; lane < lanes; ++lane) {
    std::vector<Value*> of_lane;
    for (Value* operand : operands) of_lane.push_back(builder_.CreateExtractElement(operand, lane));
    result = builder_.CreateInsertElement(result, builder_.CreateCall(callee, of_lane), lane);
  }
  return result;
}

}  // namespace lacuna::codegen
