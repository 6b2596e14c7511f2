#include <limits>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPi = 0x1.921fb54442d18p+1;
constexpr int kShift = 8;  // the asymptotic series serve from here on

// x or x + 8, and what the eight steps of the recurrence cost: p = x (x + 1) ... (x + 7) with derivatives, or 1, 0, 0.
struct Shifted {
  Value* y;
  Value* p;
  Value* first;   // p'
  Value* second;  // p'' / 2
};

Shifted shift(Lanes& b, Value* x, int derivatives) {
  Value* small = b.lt(x, kShift);
  Value *p = x, *first = b.real(x, 1.0), *second = b.real(x, 0.0);
  for (int i = 1; i < kShift; ++i) {
    Value* factor = b.add(x, i);
    if (derivatives > 1) second = b.fma(second, factor, first);
    if (derivatives > 0) first = b.fma(first, factor, p);
    p = b.mul(p, factor);
  }
  return {b.select(small, b.add(x, kShift), x), b.select(small, p, 1.0), b.select(small, first, 0.0),
          b.select(small, second, 0.0)};
}

// Stirling's formula, for x > 0.
Value* positive_lgamma(Lanes& b, Value* x) {
  const Shifted s = shift(b, x, 0);
  Value* log = emit_log_of_normal(b, b.at_most(s.y, 0x1.fffffffffffffp+1023));
  Value* inverse = b.div(b.real(x, 1.0), s.y);
  Value* series = b.mul(b.polynomial(b.mul(inverse, inverse), kStirling), inverse);
  Value* main = b.mul(b.sub(s.y, 0.5), b.sub(log, 1.0));
  return b.add(main, b.sub(b.add(series, 0.41893853320467274178), emit_log(b, s.p)));  // log(2 pi) / 2 - 1/2
}

// sin(pi x) and cos(pi x) up to a common sign, from the distance to the nearest integer.
struct Turn {
  Value* sine;
  Value* cosine;
};
Turn turn(Lanes& b, Value* x) {
  Value* r = b.sub(x, b.round_even(x));
  Value* z = b.mul(r, r);
  Value* sine = b.mul(r, b.fma(z, b.polynomial(z, kSinPi), kPi));
  return {sine, b.fma(z, b.polynomial(z, kCosPi), 1.0)};
}

}  // namespace

// Below 1/2 by reflection: log(pi / |sin(pi x)|) - lgamma(1 - x); infinite at the poles.
Value* emit_lgamma(Lanes& b, Value* x) {
  Value* reflected = b.lt(x, 0.0);
  Value* direct = positive_lgamma(b, b.select(reflected, b.sub(b.real(x, 1.0), x), x));
  Value* sine = b.abs(turn(b, x).sine);
  Value* mirror = b.sub(b.sub(b.real(x, 1.1447298858494001741), emit_log(b, sine)), direct);
  Value* result = b.select(reflected, mirror, direct);
  return b.select(b.eq(b.abs(x), kInfinity), b.abs(x), result);
}

// log(y) - 1 / (2 y) - series - p' / p; below 0: digamma(1 - x) - pi cot(pi x).
Value* emit_digamma(Lanes& b, Value* x) {
  Value* reflected = b.lt(x, 0.0);
  Value* argument = b.select(reflected, b.sub(b.real(x, 1.0), x), x);
  const Shifted s = shift(b, argument, 1);
  Value* inverse = b.div(b.real(x, 1.0), s.y);
  Value* w = b.mul(inverse, inverse);
  Value* log = emit_log_of_normal(b, b.at_most(s.y, 0x1.fffffffffffffp+1023));
  Value* tail = b.fma(inverse, b.real(x, 0.5), b.mul(b.polynomial(w, kDigamma), w));
  Value* direct = b.sub(b.sub(log, tail), b.div(s.first, s.p));
  const Turn t = turn(b, x);
  Value* mirror = b.sub(direct, b.div(b.mul(t.cosine, kPi), t.sine));
  mirror = b.select(b.eq(t.sine, 0.0), std::numeric_limits<double>::quiet_NaN(), mirror);
  Value* result = b.select(reflected, mirror, direct);
  return b.select(b.eq(x, kInfinity), x, result);
}

// 1 / y + 1 / (2 y^2) + series + (p'^2 - p p'') / p^2; below 0: (pi / sin(pi x))^2 - trigamma(1 - x).
Value* emit_trigamma(Lanes& b, Value* x) {
  Value* reflected = b.lt(x, 0.0);
  const Shifted s = shift(b, b.select(reflected, b.sub(b.real(x, 1.0), x), x), 2);
  Value* inverse = b.div(b.real(x, 1.0), s.y);
  Value* w = b.mul(inverse, inverse);
  Value* series = b.fma(b.mul(w, inverse), b.polynomial(w, kTrigamma), b.fma(w, b.real(x, 0.5), inverse));
  Value* ratio = b.div(s.first, s.p);
  Value* recurrence = b.fma(ratio, ratio, b.mul(b.div(s.second, s.p), -2.0));
  Value* direct = b.add(series, recurrence);
  Value* cosecant = b.div(b.real(x, kPi), turn(b, x).sine);
  Value* result = b.select(reflected, b.sub(b.mul(cosecant, cosecant), direct), direct);
  return b.select(b.eq(x, 0.0), kInfinity, result);
}

}  // namespace lacuna::codegen::math
