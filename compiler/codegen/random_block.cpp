// Philox 4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw 2011), a block for each lane: 32-bit words in 64-bit lanes, whose
// upper halves hold anything until a word is used. The rounds are a loop: each waits for the one before, so that writing them
// out would gain nothing but length.
#include "compiler/codegen/random_block.h"

#include <llvm/IR/Module.h>

#include <array>
#include <string>

namespace lacuna::codegen {
namespace {

using llvm::Value;

constexpr int kRounds = 10;
constexpr std::uint64_t kFirstFactor = 0xD2511F53, kSecondFactor = 0xCD9E8D57;
constexpr std::uint64_t kFirstBump = 0x9E3779B9, kSecondBump = 0xBB67AE85;

Value* low_word(Lanes& b, Value* x) { return b.ir.CreateAnd(x, b.integer(x, 0xFFFFFFFF)); }
Value* high_word(Lanes& b, Value* x) { return b.ir.CreateLShr(x, b.integer(x, 32)); }

// The counter's four words, then the key's two.
using State = std::array<Value*, 6>;

State next_round(Lanes& b, const State& c) {
  Value* x = b.ir.CreateMul(low_word(b, c[0]), b.integer(c[0], kFirstFactor));
  Value* y = b.ir.CreateMul(low_word(b, c[2]), b.integer(c[2], kSecondFactor));
  return {b.ir.CreateXor(b.ir.CreateXor(high_word(b, y), c[1]), c[4]),
          y,
          b.ir.CreateXor(b.ir.CreateXor(high_word(b, x), c[3]), c[5]),
          x,
          b.ir.CreateAdd(c[4], b.integer(c[4], kFirstBump)),
          b.ir.CreateAdd(c[5], b.integer(c[5], kSecondBump))};
}

State all_rounds(Lanes& b, llvm::Function* function, const State& start) {
  llvm::BasicBlock* before = b.ir.GetInsertBlock();
  llvm::BasicBlock* inside = llvm::BasicBlock::Create(function->getContext(), "round", function);
  llvm::BasicBlock* after = llvm::BasicBlock::Create(function->getContext(), "joined", function);
  b.ir.CreateBr(inside);
  b.ir.SetInsertPoint(inside);
  llvm::PHINode* round = b.ir.CreatePHI(b.ir.getInt32Ty(), 2);
  round->addIncoming(b.ir.getInt32(0), before);
  State carried;
  for (std::size_t i = 0; i < start.size(); ++i) {
    llvm::PHINode* word = b.ir.CreatePHI(start[i]->getType(), 2);
    word->addIncoming(start[i], before);
    carried[i] = word;
  }
  const State next = next_round(b, carried);
  for (std::size_t i = 0; i < next.size(); ++i) llvm::cast<llvm::PHINode>(carried[i])->addIncoming(next[i], inside);
  Value* done = b.ir.CreateAdd(round, b.ir.getInt32(1));
  round->addIncoming(done, inside);
  b.ir.CreateCondBr(b.ir.CreateICmpSLT(done, b.ir.getInt32(kRounds)), inside, after);
  b.ir.SetInsertPoint(after);
  return next;
}

void write_body(llvm::Function* function, const Target& target) {
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(function->getContext(), "entry", function));
  Lanes b(builder, target);
  const math::RandomBits made = emit_random_block(b, {function->getArg(0), function->getArg(1), function->getArg(2)});
  Value* result = llvm::PoisonValue::get(function->getReturnType());
  result = builder.CreateInsertValue(result, made.first, 0);
  builder.CreateRet(builder.CreateInsertValue(result, made.second, 1));
}

}  // namespace

math::RandomBits emit_random_block(Lanes& b, const RandomSource& s) {
  llvm::Function* function = b.ir.GetInsertBlock()->getParent();
  const State c = all_rounds(b, function, {s.cell, high_word(b, s.cell), s.counter, high_word(b, s.counter), s.seed, high_word(b, s.seed)});
  const auto joined = [&](Value* low, Value* high) { return b.ir.CreateOr(low_word(b, low), b.ir.CreateShl(high, b.integer(high, 32))); };
  return {joined(c[0], c[1]), joined(c[2], c[3])};
}

math::RandomBits random_block(Lanes& b, const RandomSource& source) {
  llvm::Module& code = *b.ir.GetInsertBlock()->getModule();
  llvm::Type* words = source.seed->getType();
  const std::string name = "lacuna.random_block." + std::to_string(Lanes::count(source.seed));
  llvm::Function* function = code.getFunction(name);
  if (function == nullptr) {
    llvm::Type* both = llvm::StructType::get(words, words);
    function = llvm::Function::Create(llvm::FunctionType::get(both, {words, words, words}, false), llvm::Function::InternalLinkage, name, code);
    function->setDoesNotAccessMemory();
    function->setDoesNotThrow();
    function->setWillReturn();
    write_body(function, b.target());
  }
  Value* made = b.ir.CreateCall(function, {source.seed, source.cell, source.counter});
  return {b.ir.CreateExtractValue(made, 0), b.ir.CreateExtractValue(made, 1)};
}

}  // namespace lacuna::codegen
