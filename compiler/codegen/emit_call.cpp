// What is called, not inlined. Functions that need not be fast call elementary and special functions, which stand once in the
// module for each number of lanes; uniforms and normals are called by all. Incomplete gamma and beta functions, rarely used, are
// `double lacuna_NAME(double, ...)`, called once for each lane: the interpreter's own, which objects get with them.
#include "compiler/codegen/emitter.h"

namespace lacuna::codegen {

// The function of the module that computes `op`, made when it is first asked for.
Value* Emitter::shared(ir::Op op, const std::vector<Value*>& operands) {
  const std::string name = "lacuna." + std::string(ir::info(op).mnemonic) + "." + std::to_string(Lanes::count(operands[0]));
  llvm::Function* function = code_.getFunction(name);
  if (function == nullptr) {
    std::vector<llvm::Type*> types;
    for (Value* operand : operands) types.push_back(operand->getType());
    auto* type = llvm::FunctionType::get(Lanes::shaped(operands[0], builder_.getDoubleTy()), types, false);
    function = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, code_);
    function->setDoesNotAccessMemory();
    function->setDoesNotThrow();
    function->setWillReturn();
    const llvm::IRBuilderBase::InsertPointGuard back(builder_);
    builder_.SetInsertPoint(llvm::BasicBlock::Create(code_.getContext(), "entry", function));
    std::vector<Value*> arguments;
    for (llvm::Argument& each : function->args()) arguments.push_back(&each);
    builder_.CreateRet(in_line(op, arguments));
  }
  return builder_.CreateCall(function, operands);
}

Value* Emitter::in_line(ir::Op op, const std::vector<Value*>& operands) {
  if (ir::info(op).operands.starts_with("iii")) return random_number(op, operands);
  return elementary(op, operands[0], operands.size() > 1 ? operands[1] : nullptr);
}

// Whether a call is short beside what it computes.
bool Emitter::is_shared(ir::Op op) const {
  if (op == ir::Op::StandardUniform || op == ir::Op::StandardNormal) return true;
  switch (op) {
#define LACUNA_CALLED(op, operands, function) case ir::Op::op:
#include "compiler/ir/called_functions.def"
#undef LACUNA_CALLED
    case ir::Op::Sqrt:
      return false;
    default:
      return !inlines_ && op >= ir::Op::Exp && op < ir::Op::GammaP;
  }
}

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
