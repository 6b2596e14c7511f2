#include <iterator>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

constexpr double kRootHalf = 0.70710678118654752;

// exp(x^2) erfc(x) for x >= 0: a polynomial in (x - 3.75) / (x + 3.75) over 1 + 2 x (Shepherd and Laframboise, 1981,
// show that one polynomial serves the whole half line).
Value* scaled_erfc(Lanes& b, Value* x) {
  Value* bounded = b.at_most(x, 0x1p500);
  Value* sum = b.add(bounded, 3.75);
  Value* wide = b.fma(bounded, b.real(x, 2.0), 1.0);
  Value* inverse = b.div(b.real(x, 1.0), b.mul(sum, wide));  // one division for both
  Value* t = b.mul(b.mul(b.sub(bounded, 3.75), wide), inverse);
  return b.mul(b.polynomial(t, kErfcx), b.mul(sum, inverse));
}

// exp(-factor x^2) with the square's rounding error carried along; factor is a power of two.
Value* gaussian(Lanes& b, Value* x, double factor) {
  Value* bounded = b.at_most(x, 64.0);
  const Pair square = b.product(bounded, bounded);
  Value* e = emit_exp(b, b.mul(square.high, -factor));
  return b.fma(b.mul(e, -factor), square.low, e);
}

// Without exp(-x^2): erf(x) for |x| <= 1.
Value* small_erf(Lanes& b, Value* x) {
  return b.mul(x, b.polynomial(b.mul(x, x), kErf));
}

}  // namespace

Value* emit_erf(Lanes& b, Value* x) {
  Value* magnitude = b.abs(x);
  Value* tail = b.mul(gaussian(b, magnitude, 1.0), scaled_erfc(b, magnitude));
  Value* far = b.copysign(b.sub(b.real(x, 1.0), tail), x);
  return b.select(b.gt(magnitude, 1.0), far, small_erf(b, x));
}

Value* emit_erfc(Lanes& b, Value* x) {
  Value* magnitude = b.abs(x);
  Value* tail = b.mul(gaussian(b, magnitude, 1.0), scaled_erfc(b, magnitude));
  Value* far = b.select(b.lt(x, 0.0), b.sub(b.real(x, 2.0), tail), tail);
  return b.select(b.gt(magnitude, 0.5), far, b.sub(b.real(x, 1.0), small_erf(b, x)));
}

// erfc(-x / sqrt(2)) / 2; the exponential takes x itself, so that the tail stays right to the last digits.
Value* emit_normal_cdf(Lanes& b, Value* x) {
  Value* magnitude = b.abs(x);
  Value* scaled = scaled_erfc(b, b.mul(magnitude, kRootHalf));
  Value* tail = b.mul(b.mul(gaussian(b, magnitude, 0.5), 0.5), scaled);
  Value* far = b.select(b.gt(x, 0.0), b.sub(b.real(x, 1.0), tail), tail);
  Value* near = b.fma(small_erf(b, b.mul(x, kRootHalf)), 0.5, b.real(x, 0.5));
  return b.select(b.gt(magnitude, 0.5), far, near);
}

// Below -1: -x^2 / 2 + log(erfcx(-x / sqrt(2)) / 2); above: log1p of minus the upper tail.
Value* emit_normal_log_cdf(Lanes& b, Value* x) {
  Value* magnitude = b.abs(x);
  Value* half_scaled = b.mul(scaled_erfc(b, b.mul(magnitude, kRootHalf)), 0.5);
  Value* low = b.lt(x, -1.0);
  Value* upper = b.mul(gaussian(b, magnitude, 0.5), half_scaled);
  Value* near = b.select(b.lt(x, 0.0), b.sub(upper, 1.0), b.neg(upper));  // cdf - 1
  Value* shift = b.select(low, b.mul(b.mul(x, x), -0.5), 0.0);
  return b.add(shift, emit_log1p(b, b.select(low, b.sub(half_scaled, 1.0), near)));
}

// By the smaller tail q = min(p, 1 - p): odd polynomial near 1/2, else of sqrt(-log q) in four pieces.
Value* emit_normal_quantile(Lanes& b, Value* p) {
  Value* upper = b.gt(p, 0.5);
  Value* q = b.select(upper, b.sub(b.real(p, 1.0), p), p);
  Value* offset = b.sub(p, 0.5);
  Value* near = b.mul(offset, b.polynomial(b.mul(offset, offset), kQuantileCentre));
  Value* r = b.sqrt(b.neg(emit_log(b, q)));
  const double bounds[] = {1.26, 2.8, 6, 13, 27.5};
  const std::span<const double> pieces[] = {kQuantileTail1, kQuantileTail2, kQuantileTail3, kQuantileTail4};
  Value* beyond[] = {b.gt(r, bounds[1]), b.gt(r, bounds[2]), b.gt(r, bounds[3])};
  auto pick = [&](auto of_piece) {
    Value* chosen = b.real(p, of_piece(0));
    for (int i = 0; i < 3; ++i) chosen = b.select(beyond[i], of_piece(i + 1), chosen);
    return chosen;
  };
  Value* t = b.fma(r, pick([&](int i) { return 2 / (bounds[i + 1] - bounds[i]); }),
                   pick([&](int i) { return -(bounds[i + 1] + bounds[i]) / (bounds[i + 1] - bounds[i]); }));
  Value* tail = pick([&](int i) { return pieces[i].back(); });
  for (std::size_t k = pieces[0].size() - 1; k-- > 0;) {
    tail = b.fma(tail, t, pick([&](int i) { return pieces[i][k]; }));
  }
  tail = b.select(b.eq(q, 0.0), b.neg(emit_log(b, q)), tail);  // infinite at 0 and 1
  Value* far = b.select(upper, tail, b.neg(tail));
  Value* result = b.select(b.le(b.abs(offset), 0.3), near, far);
  return b.select(b.ge(q, 0.0), result, b.sub(r, r));  // NaN outside [0, 1]: r is
}

}  // namespace lacuna::codegen::math
