#include "compiler/codegen/draw_functions.h"

#include <functional>
#include <limits>
#include <string>

#include "compiler/codegen/lanes.h"
#include "compiler/codegen/math/functions.h"
#include "compiler/codegen/random_block.h"
#include "compiler/codegen/shared_functions.h"

namespace lacuna::codegen {
namespace {

using ir::Op;
using llvm::Value;

constexpr std::uint64_t kStride = std::uint64_t{64} << 32;  // from one block of a source to its next
constexpr double kLastByInversion = 110;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

class DrawFunction {
 public:
  DrawFunction(llvm::Function* function, const Target& target)
      : function_(function), builder_(llvm::BasicBlock::Create(function->getContext(), "entry", function)), b(builder_, target) {
    source_ = {function->getArg(0), function->getArg(1), function->getArg(2)};
    first_ = function->getArg(3);
    counts_ = function->getArg(static_cast<unsigned>(function->arg_size()) - 1);
  }

  void gamma(bool of_log) {
    Value* valid = all({counts_, b.ir.CreateFCmpOGT(first_, b.real(first_, 0)), b.lt(first_, kInfinity)});
    Value* small = b.lt(first_, 1.0);
    Value* d = b.sub(b.select(small, b.add(first_, 1.0), first_), 1.0 / 3);
    Value* c = b.div(b.real(d, 1.0), b.sqrt(b.mul(d, 9.0)));
    llvm::AllocaInst* result = slot(b.real(d, std::numeric_limits<double>::quiet_NaN()));
    until_all_accept(valid, [&](Value* round) {
      Value* shape = b.ir.CreateMul(round, b.integer(round, 2));
      const math::RandomBits accept = block(b.ir.CreateAdd(shape, b.integer(round, 1)));
      Value* x = call_shared(b, Op::StandardNormal, {source_.seed, source_.cell, counter_of(shape)});
      Value* v = b.add(b.mul(c, x), 1.0);
      Value* cube = b.mul(b.mul(v, v), v);
      Value* margin = b.add(b.mul(b.mul(x, x), 0.5), b.mul(d, b.add(b.sub(b.real(d, 1.0), cube), log(cube))));
      Value* holds = all({b.ir.CreateFCmpOGT(v, b.real(v, 0)), b.lt(log(math::emit_uniform(b, accept.first)), margin)});
      return Try{holds, b.mul(d, cube), result};
    });
    // The power of a uniform that concentrations under 1 need.
    Value* uniform = math::emit_uniform(b, block(b.integer(source_.counter, 1)).second);
    Value* lift = b.select(small, b.div(log(uniform), first_), 0.0);
    Value* drawn = load(result);
    give(of_log ? b.add(log(drawn), lift) : b.select(small, b.mul(drawn, exp(lift)), drawn));
  }

  void poisson() {
    Value* rate = first_;
    Value* valid = all({counts_, b.ge(rate, 0), b.le(rate, 1e15)});
    Value* small = b.lt(rate, 10.0);
    llvm::AllocaInst* result = slot(b.real(rate, -kInfinity));
    invert(all({valid, small}), exp(b.neg(rate)), result,
           [&](Value* mass, Value* k) { return b.mul(mass, b.div(rate, k)); }, b.real(rate, kLastByInversion));
    const auto mass_at = [&](Value* k) { return b.neg(b.add(kl_div(k, rate), lgamma_excess(k))); };
    Value* width = b.add(b.mul(b.sqrt(rate), 2.53), 0.931);
    Value* a = b.sub(b.mul(width, 0.02483), 0.059);
    Value* inverse_alpha = b.add(b.div(b.real(rate, 1.1328), b.sub(width, 3.4)), 1.1239);
    Value* squeeze = b.sub(b.real(rate, 0.9277), b.div(b.real(rate, 3.6224), b.sub(width, 2.0)));
    until_all_accept(all({valid, b.ir.CreateNot(small)}), [&](Value* round) {
      const Ratio r = ratio(round, a, width, b.add(rate, 0.43), squeeze);
      Value* outside = b.ir.CreateOr(b.lt(r.k, 0.0), all({b.lt(r.side, 0.013), b.lt(r.side, r.v)}));
      Value* reached = b.ir.CreateFCmpOLE(log(b.div(b.mul(r.v, inverse_alpha), r.hat)), mass_at(r.k));
      return Try{b.ir.CreateOr(r.inside, all({b.ir.CreateNot(outside), reached})), r.k, result};
    });
    give(load(result));
  }

  void binomial() {
    Value* n = first_;
    Value* p = function_->getArg(4);
    Value* valid = all({counts_, b.ge(n, 0), b.le(n, 1e15), b.ge(p, 0), b.le(p, 1)});
    Value* flipped = b.gt(p, 0.5);
    Value* q = b.select(flipped, b.sub(b.real(p, 1.0), p), p);
    Value* rest = b.sub(b.real(q, 1.0), q);
    Value* small = b.lt(b.mul(n, q), 10.0);
    llvm::AllocaInst* result = slot(b.real(n, -kInfinity));
    Value* odds = b.div(q, rest);
    Value* last = b.select(b.lt(n, kLastByInversion), n, kLastByInversion);
    invert(all({valid, small}), exp(b.mul(n, log1p(b.neg(q)))), result,
           [&](Value* mass, Value* k) { return b.mul(mass, b.div(b.mul(odds, b.add(b.sub(n, k), 1.0)), k)); }, last);
    const auto mass_at = [&](Value* k) {
      Value* other = b.sub(n, k);
      Value* distance = b.add(kl_div(k, b.mul(n, q)), kl_div(other, b.mul(n, rest)));
      return b.neg(b.add(distance, b.add(lgamma_excess(k), lgamma_excess(other))));
    };
    Value* large = all({valid, b.ir.CreateNot(small)});
    Value* spread = b.sqrt(b.mul(b.mul(n, q), rest));
    Value* width = b.add(b.mul(spread, 2.53), 1.15);
    Value* a = b.add(b.add(b.mul(width, 0.0248), -0.0873), b.mul(q, 0.01));
    Value* alpha = b.mul(b.add(b.div(b.real(n, 5.1), width), 2.83), spread);
    Value* squeeze = b.sub(b.real(n, 0.92), b.div(b.real(n, 4.2), width));
    llvm::AllocaInst* at_mode = slot(b.real(n, 0));
    when_any(large, [&] { builder_.CreateStore(mass_at(b.floor(b.mul(b.add(n, 1.0), q))), at_mode); });
    Value* mode = load(at_mode);
    until_all_accept(large, [&](Value* round) {
      const Ratio r = ratio(round, a, width, b.add(b.mul(n, q), 0.5), squeeze);
      Value* inside = all({b.ge(r.k, 0), b.ir.CreateFCmpOLE(r.k, n)});
      Value* reached = b.ir.CreateFCmpOLE(log(b.div(b.mul(r.v, alpha), r.hat)), b.sub(mass_at(r.k), mode));
      return Try{b.ir.CreateOr(r.inside, all({inside, reached})), r.k, result};
    });
    Value* k = load(result);
    give(b.select(all({flipped, valid}), b.sub(n, k), k));
  }

 private:
  struct Try {
    Value* accepted;
    Value* value;
    llvm::AllocaInst* result;
  };
  // A try of Hoermann's transformed rejection with squeeze.
  struct Ratio {
    Value *k, *side, *v, *hat, *inside;
  };

  Ratio ratio(Value* round, Value* a, Value* width, Value* centre, Value* squeeze) {
    const math::RandomBits bits = block(round);
    Value* u = b.sub(math::emit_uniform(b, bits.first), 0.5);
    Value* v = math::emit_uniform(b, bits.second);
    Value* side = b.sub(b.real(u, 0.5), b.abs(u));
    Value* k = b.floor(b.add(b.mul(b.add(b.div(b.mul(a, 2.0), side), width), u), centre));
    Value* hat = b.add(b.div(a, b.mul(side, side)), width);
    return {k, side, v, hat, all({b.ge(side, 0.07), b.ir.CreateFCmpOLE(v, squeeze)})};
  }

  // Adds up probabilities from that of 0 until they pass a uniform.
  void invert(Value* active, Value* first_mass, llvm::AllocaInst* result, const std::function<Value*(Value*, Value*)>& next, Value* last) {
    llvm::AllocaInst* left = slot(math::emit_uniform(b, block(b.integer(source_.counter, 0)).first));
    llvm::AllocaInst* mass = slot(first_mass);
    llvm::AllocaInst* k = slot(b.real(first_mass, 0));
    const auto goes_on = [&] { return all({active, b.ir.CreateFCmpOGT(load(left), load(mass)), b.lt(load(k), last)}); };
    while_any(goes_on, [&](Value* going) {
      Value* more = b.add(load(k), 1.0);
      Value* after = next(load(mass), more);
      builder_.CreateStore(b.select(going, b.sub(load(left), load(mass)), load(left)), left);
      builder_.CreateStore(b.select(going, after, load(mass)), mass);
      builder_.CreateStore(b.select(going, more, load(k)), k);
    });
    builder_.CreateStore(b.select(active, load(k), load(result)), result);
  }

  void until_all_accept(Value* active, const std::function<Try(Value* round)>& attempt) {
    llvm::AllocaInst* trying = slot(active);
    llvm::AllocaInst* round = slot(b.integer(source_.counter, 0));
    while_any([&] { return load(trying); }, [&](Value* going) {
      const Try made = attempt(load(round));
      builder_.CreateStore(b.select(all({going, made.accepted}), made.value, load(made.result)), made.result);
      builder_.CreateStore(all({going, b.ir.CreateNot(made.accepted)}), trying);
      builder_.CreateStore(builder_.CreateAdd(load(round), b.integer(source_.counter, 1)), round);
    });
  }

  void while_any(const std::function<Value*()>& condition, const std::function<void(Value*)>& body) {
    llvm::BasicBlock* head = new_block();
    llvm::BasicBlock* inside = new_block();
    llvm::BasicBlock* after = new_block();
    builder_.CreateBr(head);
    builder_.SetInsertPoint(head);
    Value* going = condition();
    builder_.CreateCondBr(any(going), inside, after);
    builder_.SetInsertPoint(inside);
    body(going);
    builder_.CreateBr(head);
    builder_.SetInsertPoint(after);
  }

  void when_any(Value* condition, const std::function<void()>& body) {
    llvm::BasicBlock* inside = new_block();
    llvm::BasicBlock* after = new_block();
    builder_.CreateCondBr(any(condition), inside, after);
    builder_.SetInsertPoint(inside);
    body();
    builder_.CreateBr(after);
    builder_.SetInsertPoint(after);
  }

  Value* counter_of(Value* block) { return builder_.CreateAdd(source_.counter, builder_.CreateMul(block, b.integer(block, kStride))); }
  math::RandomBits block(Value* number) { return random_block(b, {source_.seed, source_.cell, counter_of(number)}); }

  Value* log(Value* x) { return call_shared(b, Op::Log, {x}); }
  Value* log1p(Value* x) { return call_shared(b, Op::Log1p, {x}); }
  Value* exp(Value* x) { return call_shared(b, Op::Exp, {x}); }
  Value* kl_div(Value* x, Value* m) { return call_shared(b, Op::KlDiv, {x, m}); }
  Value* lgamma_excess(Value* x) { return call_shared(b, Op::LgammaExcess, {x}); }

  Value* all(std::initializer_list<Value*> conditions) {
    Value* joined = nullptr;
    for (Value* each : conditions) joined = joined ? builder_.CreateAnd(joined, each) : each;
    return joined;
  }
  Value* any(Value* mask) { return Lanes::count(mask) > 1 ? builder_.CreateOrReduce(mask) : mask; }
  llvm::BasicBlock* new_block() { return llvm::BasicBlock::Create(function_->getContext(), "", function_); }
  llvm::AllocaInst* slot(Value* start) {
    llvm::IRBuilder<> at_entry(&function_->getEntryBlock(), function_->getEntryBlock().begin());
    llvm::AllocaInst* made = at_entry.CreateAlloca(start->getType());
    builder_.CreateStore(start, made);
    return made;
  }
  Value* load(llvm::AllocaInst* from) { return builder_.CreateLoad(from->getAllocatedType(), from); }
  void give(Value* value) { builder_.CreateRet(value); }

  llvm::Function* function_;
  llvm::IRBuilder<> builder_;
  Lanes b;
  RandomSource source_{};
  Value* first_ = nullptr;
  Value* counts_ = nullptr;
};

}  // namespace

llvm::Function* draw_function(llvm::Module& code, const Target& target, ir::Op op, unsigned lanes) {
  const std::string name = "lacuna." + std::string(ir::info(op).mnemonic) + "." + std::to_string(lanes);
  if (llvm::Function* known = code.getFunction(name)) return known;
  const auto wide = [&](llvm::Type* type) -> llvm::Type* { return lanes > 1 ? llvm::FixedVectorType::get(type, lanes) : type; };
  llvm::LLVMContext& context = code.getContext();
  llvm::Type* whole = wide(llvm::Type::getInt64Ty(context));
  llvm::Type* real = wide(llvm::Type::getDoubleTy(context));
  std::vector<llvm::Type*> parameters(3, whole);
  parameters.insert(parameters.end(), ir::info(op).operands.size() - 3, real);
  parameters.push_back(wide(llvm::Type::getInt1Ty(context)));
  auto* function = llvm::Function::Create(llvm::FunctionType::get(real, parameters, false), llvm::Function::InternalLinkage, name, code);
  DrawFunction made(function, target);
  switch (op) {
    case Op::StandardGamma:
      made.gamma(false);
      break;
    case Op::LogStandardGamma:
      made.gamma(true);
      break;
    case Op::PoissonDraw:
      made.poisson();
      break;
    default:
      made.binomial();
  }
  return function;
}

}  // namespace lacuna::codegen
