#include <cmath>
#include <limits>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

// log(2) in two parts; the first has 32 bits, so that its product with an integral |n| < 2^20 is exact.
constexpr double kLog2High = 0x1.62e42feep-1;
constexpr double kLog2Low = 0x1.a39ef35793c76p-33;
constexpr double kInverseLog2 = 0x1.71547652b82fep+0;

// exp(x) = 2^n (1 + r (1 + r p)), |r| <= log(2) / 2.
struct Reduced {
  Value* n;
  Value* r;
  Value* p;  // (exp(r) - 1 - r) / r^2
};

// One clamp and one polynomial for exp and what is exp less its first terms, so that they share both for one x.
Reduced reduce(Lanes& b, Value* x) {
  x = b.at_most(b.at_least(x, -746.0), 710.6);
  // Adding 1.5 * 2^52 rounds to an integer.
  Value* n = b.sub(b.fma(x, kInverseLog2, b.real(x, 0x1.8p52)), 0x1.8p52);
  Value* r = b.fma(n, -kLog2High, x);
  r = b.fma(n, -kLog2Low, r);
  return {n, r, b.short_polynomial(r, kExp)};
}

// (exp(x) - 1) / 4, finite wherever sinh(x) is: 2^(n-2) q + (2^(n-2) - 1/4), q = exp(r) - 1.
Value* quarter_expm1(Lanes& b, Value* x) {
  const Reduced e = reduce(b, x);
  Value* q = b.fma(b.mul(e.r, e.r), e.p, e.r);
  Value* power = b.scale(b.real(x, 0.25), e.n);
  return b.fma(power, q, b.sub(power, 0.25));
}

}  // namespace

Value* emit_exp(Lanes& b, Value* x) {
  const Reduced e = reduce(b, x);
  Value* rest = b.fma(b.mul(e.r, e.r), e.p, e.r);  // exp(r) - 1
  return b.scale(b.add(rest, 1.0), e.n);
}

Value* emit_expm1(Lanes& b, Value* x) {
  // Below 2^-54 the result is x, subnormal or not.
  return b.select(b.lt(b.abs(x), 0x1p-54), x, b.mul(quarter_expm1(b, x), 4.0));
}

// Near 0 the reduction leaves x as it is.
Value* emit_expm1mx(Lanes& b, Value* x) {
  const Reduced e = reduce(b, x);
  Value* far = b.sub(emit_expm1(b, x), x);
  far = b.select(b.eq(x, std::numeric_limits<double>::infinity()), x, far);
  return b.select(b.lt(b.abs(x), 0.34), b.mul(b.mul(e.r, e.r), e.p), far);
}

// With h = (exp(x) - 1) / 2: sinh(x) = h + h / (2 h + 1).
Value* emit_sinh(Lanes& b, Value* x) {
  Value* magnitude = b.abs(x);
  Value* h = b.mul(quarter_expm1(b, magnitude), 2.0);
  Value* result = b.add(h, b.div(h, b.add(b.add(h, h), 1.0)));
  result = b.select(b.gt(magnitude, 40.0), h, result);  // 2 h + 1 may be infinite
  result = b.select(b.lt(magnitude, 0x1p-30), magnitude, result);
  return b.copysign(result, x);
}

Value* emit_cosh(Lanes& b, Value* x) {
  const Reduced e = reduce(b, b.abs(x));
  Value* half = b.scale(b.mul(b.fma(e.r, b.fma(e.r, e.p, 1.0), 1.0), 0.5), e.n);
  return b.add(half, b.div(b.real(x, 0.25), half));
}

Value* emit_tanh(Lanes& b, Value* x) {
  Value* magnitude = b.abs(x);
  Value* t = b.mul(quarter_expm1(b, b.mul(magnitude, -2.0)), 2.0);  // (exp(-2|x|) - 1) / 2
  Value* result = b.div(b.neg(t), b.add(t, 1.0));
  result = b.select(b.lt(magnitude, 0x1p-30), magnitude, result);
  return b.copysign(result, x);
}

}  // namespace lacuna::codegen::math
