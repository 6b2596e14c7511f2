#include <limits>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

// lgamma(y) minus Stirling's main part, for y >= 8.
Value* stirling_rest(Lanes& b, Value* y) {
  Value* inverse = b.div(b.real(y, 1.0), y);
  return b.mul(b.polynomial(b.mul(inverse, inverse), kStirling), inverse);
}

// x (x + 1) ... (x + n - 1), each factor times `unit`.
Value* rising(Lanes& b, Value* x, int n, Value* unit) {
  Value* product = b.mul(x, unit);
  for (int i = 1; i < n; ++i) product = b.mul(product, b.mul(b.add(x, i), unit));
  return product;
}

}  // namespace

// log(G(s) G(t) / G(s + t)) without the cancellation of three large logarithms. With s <= t, both raised by 8 where
// they are below 8 to y and z, w = y + z:
//   log(2 pi) / 2 + rest(y) + rest(z) - rest(w) + c log(y / w) - z log1p(y / z) - log(z) / 2 + what the raising costs,
// c = y - 1/2. Where only s is raised, 8 log(y / w) goes into the cost, so that nothing there grows with t.
Value* emit_lbeta(Lanes& b, Value* x, Value* other) {
  Value* ordered = b.ir.CreateFCmpOLT(other, x);
  Value* s = b.select(ordered, other, x);
  Value* t = b.select(ordered, x, other);
  Value* raise_s = b.lt(s, 8.0);
  Value* raise_t = b.lt(t, 8.0);
  Value* y = b.select(raise_s, b.add(s, 8.0), s);
  Value* z = b.select(raise_t, b.add(t, 8.0), t);
  Value* w = b.add(y, z);
  Value* sum = b.add(s, t);
  Value* one = b.real(x, 1.0);

  Value* unit = b.select(raise_t, one, b.div(one, w));
  Value* low_half = rising(b, sum, 8, unit);
  Value* both = b.mul(low_half, rising(b, b.add(sum, 8.0), 8, one));
  Value* y2 = b.mul(y, y);
  Value* y4 = b.mul(y2, y2);
  Value* only = b.mul(low_half, b.mul(y4, y4));
  Value* cost = b.select(raise_t, both, b.select(raise_s, only, 1.0));
  Value* raised = b.sub(emit_log_of_normal(b, cost), b.select(raise_s, emit_log(b, rising(b, s, 8, one)), 0.0));
  raised = b.sub(raised, b.select(raise_t, emit_log(b, rising(b, t, 8, one)), 0.0));

  Value* rest = b.sub(b.add(stirling_rest(b, y), stirling_rest(b, z)), stirling_rest(b, w));
  Value* only_s = b.ir.CreateAnd(raise_s, b.ir.CreateNot(raise_t));
  Value* c = b.sub(b.select(only_s, s, y), 0.5);
  Value* main = b.sub(b.mul(c, emit_log(b, b.div(y, w))), b.mul(z, emit_log1p(b, b.div(y, z))));
  Value* result = b.sub(main, b.mul(emit_log_of_normal(b, z), 0.5));
  result = b.add(result, b.add(b.add(rest, raised), 0.91893853320467274178));
  Value* edge = b.select(b.eq(s, 0.0), std::numeric_limits<double>::infinity(),
                         b.real(x, std::numeric_limits<double>::quiet_NaN()));
  return b.select(b.gt(s, 0.0), result, edge);
}

// -log(n + 1) - lbeta(n - k + 1, k + 1); -inf unless 0 <= k <= n.
Value* emit_log_choose(Lanes& b, Value* n, Value* k) {
  Value* rest = b.sub(n, k);
  Value* inside = b.ir.CreateAnd(b.ge(k, 0.0), b.ge(rest, 0.0));
  Value* value = b.neg(b.add(emit_log(b, b.add(n, 1.0)), emit_lbeta(b, b.add(rest, 1.0), b.add(k, 1.0))));
  Value* outside = b.select(b.is_nan(rest), rest, -std::numeric_limits<double>::infinity());
  return b.select(inside, value, outside);
}

}  // namespace lacuna::codegen::math
