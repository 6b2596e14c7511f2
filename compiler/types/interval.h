// Closed intervals of the extended real line, the domain in which supports are inferred.
//
// Arithmetic is outward-safe, not tight: every result contains all values the operation can take for operands in the
// given intervals. Whether an end is open is remembered for declared types (`positive` against `nonnegative`) and ignored
// when a support is shown (language.md section 3).
#pragma once
#include <limits>

namespace lacuna::types {

struct Interval {
  double lo = -std::numeric_limits<double>::infinity();
  double hi = std::numeric_limits<double>::infinity();
  bool lo_open = false;
  bool hi_open = false;

  static Interval point(double x) { return {x, x}; }
  static Interval all() { return {}; }
  static Interval nonnegative() { return {0, std::numeric_limits<double>::infinity()}; }
  static Interval positive() { return {0, std::numeric_limits<double>::infinity(), true, false}; }
  static Interval unit() { return {0, 1}; }

  bool is_point() const { return lo == hi; }
  bool is_all() const { return lo == -std::numeric_limits<double>::infinity() && hi == -lo; }
  bool operator==(const Interval&) const = default;
};

// The three outcomes of asking whether values known to lie in `inferred` lie in `required`.
enum class Outcome { Shown, Refuted, ToCheck };

// Shown: `inferred` is inside the closure of `required`. Refuted: no value of `inferred` is in `required`, open ends counted.
Outcome lies_in(Interval inferred, Interval required);

Interval hull(Interval a, Interval b);
// The part common to both; when there is none, an interval with lo > hi.
Interval intersect(Interval a, Interval b);

}  // namespace lacuna::types
