// The few functions that are called, not inlined: `double lacuna_NAME(double, ...)`, once for each lane. The JIT
// resolves them to the interpreter's own; they stand in rarely used tails (incomplete gamma and beta functions).
#include "compiler/codegen/emitter.h"

namespace lacuna::codegen {

Value* Emitter::called(ir::Op op, const std::vector<Value*>& operands) {
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
