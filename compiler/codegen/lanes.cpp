#include "compiler/codegen/lanes.h"

#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsX86.h>

namespace lacuna::codegen {

using llvm::Intrinsic::ID;
using Value = llvm::Value;

unsigned Lanes::count(const Value* x) {
  const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(x->getType());
  return vector ? vector->getNumElements() : 1;
}

llvm::Type* Lanes::shaped(const Value* like, llvm::Type* element) {
  const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(like->getType());
  return vector ? llvm::FixedVectorType::get(element, vector->getNumElements()) : element;
}

Value* Lanes::real(const Value* like, double value) const {
  return llvm::ConstantFP::get(shaped(like, ir.getDoubleTy()), value);
}

Value* Lanes::integer(const Value* like, std::uint64_t value) const {
  return llvm::ConstantInt::get(shaped(like, ir.getInt64Ty()), value);
}

Value* Lanes::splat(Value* scalar, unsigned lanes) {
  return lanes == 1 || count(scalar) > 1 ? scalar : ir.CreateVectorSplat(lanes, scalar);
}

Value* Lanes::fma(Value* a, Value* b, Value* c) {
  if (!target_.fma) return add(mul(a, b), c);
  return ir.CreateIntrinsic(llvm::Intrinsic::fma, {a->getType()}, {a, b, c});
}

Value* Lanes::abs(Value* a) {
  return ir.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, a);
}
Value* Lanes::sqrt(Value* a) {
  return ir.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, a);
}
Value* Lanes::copysign(Value* magnitude, Value* sign) {
  return ir.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, magnitude, sign);
}

// Without SSE4.1 LLVM would call libm; adding and taking away 1.5 * 2^52 rounds what is below 2^51, the rest is
// integral.
Value* Lanes::round_even(Value* a) {
  if (target_.vector_bits > 128) return ir.CreateUnaryIntrinsic(llvm::Intrinsic::roundeven, a);
  Value* magnitude = abs(a);
  Value* rounded = sub(add(magnitude, 0x1p52), 0x1p52);
  return copysign(select(lt(magnitude, 0x1p52), rounded, magnitude), a);
}
Value* Lanes::floor(Value* a) {
  if (target_.vector_bits > 128) return ir.CreateUnaryIntrinsic(llvm::Intrinsic::floor, a);
  Value* near = round_even(a);
  return copysign(select(lt(a, near), sub(near, 1.0), near), a);
}
Value* Lanes::ceil(Value* a) {
  return neg(floor(neg(a)));
}
Value* Lanes::truncate(Value* a) {
  return copysign(floor(abs(a)), a);
}

Value* Lanes::bits(Value* real) {
  return ir.CreateBitCast(real, shaped(real, ir.getInt64Ty()));
}
Value* Lanes::from_bits(Value* integer) {
  return ir.CreateBitCast(integer, shaped(integer, ir.getDoubleTy()));
}

Value* Lanes::polynomial(Value* x, std::span<const double> c) {
  Value* sum = real(x, c.back());
  for (std::size_t i = c.size() - 1; i-- > 0;) sum = fma(sum, x, c[i]);
  return sum;
}

// Pairs, pairs of them, and Horner's rule for those (Estrin).
Value* Lanes::short_polynomial(Value* x, std::span<const double> c) {
  std::vector<Value*> terms;
  for (double each : c) terms.push_back(real(x, each));
  for (int step = 0; step < 2; ++step, x = mul(x, x)) {
    std::vector<Value*> pairs;
    for (std::size_t i = 0; i < terms.size(); i += 2) pairs.push_back(i + 1 < terms.size() ? fma(terms[i + 1], x, terms[i]) : terms[i]);
    terms = std::move(pairs);
  }
  Value* sum = terms.back();
  for (std::size_t i = terms.size() - 1; i-- > 0;) sum = fma(sum, x, terms[i]);
  return sum;
}

// AVX-512 has one instruction for it, for 2, 4 and 8 lanes; wider vectors are cut into pieces.
Value* Lanes::scale_by_instruction(Value* x, Value* n) {
  const unsigned lanes = count(x);
  if (lanes > 8) {
    llvm::SmallVector<int> low, high, all;
    for (unsigned i = 0; i < lanes; ++i) {
      (i < lanes / 2 ? low : high).push_back(static_cast<int>(i));
      all.push_back(static_cast<int>(i));
    }
    Value* first = scale_by_instruction(ir.CreateShuffleVector(x, low), ir.CreateShuffleVector(n, low));
    Value* second = scale_by_instruction(ir.CreateShuffleVector(x, high), ir.CreateShuffleVector(n, high));
    return ir.CreateShuffleVector(first, second, all);
  }
  const ID id = lanes == 8   ? llvm::Intrinsic::x86_avx512_mask_scalef_pd_512
                : lanes == 4 ? llvm::Intrinsic::x86_avx512_mask_scalef_pd_256
                             : llvm::Intrinsic::x86_avx512_mask_scalef_pd_128;
  llvm::SmallVector<Value*> arguments{x, n, x, ir.getInt8(0xff)};
  if (lanes == 8) arguments.push_back(ir.getInt32(4));  // round as the current mode says
  return ir.CreateIntrinsic(id, {}, arguments);
}

// By bits: 2^n is taken in two factors, each a normal number, so that no step rounds but the last.
Value* Lanes::scale(Value* x, Value* n) {
  const unsigned lanes = count(x);
  if (target_.avx512 && (lanes == 2 || lanes == 4 || lanes >= 8)) return scale_by_instruction(x, n);
  // n + 2048 in the low bits of a double near 2^52
  Value* biased = ir.CreateSub(bits(add(n, 0x1p52 + 2048)), integer(x, 0x4330000000000000));
  Value* first = ir.CreateLShr(biased, integer(x, 1));
  Value* second = ir.CreateSub(biased, first);
  auto power = [&](Value* k) { return from_bits(ir.CreateShl(ir.CreateSub(k, integer(x, 1)), integer(x, 52))); };
  return mul(mul(x, power(first)), power(second));
}

Pair Lanes::quick_sum(Value* a, Value* b) {
  Value* high = add(a, b);
  return {high, sub(b, sub(high, a))};
}

Pair Lanes::sum(Value* a, Value* b) {
  Value* high = add(a, b);
  Value* b_part = sub(high, a);
  Value* a_part = sub(high, b_part);
  return {high, add(sub(a, a_part), sub(b, b_part))};
}

// Without fma: Dekker's product of Veltkamp's halves.
Pair Lanes::product(Value* a, Value* b) {
  Value* high = mul(a, b);
  if (target_.fma) return {high, fma(a, b, neg(high))};
  auto halves = [&](Value* x) -> Pair {
    Value* spread = mul(x, 0x1p27 + 1);
    Value* top = sub(spread, sub(spread, x));
    return {top, sub(x, top)};
  };
  const Pair ha = halves(a), hb = halves(b);
  Value* low = sub(mul(ha.high, hb.high), high);
  low = add(low, mul(ha.high, hb.low));
  low = add(low, mul(ha.low, hb.high));
  return {high, add(low, mul(ha.low, hb.low))};
}

}  // namespace lacuna::codegen
