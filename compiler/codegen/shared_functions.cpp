#include "compiler/codegen/shared_functions.h"

#include <llvm/Analysis/VectorUtils.h>
#include <llvm/IR/Module.h>

#include <numeric>
#include <string>

#include "compiler/codegen/elementary.h"
#include "compiler/codegen/random_block.h"

namespace lacuna::codegen {

using llvm::Value;

namespace {

Value* body_of(Lanes& b, ir::Op op, const std::vector<Value*>& x) {
  const auto block = [&] { return emit_random_block(b, {x[0], x[1], x[2]}); };
  if (op == ir::Op::StandardUniform) return math::emit_uniform(b, block().first);
  if (op == ir::Op::StandardNormal) return math::emit_normal(b, block());
  return emit_elementary(b, op, x[0], x.size() > 1 ? x[1] : nullptr);
}

llvm::Function* function_for(Lanes& b, ir::Op op, const std::vector<Value*>& operands) {
  llvm::Module& code = *b.ir.GetInsertBlock()->getModule();
  const std::string name = "lacuna." + std::string(ir::info(op).mnemonic) + "." + std::to_string(Lanes::count(operands[0]));
  if (llvm::Function* known = code.getFunction(name)) return known;
  std::vector<llvm::Type*> types;
  for (Value* operand : operands) types.push_back(operand->getType());
  auto* type = llvm::FunctionType::get(Lanes::shaped(operands[0], b.ir.getDoubleTy()), types, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, code);
  function->setDoesNotAccessMemory();
  function->setDoesNotThrow();
  function->setWillReturn();
  llvm::IRBuilder<> inside(llvm::BasicBlock::Create(code.getContext(), "entry", function));
  Lanes lanes(inside, b.target());
  std::vector<Value*> arguments;
  for (llvm::Argument& each : function->args()) arguments.push_back(&each);
  inside.CreateRet(body_of(lanes, op, arguments));
  return function;
}

}  // namespace

Value* by_registers(Lanes& b, const std::vector<Value*>& operands, unsigned registers, const RegisterCall& call) {
  const auto in_register = static_cast<unsigned>(b.target().lanes());
  const unsigned lanes = Lanes::count(operands[0]), most = registers * in_register;
  if (lanes > 1 && lanes <= most) return call(operands);
  std::vector<Value*> results;
  for (unsigned first = 0; first < lanes; first += most) {
    llvm::SmallVector<int> taken(most);
    std::iota(taken.begin(), taken.end(), static_cast<int>(first));
    std::vector<Value*> piece;
    for (Value* each : operands) piece.push_back(lanes == 1 ? b.splat(each, in_register) : b.ir.CreateShuffleVector(each, taken));
    results.push_back(call(piece));
  }
  return lanes == 1 ? b.ir.CreateExtractElement(results[0], std::uint64_t{0}) : llvm::concatenateVectors(b.ir, results);
}

Value* call_shared(Lanes& b, ir::Op op, const std::vector<Value*>& operands) {
  // Two registers of a short function keep the processor busy; of a long one they only make the code longer.
  const bool is_short = op <= ir::Op::LogAddExp || op == ir::Op::StandardUniform || op == ir::Op::StandardNormal;
  return by_registers(b, operands, is_short ? 2 : 1, [&](const std::vector<Value*>& piece) { return b.ir.CreateCall(function_for(b, op, piece), piece); });
}

}  // namespace lacuna::codegen
