// Functions that are what is left when large parts have cancelled: written so that nothing cancels.
#include <limits>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kHalfLog2Pi = 0.91893853320467274178;
constexpr int kShift = 8;

// log1p(x) - x for -1/3 <= s <= 1/3: with s = x / (2 + x) it is s (s^2 p - x), p = (2 atanh(s) / s - 2) / s^2.
Value* near_log1pmx(Lanes& b, Value* x) {
  Value* s = b.div(x, b.add(x, 2.0));
  Value* z = b.mul(s, s);
  return b.mul(s, b.fma(z, b.polynomial(z, kLogWide), b.neg(x)));
}

// (x + 1) ... (x + 7) and its derivative.
Pair product_above(Lanes& b, Value* x) {
  Value* p = b.add(x, 1.0);
  Value* slope = b.real(x, 1.0);
  for (int i = 2; i < kShift; ++i) {
    Value* factor = b.add(x, i);
    slope = b.fma(slope, factor, p);
    p = b.mul(p, factor);
  }
  return {p, slope};
}

// What lgamma_excess and digamma_excess share for one x: y = x, from 8 on, or x + 8, with one division for 1 / y and 1 / p.
struct Excess {
  Value* small;
  Value* y;
  Value* p;        // (x + 1) ... (x + 7) where x is small, else 1
  Value* slope;    // p' where x is small, else 0
  Value* inverse;  // 1 / y
  Value* steps;    // p' / p
  Value* ratio;    // log(y / x); infinite at 0
};

Excess excess(Lanes& b, Value* x) {
  Excess e{};
  e.small = b.lt(x, kShift);
  e.y = b.select(e.small, b.add(x, kShift), x);
  const Pair above = product_above(b, x);
  e.p = b.select(e.small, above.high, 1.0);
  e.slope = b.select(e.small, above.low, 0.0);
  Value* both = b.div(b.real(x, 1.0), b.mul(e.y, e.p));
  e.inverse = b.mul(both, e.p);
  e.steps = b.mul(e.slope, b.mul(both, e.y));
  const Split of_x = emit_split(b, x), of_y = emit_split(b, e.y);
  e.ratio = emit_log_ratio(b, of_y, of_x, b.div(b.sub(of_y.m, of_x.m), b.add(of_y.m, of_x.m)));
  e.ratio = b.select(b.eq(x, 0.0), kInfinity, e.ratio);
  return e;
}

// What kl_div and log_ratio share: with d = m - x it is s = d / (m + x) near m = x, else that of the mantissas.
struct Comparison {
  Value* d;
  Value* is_near;
  Split of_x;
  Split of_m;
  Value* s;
};

Comparison compare(Lanes& b, Value* x, Value* m) {
  Comparison c{};
  c.d = b.sub(m, x);
  c.is_near = b.lt(b.abs(c.d), b.mul(x, 0.5));
  c.of_x = emit_split(b, x), c.of_m = emit_split(b, m);
  c.s = b.div(b.select(c.is_near, c.d, b.sub(c.of_x.m, c.of_m.m)), b.select(c.is_near, b.add(m, x), b.add(c.of_x.m, c.of_m.m)));
  return c;
}

}  // namespace

Value* emit_log1pmx(Lanes& b, Value* x) {
  Value* far = b.sub(emit_log1p(b, x), x);
  far = b.select(b.eq(x, kInfinity), -kInfinity, far);
  return b.select(b.lt(b.abs(x), 0.5), near_log1pmx(b, x), far);
}

Value* emit_xlogy(Lanes& b, Value* x, Value* y) {
  return b.select(b.eq(x, 0.0), 0.0, b.mul(x, emit_log(b, y)));
}

Value* emit_xlog1py(Lanes& b, Value* x, Value* y) {
  return b.select(b.eq(x, 0.0), 0.0, b.mul(x, emit_log1p(b, y)));
}

// x log(x / m) - x + m. Near m = x, with d = m - x and s = d / (m + x): s (d - x s^2 p), as in near_log1pmx of d / x; else
// from the logarithm. One division serves both.
Value* emit_kl_div(Lanes& b, Value* x, Value* m) {
  const Comparison c = compare(b, x, m);
  Value* z = b.mul(c.s, c.s);
  Value* near = b.mul(c.s, b.fma(b.neg(b.mul(x, z)), b.polynomial(z, kLogWide), c.d));
  Value* far = b.fma(x, emit_log_ratio(b, c.of_x, c.of_m, c.s), c.d);
  Value* result = b.select(c.is_near, near, far);
  Value* infinite = b.ir.CreateOr(b.eq(x, kInfinity), b.eq(m, kInfinity));
  result = b.select(b.ir.CreateOr(b.eq(m, 0.0), infinite), kInfinity, result);
  result = b.select(b.ir.CreateAnd(b.ge(x, 0.0), b.ge(m, 0.0)), result, kNan);
  return b.select(b.eq(x, 0.0), m, result);
}

// log(x / m), relatively accurate near m = x, and where the quotient would over- or underflow: -2 atanh(s) near, else from
// exponents and mantissas. NaN below 0 and where both are 0 or inf.
Value* emit_log_of_ratio(Lanes& b, Value* x, Value* m) {
  const Comparison c = compare(b, x, m);
  Value* z = b.mul(c.s, c.s);
  Value* near = b.neg(b.fma(b.mul(c.s, z), b.polynomial(z, kLogWide), b.add(c.s, c.s)));
  Value* result = b.select(c.is_near, near, emit_log_ratio(b, c.of_x, c.of_m, c.s));
  Value* x_at_edge = b.ir.CreateOr(b.eq(x, 0.0), b.eq(m, kInfinity));
  Value* m_at_edge = b.ir.CreateOr(b.eq(m, 0.0), b.eq(x, kInfinity));
  result = b.select(x_at_edge, -kInfinity, result);
  result = b.select(m_at_edge, b.select(x_at_edge, kNan, b.real(x, kInfinity)), result);
  return b.select(b.ir.CreateAnd(b.ge(x, 0.0), b.ge(m, 0.0)), result, kNan);
}

// lgamma(x + 1) - x log(x) + x: Stirling's series from 8 on, where the main parts cancel by hand; below, at y = x + 8, where
// with p = (x + 1) ... (x + 7) it is x log(y / x) - log((p / y^7)^2 / y) / 2 and the series.
Value* emit_lgamma_excess(Lanes& b, Value* x) {
  const Excess e = excess(b, x);
  Value* square = b.mul(e.inverse, e.inverse);
  Value* series = b.mul(b.polynomial(square, kStirling), e.inverse);
  Value* share = b.mul(e.p, b.mul(b.mul(b.mul(square, square), square), e.inverse));
  Value* half = b.mul(emit_log_of_normal(b, b.select(e.small, b.mul(b.mul(share, share), e.inverse), e.y)), 0.5);
  Value* raised = b.sub(b.fma(x, e.ratio, b.neg(half)), kShift);
  Value* result = b.add(b.select(e.small, raised, half), b.add(series, kHalfLog2Pi));
  result = b.select(b.eq(x, 0.0), 0.0, result);
  result = b.select(b.eq(x, kInfinity), x, result);
  return b.select(b.ge(x, 0.0), result, kNan);
}

// digamma(x + 1) - log(x).
Value* emit_digamma_excess(Lanes& b, Value* x) {
  const Excess e = excess(b, x);
  Value* w = b.mul(e.inverse, e.inverse);
  Value* series = b.mul(b.polynomial(w, kDigamma), w);
  Value* half = b.mul(e.inverse, 0.5);
  Value* raised = b.sub(b.sub(e.ratio, half), b.add(series, e.steps));
  Value* result = b.select(e.small, raised, b.sub(half, series));
  return b.select(b.ge(x, 0.0), result, kNan);
}

}  // namespace lacuna::codegen::math
