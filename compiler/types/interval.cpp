#include "compiler/types/interval.h"

#include <algorithm>

namespace lacuna::types {

Outcome lies_in(Interval inferred, Interval required) {
  if (inferred.lo >= required.lo && inferred.hi <= required.hi) {
    // A point on an open end is outside for certain: `Normal(0, 0)`.
    if (inferred.is_point() && ((required.lo_open && inferred.lo == required.lo) || (required.hi_open && inferred.hi == required.hi)))
      return Outcome::Refuted;
    return Outcome::Shown;
  }
  const bool below = inferred.hi < required.lo || (inferred.hi == required.lo && (required.lo_open || inferred.hi_open));
  const bool above = inferred.lo > required.hi || (inferred.lo == required.hi && (required.hi_open || inferred.lo_open));
  return below || above ? Outcome::Refuted : Outcome::ToCheck;
}

Interval hull(Interval a, Interval b) {
  Interval r;
  r.lo = std::min(a.lo, b.lo);
  r.hi = std::max(a.hi, b.hi);
  r.lo_open = (a.lo > r.lo || a.lo_open) && (b.lo > r.lo || b.lo_open);
  r.hi_open = (a.hi < r.hi || a.hi_open) && (b.hi < r.hi || b.hi_open);
  return r;
}

Interval intersect(Interval a, Interval b) {
  Interval r;
  r.lo = std::max(a.lo, b.lo);
  r.hi = std::min(a.hi, b.hi);
  r.lo_open = (a.lo == r.lo && a.lo_open) || (b.lo == r.lo && b.lo_open);
  r.hi_open = (a.hi == r.hi && a.hi_open) || (b.hi == r.hi && b.hi_open);
  return r;
}

}  // namespace lacuna::types
