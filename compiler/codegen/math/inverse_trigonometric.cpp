#include <limits>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

constexpr double kHalfPi = 0x1.921fb54442d18p+0;
constexpr double kHalfPiLow = 0x1.1a62633145c07p-54;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// atan(numerator / denominator) for numerator >= 0, denominator >= 0, not both zero or infinite. The quotient t is
// turned into (t - 1) / (t + 1) above tan(pi / 8) and into -1 / t above tan(3 pi / 8), with one division.
Value* atan_of_quotient(Lanes& b, Value* numerator, Value* denominator) {
  Value* middle = b.ir.CreateFCmpOGT(numerator, b.mul(denominator, 0.41421356237309503));
  Value* high = b.ir.CreateFCmpOGT(numerator, b.mul(denominator, 2.4142135623730951));
  Value* top = b.select(high, b.neg(denominator), b.select(middle, b.sub(numerator, denominator), numerator));
  Value* bottom = b.select(high, numerator, b.select(middle, b.add(numerator, denominator), denominator));
  Value* t = b.div(top, bottom);
  Value* z = b.mul(t, t);
  Value* angle = b.fma(b.mul(t, z), b.polynomial(z, kAtan), t);
  Value* base = b.select(high, b.real(t, kHalfPi), b.select(middle, b.real(t, kHalfPi / 2), 0.0));
  Value* low = b.select(high, b.real(t, kHalfPiLow), b.select(middle, b.real(t, kHalfPiLow / 2), 0.0));
  return b.add(base, b.add(angle, low));
}

// (asin(s) - s) for 0 <= s <= 1/2, z = s^2.
Value* asin_excess(Lanes& b, Value* s, Value* z) {
  return b.mul(b.mul(s, z), b.polynomial(z, kAsin));
}

}  // namespace

Value* emit_atan(Lanes& b, Value* x) {
  return b.copysign(atan_of_quotient(b, b.abs(x), b.real(x, 1.0)), x);
}

// The angle of the point (x, y), in (-pi, pi].
Value* emit_atan2(Lanes& b, Value* y, Value* x) {
  Value* infinite = b.ir.CreateAnd(b.eq(b.abs(x), kInfinity), b.eq(b.abs(y), kInfinity));
  Value* zero = b.ir.CreateAnd(b.eq(x, 0.0), b.eq(y, 0.0));
  // Both are brought away from overflow and underflow; infinities that meet are equals, zeros give 0 or pi.
  Value* ay = b.select(infinite, 1.0, b.abs(y));
  Value* ax = b.select(zero, 1.0, b.select(infinite, 1.0, b.abs(x)));
  Value* large = b.ir.CreateOr(b.gt(ax, 0x1p1020), b.gt(ay, 0x1p1020));
  Value* small = b.ir.CreateAnd(b.lt(ax, 0x1p-900), b.lt(ay, 0x1p-900));
  Value* factor = b.select(large, 0x1p-4, b.select(small, b.real(x, 0x1p120), 1.0));
  Value* angle = atan_of_quotient(b, b.mul(ay, factor), b.mul(ax, factor));
  Value* behind = b.ir.CreateICmpSLT(b.bits(x), b.integer(x, 0));
  Value* turned = b.add(b.sub(b.real(x, 2 * kHalfPi), angle), 2 * kHalfPiLow);
  return b.copysign(b.select(behind, turned, angle), y);
}

// Above 1/2: asin(x) = pi / 2 - 2 asin(sqrt((1 - x) / 2)).
Value* emit_asin(Lanes& b, Value* x) {
  Value* magnitude = b.abs(x);
  Value* far = b.gt(magnitude, 0.5);
  Value* z = b.select(far, b.mul(b.sub(b.real(x, 1.0), magnitude), 0.5), b.mul(x, x));
  Value* s = b.select(far, b.sqrt(z), magnitude);
  Value* excess = asin_excess(b, s, z);
  Value* turned = b.sub(b.real(x, kHalfPi), b.sub(b.add(b.add(s, s), b.add(excess, excess)), kHalfPiLow));
  return b.copysign(b.select(far, turned, b.add(s, excess)), x);
}

// acos(x) = pi / 2 - asin(x) near 0, 2 asin(sqrt((1 - x) / 2)) above 1/2, pi minus that of -x below -1/2.
Value* emit_acos(Lanes& b, Value* x) {
  Value* magnitude = b.abs(x);
  Value* far = b.gt(magnitude, 0.5);
  Value* z = b.select(far, b.mul(b.sub(b.real(x, 1.0), magnitude), 0.5), b.mul(x, x));
  Value* s = b.select(far, b.sqrt(z), x);
  Value* excess = asin_excess(b, s, z);
  Value* near = b.sub(b.real(x, kHalfPi), b.sub(s, b.sub(b.real(x, kHalfPiLow), excess)));
  Value* twice = b.add(b.add(s, s), b.add(excess, excess));
  Value* below = b.sub(b.real(x, 2 * kHalfPi), b.sub(twice, 2 * kHalfPiLow));
  return b.select(far, b.select(b.lt(x, 0.0), below, twice), near);
}

}  // namespace lacuna::codegen::math
