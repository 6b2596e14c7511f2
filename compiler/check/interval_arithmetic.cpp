#include "compiler/check/interval_arithmetic.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace lacuna::check {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// One end of an interval.
struct End {
  double value;
  bool open;
};

End low(Interval a) { return {a.lo, a.lo_open}; }
End high(Interval a) { return {a.hi, a.hi_open}; }
Interval from(End lo, End hi) { return {lo.value, hi.value, lo.open, hi.open}; }

// The interval spanned by corners of which the extremes are among.
Interval span_of(std::initializer_list<End> corners) {
  End lo{kInf, true}, hi{-kInf, true};
  for (End e : corners) {
    if (std::isnan(e.value)) return Interval::all();
    if (e.value < lo.value || (e.value == lo.value && !e.open)) lo = e;
    if (e.value > hi.value || (e.value == hi.value && !e.open)) hi = e;
  }
  return from(lo, hi);
}

End add(End a, End b, double if_undefined) {
  const double sum = a.value + b.value;
  return {std::isnan(sum) ? if_undefined : sum, a.open || b.open};
}

End multiply(End a, End b) {
  if (a.value == 0 || b.value == 0) {
    // 0 is reached when some factor that is 0 is reached.
    const bool reached = (a.value == 0 && !a.open) || (b.value == 0 && !b.open);
    return {0, !reached};
  }
  return {a.value * b.value, a.open || b.open};
}

bool is_integer(double x) { return std::isfinite(x) && x == std::floor(x); }

// x ^ n for an integer n >= 0.
Interval integer_power(Interval a, double n) {
  if (n == 0) return Interval::point(1);
  const bool even = std::fmod(n, 2) == 0;
  const Interval base = even ? absolute(a) : a;
  return {std::pow(base.lo, n), std::pow(base.hi, n), base.lo_open, base.hi_open};
}

}  // namespace

Interval add(Interval a, Interval b) { return from(add(low(a), low(b), -kInf), add(high(a), high(b), kInf)); }

Interval negate(Interval a) { return {-a.hi, -a.lo, a.hi_open, a.lo_open}; }

Interval multiply(Interval a, Interval b) {
  return span_of({multiply(low(a), low(b)), multiply(low(a), high(b)), multiply(high(a), low(b)), multiply(high(a), high(b))});
}

Interval divide(Interval a, Interval b) {
  if (b.lo < 0 && b.hi > 0) return Interval::all();
  if (b.lo == 0 && b.hi == 0) return Interval::all();
  if (b.hi <= 0) return divide(negate(a), negate(b));
  // b > 0 but perhaps at its low end, where the quotient has no bound.
  const Interval reciprocal{b.hi == kInf ? 0 : 1 / b.hi, b.lo == 0 ? kInf : 1 / b.lo, b.hi_open || b.hi == kInf, b.lo_open};
  // At b = 0 itself the quotient is infinite or no number, whatever a is; only the sign of a is kept.
  return multiply(a, reciprocal);
}

Interval power(Interval a, Interval b) {
  if (b.is_point() && is_integer(b.lo)) {
    if (b.lo >= 0) return integer_power(a, b.lo);
    return divide(Interval::point(1), integer_power(a, -b.lo));
  }
  if (a.lo < 0) return Interval::all();
  const auto corner = [](End x, End y) {
    // Reached only when both are, except that 1 ^ y and x ^ 0 are 1 wherever the other end is.
    const bool open = (x.open || y.open) && !(x.value == 1 && !x.open) && !(y.value == 0 && !y.open);
    return End{std::pow(x.value + 0.0, y.value), open};  // -0 is 0 here
  };
  const Interval r =
      span_of({corner(low(a), low(b)), corner(low(a), high(b)), corner(high(a), low(b)), corner(high(a), high(b))});
  return b.lo <= 0 && b.hi >= 0 ? types::hull(r, Interval::point(1)) : r;
}

Interval modulo(Interval a, Interval b) {
  if (b.lo > 0 && b.lo == b.hi && a.lo >= 0 && a.hi < b.lo) return a;
  Interval r{std::min(b.lo, 0.0), std::max(b.hi, 0.0)};
  if (b.lo >= 0 && a.lo >= 0) r.hi = std::min(r.hi, a.hi);
  // The remainder of integers stops one short of the divisor.
  if (is_integer(b.hi) && b.hi > 0 && r.hi == b.hi) r.hi -= 1;
  if (is_integer(b.lo) && b.lo < 0 && r.lo == b.lo) r.lo += 1;
  return r;
}

Interval absolute(Interval a) {
  if (a.lo >= 0) return a;
  if (a.hi <= 0) return negate(a);
  const Interval n = negate(a);
  return from({0, false}, a.hi > n.hi || (a.hi == n.hi && !a.hi_open) ? high(a) : high(n));
}

Interval square(Interval a) {
  const Interval magnitude = absolute(a);
  return {magnitude.lo * magnitude.lo, magnitude.hi * magnitude.hi, magnitude.lo_open, magnitude.hi_open};
}

Interval smaller(Interval a, Interval b) {
  const auto least = [](End x, End y) { return x.value < y.value || (x.value == y.value && !x.open) ? x : y; };
  // The greatest value of min(a, b) is the lesser of the two greatest, and is not reached when that one is not.
  const auto lesser = [](End x, End y) { return x.value < y.value || (x.value == y.value && x.open) ? x : y; };
  return from(least(low(a), low(b)), lesser(high(a), high(b)));
}

Interval larger(Interval a, Interval b) { return negate(smaller(negate(a), negate(b))); }

}  // namespace lacuna::check
