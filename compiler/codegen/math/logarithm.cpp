#include <cmath>
#include <limits>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

constexpr double kLog2High = 0x1.62e42feep-1;  // 32 bits: k times it is exact
constexpr double kLog2Low = 0x1.a39ef35793c76p-33;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Split split(Lanes& b, Value* x) {
  constexpr std::uint64_t kRootHalf = 0x3fe6a09e667f3bcd;
  Value* shifted = b.ir.CreateAdd(b.bits(x), b.integer(x, 0x3ff0000000000000 - kRootHalf));
  Value* biased = b.ir.CreateLShr(shifted, b.integer(x, 52));  // k + 1023
  Value* m =
      b.from_bits(b.ir.CreateAdd(b.ir.CreateAnd(shifted, b.integer(x, 0x000fffffffffffff)), b.integer(x, kRootHalf)));
  // An integer below 2^52 becomes a double by setting the exponent of 2^52 above it.
  Value* k = b.sub(b.from_bits(b.ir.CreateOr(biased, b.integer(x, 0x4330000000000000))), 0x1p52 + 1023);
  Value* inverse = b.from_bits(b.ir.CreateShl(b.ir.CreateSub(b.integer(x, 2046), biased), b.integer(x, 52)));
  return {m, k, inverse};
}

}  // namespace

Split emit_split(Lanes& b, Value* x) {
  Value* small = b.lt(x, 0x1p-1022);
  Split parts = split(b, b.select(small, b.mul(x, 0x1p54), x));
  parts.k = b.select(small, b.sub(parts.k, 54.0), parts.k);
  return parts;
}

namespace {

// log(1 + f) = f - s (f - z p), s = f / (2 + f), z = s^2, p = (2 atanh(s) / s - 2) / z; this is s (f - z p).
Value* log1p_remainder(Lanes& b, Value* f, std::span<const double> coefficients) {
  Value* s = b.div(f, b.add(f, 2.0));
  Value* z = b.mul(s, s);
  Value* p = b.polynomial(z, coefficients);
  return b.mul(s, b.fma(b.neg(z), p, f));
}

Value* log_of_split(Lanes& b, Value* f, Value* k) {
  Value* low = b.fma(k, kLog2Low, b.neg(log1p_remainder(b, f, kLog)));
  const Pair high = b.quick_sum(b.mul(k, kLog2High), f);
  Value* at_zero = b.add(f, low);
  return b.select(b.eq(k, 0.0), at_zero, b.add(high.high, b.add(high.low, low)));
}

// What log does outside (0, inf); `operand` decides.
Value* with_edges(Lanes& b, Value* operand, Value* result) {
  result = b.select(b.lt(operand, kInfinity), result, operand);  // inf and NaN
  Value* outside = b.select(b.eq(operand, 0.0), -kInfinity, b.real(operand, kNan));
  return b.select(b.ir.CreateFCmpOLE(operand, b.real(operand, 0.0)), outside, result);
}

}  // namespace

Value* emit_log_of_normal(Lanes& b, Value* x) {
  const Split parts = split(b, x);
  return log_of_split(b, b.sub(parts.m, 1.0), parts.k);
}

Value* emit_log(Lanes& b, Value* x) {
  const Split parts = emit_split(b, x);
  return with_edges(b, x, log_of_split(b, b.sub(parts.m, 1.0), parts.k));
}

Value* emit_log1p(Lanes& b, Value* x) {
  const Pair u = b.sum(b.real(x, 1.0), x);
  const Split parts = split(b, u.high);
  Value* correction = b.mul(u.low, parts.inverse_power);
  correction = b.select(b.lt(b.abs(x), 0x1p60), correction, 0.0);
  Value* f = b.add(b.sub(parts.m, 1.0), correction);
  return with_edges(b, u.high, b.select(b.lt(b.abs(x), 0x1p-54), x, log_of_split(b, f, parts.k)));
}

// k log 2 + 2 s + s^3 p, with the mantissas' s = (mx - my) / (mx + my).
Value* emit_log_ratio(Lanes& b, const Split& x, const Split& y, Value* s) {
  Value* z = b.mul(s, s);
  Value* k = b.sub(x.k, y.k);
  Value* low = b.fma(b.mul(s, z), b.polynomial(z, kLogWide), b.mul(k, kLog2Low));
  return b.fma(k, kLog2High, b.add(b.add(s, s), low));
}

Value* emit_log1p_of_unit(Lanes& b, Value* x) {
  return b.sub(x, log1p_remainder(b, x, kLogWide));
}

// log(1 - exp(x)), x < 0: of u = -expm1(x) where exp(x) > 1/2, else log1p(-exp(x)), through one logarithm.
Value* emit_log1mexp(Lanes& b, Value* x) {
  Value* near = b.gt(x, -0.6931471805599453);
  Value* e = emit_exp(b, x);
  const Pair far = b.sum(b.real(x, 1.0), b.neg(e));
  Value* u = b.select(near, b.neg(emit_expm1(b, x)), far.high);
  Value* low = b.select(near, 0.0, far.low);
  const Split parts = emit_split(b, u);
  Value* f = b.fma(low, parts.inverse_power, b.sub(parts.m, 1.0));
  Value* result = b.select(b.lt(x, -40.0), b.neg(e), log_of_split(b, f, parts.k));
  return with_edges(b, u, result);
}

// log(m) for m near 1 to 68 bits: 2 atanh(s) with s in two parts, the cubic term in two parts, the rest in one.
Pair emit_long_log(Lanes& b, Value* x) {
  const Split parts = emit_split(b, x);
  Value* f = b.sub(parts.m, 1.0);  // exact
  const Pair denominator = b.quick_sum(b.real(x, 2.0), f);
  Value* s = b.div(f, denominator.high);
  const Pair back = b.product(s, denominator.high);
  Value* rest = b.sub(b.sub(b.sub(f, back.high), back.low), b.mul(s, denominator.low));
  Value* s_low = b.div(rest, denominator.high);
  const Pair z = b.product(s, s);
  Value* z_low = b.fma(b.add(s, s), s_low, z.low);
  // s z (2/3 + z q), q from the fifth power on
  Value* q = b.polynomial(z.high, kLogFifth);
  const Pair third = b.product(z.high, b.real(x, 2.0 / 3));
  Value* third_low = b.fma(z_low, 2.0 / 3, b.fma(z.high, 0x1.5555555555555p-55, third.low));
  const Pair bracket = b.quick_sum(third.high, b.fma(b.mul(z.high, z.high), q, third_low));
  const Pair cubic = b.product(s, bracket.high);
  Value* cubic_low = b.fma(s, bracket.low, b.fma(s_low, bracket.high, cubic.low));
  const Pair with_linear = b.quick_sum(b.add(s, s), cubic.high);
  Value* low = b.add(with_linear.low, b.add(cubic_low, b.add(s_low, s_low)));
  // k log 2: its high part has 32 bits
  const Pair total = b.sum(b.mul(parts.k, kLog2High), with_linear.high);
  constexpr double kLog2Mid = 0x1.a39efp-33, kLog2Tail = 0x1.abc9e3b39803fp-56;  // log 2 = high + mid + tail
  low = b.add(low, b.fma(parts.k, kLog2Tail, total.low));
  const Pair mid = b.sum(b.mul(parts.k, kLog2Mid), total.high);
  return b.quick_sum(mid.high, b.add(mid.low, low));
}

}  // namespace lacuna::codegen::math
