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
  Value* d = b.sub(m, x);
  Value* is_near = b.lt(b.abs(d), b.mul(x, 0.5));
  const Split of_x = emit_split(b, x), of_m = emit_split(b, m);
  Value* s = b.div(b.select(is_near, d, b.sub(of_x.m, of_m.m)), b.select(is_near, b.add(m, x), b.add(of_x.m, of_m.m)));
  Value* z = b.mul(s, s);
  Value* near = b.mul(s, b.fma(b.neg(b.mul(x, z)), b.polynomial(z, kLogWide), d));
  Value* far = b.fma(x, emit_log_ratio(b, of_x, of_m, s), d);
  Value* result = b.select(is_near, near, far);
  Value* infinite = b.ir.CreateOr(b.eq(x, kInfinity), b.eq(m, kInfinity));
  result = b.select(b.ir.CreateOr(b.eq(m, 0.0), infinite), kInfinity, result);
  result = b.select(b.ir.CreateAnd(b.ge(x, 0.0), b.ge(m, 0.0)), result, kNan);
  return b.select(b.eq(x, 0.0), m, result);
}

// lgamma(x + 1) - x log(x) + x: Stirling's series from 8 on, where the main parts cancel by hand; below, at y = x + 8.
Value* emit_lgamma_excess(Lanes& b, Value* x) {
  Value* small = b.lt(x, kShift);
  Value* y = b.select(small, b.add(x, kShift), x);
  Value* log = emit_log(b, y);
  Value* inverse = b.div(b.real(x, 1.0), y);
  Value* series = b.mul(b.polynomial(b.mul(inverse, inverse), kStirling), inverse);
  Value* steps = emit_log(b, b.select(small, product_above(b, x).high, 1.0));
  Value* raised = b.sub(b.sub(b.mul(b.sub(y, 0.5), log), steps), b.add(emit_xlogy(b, x, x), kShift));
  Value* result = b.add(b.select(small, raised, b.mul(log, 0.5)), b.add(series, kHalfLog2Pi));
  result = b.select(b.eq(x, 0.0), 0.0, result);
  result = b.select(b.eq(x, kInfinity), x, result);
  return b.select(b.ge(x, 0.0), result, kNan);
}

// digamma(x + 1) - log(x).
Value* emit_digamma_excess(Lanes& b, Value* x) {
  Value* small = b.lt(x, kShift);
  Value* y = b.select(small, b.add(x, kShift), x);
  Value* inverse = b.div(b.real(x, 1.0), y);
  Value* w = b.mul(inverse, inverse);
  Value* series = b.mul(b.polynomial(w, kDigamma), w);
  const Pair above = product_above(b, x);
  // log(y / x), for y = x + 8; infinite at 0.
  const Split of_x = emit_split(b, x), of_y = emit_split(b, y);
  Value* ratio = emit_log_ratio(b, of_y, of_x, b.div(b.sub(of_y.m, of_x.m), b.add(of_y.m, of_x.m)));
  ratio = b.select(b.eq(x, 0.0), kInfinity, ratio);
  Value* steps = b.select(small, b.div(above.low, above.high), 0.0);
  Value* half = b.mul(inverse, 0.5);
  Value* raised = b.sub(b.sub(ratio, half), b.add(series, steps));
  Value* result = b.select(small, raised, b.sub(half, series));
  return b.select(b.ge(x, 0.0), result, kNan);
}

}  // namespace lacuna::codegen::math
