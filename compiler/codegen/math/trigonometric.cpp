#include <limits>
#include <utility>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

// x = n pi / 2 + r + low with |r| <= pi / 4: pi / 2 in three parts of 33 bits, times n < 2^20 exactly, and a tail.
struct Reduced {
  Value* quadrant;  // n modulo 4, as integers
  Value* r;
  Value* low;
};

Reduced reduce(Lanes& b, Value* x) {
  constexpr double kFirst = 0x1.921fb544p+0, kSecond = 0x1.0b4611a6p-34, kThird = 0x1.3198a2ep-69,
                   kTail = 0x1.b839a252049c1p-104;
  Value* shifted = b.fma(x, 0x1.45f306dc9c883p-1, b.real(x, 0x1.8p52));
  Value* n = b.sub(shifted, 0x1.8p52);
  Value* far = b.sub(x, b.mul(n, kFirst));  // exact where it matters: both are multiples of the same power
  const Pair second = b.sum(far, b.mul(n, -kSecond));
  const Pair third = b.sum(second.high, b.mul(n, -kThird));
  Value* low = b.fma(n, -kTail, b.add(second.low, third.low));
  const Pair r = b.quick_sum(third.high, low);
  return {b.ir.CreateAnd(b.bits(shifted), b.integer(x, 3)), r.high, r.low};
}

// sin(r + low) and cos(r + low).
std::pair<Value*, Value*> sine_and_cosine(Lanes& b, const Reduced& x) {
  Value* z = b.mul(x.r, x.r);
  Value* sine = b.fma(b.mul(z, x.r), b.polynomial(z, kSin), b.fma(b.mul(z, x.low), -0.5, x.low));
  sine = b.add(x.r, sine);
  Value* half = b.mul(z, 0.5);
  Value* one = b.sub(b.real(z, 1.0), half);
  Value* lost = b.sub(b.sub(b.real(z, 1.0), one), half);
  Value* cosine = b.fma(b.mul(z, z), b.polynomial(z, kCos), b.sub(lost, b.mul(x.r, x.low)));
  return {sine, b.add(one, cosine)};
}

Value* within_range(Lanes& b, Value* x, Value* result) {
  Value* inside = b.lt(b.abs(x), 0x1p20);
  return b.select(inside, result, b.real(x, std::numeric_limits<double>::quiet_NaN()));
}

Value* bit_of(Lanes& b, Value* quadrant, std::uint64_t bit) {
  return b.ir.CreateICmpNE(b.ir.CreateAnd(quadrant, b.integer(quadrant, bit)), b.integer(quadrant, 0));
}

Value* sine_at(Lanes& b, Value* x, std::uint64_t turn) {
  const Reduced parts = reduce(b, x);
  const auto [sine, cosine] = sine_and_cosine(b, parts);
  Value* quadrant = b.ir.CreateAdd(parts.quadrant, b.integer(x, turn));
  Value* value = b.select(bit_of(b, quadrant, 1), cosine, sine);
  return within_range(b, x, b.select(bit_of(b, quadrant, 2), b.neg(value), value));
}

}  // namespace

Value* emit_sin(Lanes& b, Value* x) {
  return b.select(b.lt(b.abs(x), 0x1p-30), x, sine_at(b, x, 0));
}

Value* emit_cos(Lanes& b, Value* x) {
  return sine_at(b, x, 1);
}

Value* emit_tan(Lanes& b, Value* x) {
  const Reduced parts = reduce(b, x);
  const auto [sine, cosine] = sine_and_cosine(b, parts);
  Value* turned = bit_of(b, parts.quadrant, 1);
  Value* tangent = b.div(b.select(turned, b.neg(cosine), sine), b.select(turned, sine, cosine));
  return b.select(b.lt(b.abs(x), 0x1p-30), x, within_range(b, x, tangent));
}

}  // namespace lacuna::codegen::math
