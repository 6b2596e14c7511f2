// Reductions of loops: started before, fed in each iteration, finished behind. Lanes are reduced lane by lane inside
// the loop and across lanes behind it.
#include <limits>

#include "compiler/codegen/elementary.h"
#include "compiler/codegen/emit_operations.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double empty_real(ir::Reducer reducer) {
  switch (reducer) {
    case ir::Reducer::Prod:
      return 1;
    case ir::Reducer::Min:
      return kInfinity;
    case ir::Reducer::Max:
    case ir::Reducer::MaxNumber:
    case ir::Reducer::LogSumExp:
      return -kInfinity;
    default:
      return 0;
  }
}

std::int64_t empty_whole(ir::Reducer reducer) {
  switch (reducer) {
    case ir::Reducer::IMin:
      return std::numeric_limits<std::int64_t>::max();
    case ir::Reducer::IMax:
      return std::numeric_limits<std::int64_t>::min();
    case ir::Reducer::All:
      return 1;
    default:
      return 0;
  }
}

unsigned lanes_of(llvm::Type* type) {
  const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type);
  return vector != nullptr ? vector->getNumElements() : 1;
}

// The other half of the lanes.
Value* upper_half(llvm::IRBuilder<>& builder, Value* vector, bool upper) {
  const unsigned half = Lanes::count(vector) / 2;
  llvm::SmallVector<int> lanes;
  for (unsigned i = 0; i < half; ++i) lanes.push_back(static_cast<int>(upper ? half + i : i));
  Value* part = builder.CreateShuffleVector(vector, lanes);
  return half == 1 ? builder.CreateExtractElement(part, std::uint64_t{0}) : part;
}

}  // namespace

Accumulator Operations::start(ir::Reducer reducer, bool vector, bool across_lanes) {
  const char letter = ir::operand_letter(reducer);
  const ir::Type type = letter == 'r' ? ir::Type::real() : letter == 'i' ? ir::Type::integer() : ir::Type::boolean();
  llvm::Type* stored = type_of(type, vector);
  const auto in_register = static_cast<unsigned>(target_.lanes());
  if (reducer == ir::Reducer::SumLog && across_lanes && lanes_ > in_register) {
    stored = llvm::FixedVectorType::get(builder_.getDoubleTy(), in_register);
  }
  Accumulator accumulator{reducer, vector, slot(stored, "reduced")};
  const bool is_log = reducer == ir::Reducer::SumLog;
  llvm::Constant* empty = letter == 'r'
                              ? llvm::ConstantFP::get(stored, is_log ? 1.0 : empty_real(reducer))
                              : llvm::ConstantInt::get(stored, static_cast<std::uint64_t>(empty_whole(reducer)));
  builder_.CreateStore(empty, accumulator.first);
  if (is_log || reducer == ir::Reducer::LogSumExp) {
    accumulator.second = slot(stored, "second");
    builder_.CreateStore(llvm::Constant::getNullValue(stored), accumulator.second);
  }
  return accumulator;
}

Value* Operations::combined(ir::Reducer reducer, Value* a, Value* b) {
  switch (reducer) {
    case ir::Reducer::Prod:
      return b_.mul(a, b);
    case ir::Reducer::Min:
      return emit_smaller(b_, a, b, false);
    case ir::Reducer::Max:
      return emit_smaller(b_, a, b, true);
    case ir::Reducer::MaxNumber:  // what was reduced so far is no NaN
      return b_.select(builder_.CreateFCmpOGT(b, a), b, a);
    case ir::Reducer::ISum:
      return builder_.CreateAdd(a, b);
    case ir::Reducer::IMin:
      return builder_.CreateSelect(builder_.CreateICmpSLT(b, a), b, a);
    case ir::Reducer::IMax:
      return builder_.CreateSelect(builder_.CreateICmpSLT(a, b), b, a);
    case ir::Reducer::Any:
      return builder_.CreateOr(a, b);
    case ir::Reducer::All:
      return builder_.CreateAnd(a, b);
    default:
      return b_.add(a, b);
  }
}

void Operations::reduce(const Accumulator& accumulator, ir::ValueId id) {
  Value* value = widen(get(id), accumulator.vector);
  if (accumulator.reducer == ir::Reducer::LogSumExp) return reduce_log_sum_exp(accumulator, value);
  if (accumulator.reducer == ir::Reducer::SumLog) return reduce_sum_log(accumulator, value);
  Value* before = builder_.CreateLoad(accumulator.first->getAllocatedType(), accumulator.first);
  const bool sums = accumulator.reducer == ir::Reducer::Sum;
  Value* after = sums ? widen(plus(before, id), accumulator.vector) : combined(accumulator.reducer, before, value);
  if (accumulator.vector && mask_ != nullptr) after = b_.select(mask_, after, before);
  builder_.CreateStore(after, accumulator.first);
}

// (largest m, sum s of exp(x - m)): one exponential of -|x - m| serves whichever of the two is larger.
void Operations::reduce_log_sum_exp(const Accumulator& accumulator, Value* x) {
  llvm::Type* type = accumulator.first->getAllocatedType();
  Value* m = builder_.CreateLoad(type, accumulator.first);
  Value* s = builder_.CreateLoad(type, accumulator.second);
  Value* larger = builder_.CreateFCmpOGT(x, m);
  Value* distance = b_.select(builder_.CreateFCmpOEQ(x, m), 0.0, b_.abs(b_.sub(x, m)));
  Value* e = math::emit_exp(b_, b_.neg(distance));
  Value* sum = b_.select(larger, b_.fma(s, e, 1.0), b_.add(s, e));
  Value* most = b_.select(larger, x, m);
  if (accumulator.vector && mask_ != nullptr) {
    sum = b_.select(mask_, sum, s);
    most = b_.select(mask_, most, m);
  }
  builder_.CreateStore(most, accumulator.first);
  builder_.CreateStore(sum, accumulator.second);
}

// A product whose exponent is moved to a counter at every step, so that nothing overflows. Lanes that end in one sum
// are first multiplied with each other, down to one register. Operands that are no ordinary numbers, which is rare,
// take the way of the logarithm.
void Operations::reduce_sum_log(const Accumulator& accumulator, Value* x) {
  llvm::Type* type = accumulator.first->getAllocatedType();
  if (accumulator.vector && mask_ != nullptr) x = b_.select(mask_, x, 1.0);
  Value* folded = x;
  Value* ordinary = nullptr;
  auto require = [&](double low, double high) {
    Value* inside = builder_.CreateAnd(b_.ge(folded, low), b_.lt(folded, high));
    if (Lanes::count(folded) > 1) inside = builder_.CreateAndReduce(inside);
    ordinary = ordinary != nullptr ? builder_.CreateAnd(ordinary, inside) : inside;
  };
  while (Lanes::count(folded) > lanes_of(type)) {
    folded = b_.mul(upper_half(builder_, folded, false), upper_half(builder_, folded, true));
    if (Lanes::count(folded) > lanes_of(type)) require(0x1p-500, 0x1p500);
  }
  require(0x1p-1000, 0x1p1000);
  llvm::AllocaInst* factor = slot(type, "factor");
  builder_.CreateStore(folded, factor);
  when(builder_.CreateNot(ordinary), [&] {
    builder_.CreateStore(llvm::ConstantFP::get(type, 1.0), factor);
    add_logs(accumulator, x);
  });
  Value* mantissa = builder_.CreateLoad(type, accumulator.first);
  Value* product = b_.bits(b_.mul(mantissa, builder_.CreateLoad(type, factor)));
  // exponent + 2^52 as a double
  Value* exponent = b_.from_bits(builder_.CreateOr(builder_.CreateLShr(product, b_.integer(product, 52)),
                                                   b_.integer(product, 0x4330000000000000)));
  Value* count = builder_.CreateLoad(type, accumulator.second);
  builder_.CreateStore(b_.add(count, b_.sub(exponent, 0x1p52 + 1023)), accumulator.second);
  Value* kept = builder_.CreateOr(builder_.CreateAnd(product, b_.integer(product, 0x000fffffffffffff)),
                                  b_.integer(product, 0x3ff0000000000000));
  builder_.CreateStore(b_.from_bits(kept), accumulator.first);
}

// Adds the base-2 logarithms of all lanes, one after the other, to the counted exponents.
void Operations::add_logs(const Accumulator& accumulator, Value* x) {
  const unsigned lanes = Lanes::count(x), kept = lanes_of(accumulator.second->getAllocatedType());
  llvm::AllocaInst* values = slot(x->getType(), "operands");
  builder_.CreateStore(x, values);
  llvm::Type* real = builder_.getDoubleTy();
  count_up(constant(0), constant(lanes), constant(1), [&](Value* i) {
    Value* operand = builder_.CreateLoad(real, builder_.CreateGEP(real, values, i));
    Value* log = b_.mul(math::emit_log(b_, operand), 1.4426950408889634);
    Value* lane = builder_.CreateAnd(i, constant(kept - 1));
    Value* place = builder_.CreateGEP(real, accumulator.second, lane);
    builder_.CreateStore(b_.add(builder_.CreateLoad(real, place), log), place);
  });
}

Value* Operations::across(ir::Reducer reducer, Value* vector) {
  while (Lanes::count(vector) > 1) {
    vector = combined(reducer, upper_half(builder_, vector, false), upper_half(builder_, vector, true));
  }
  return vector;
}

Value* Operations::result(const Accumulator& accumulator, bool across_lanes) {
  llvm::Type* type = accumulator.first->getAllocatedType();
  Value* first = builder_.CreateLoad(type, accumulator.first);
  Value* second = accumulator.second ? builder_.CreateLoad(type, accumulator.second) : nullptr;
  if (accumulator.reducer == ir::Reducer::SumLog) {
    if (across_lanes) {  // mantissas are below 2
      first = across(ir::Reducer::Prod, first);
      second = across(ir::Reducer::Sum, second);
    }
    return b_.fma(second, 0x1.62e42fefa39efp-1, math::emit_log(b_, first));
  }
  if (accumulator.reducer == ir::Reducer::LogSumExp) {
    if (across_lanes) {
      Value* most = across(ir::Reducer::Max, first);
      Value* wide = b_.splat(most, lanes_);
      Value* distance = b_.select(builder_.CreateFCmpOEQ(first, wide), 0.0, b_.sub(first, wide));
      second = across(ir::Reducer::Sum, b_.mul(second, math::emit_exp(b_, distance)));
      first = most;
    }
    return b_.add(first, math::emit_log(b_, second));
  }
  return across_lanes ? across(accumulator.reducer, first) : first;
}

}  // namespace lacuna::codegen
