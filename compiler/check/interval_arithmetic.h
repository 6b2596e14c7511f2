// Arithmetic on closed intervals of the extended real line: every result holds all values the operation can give.
//
// needs    operands with lo <= hi
// leaves   ends as near as the corners allow; an end is marked open only when the value there is never reached
// shown by test/unit/check/interval_rules_test.cpp
#pragma once
#include "compiler/types/interval.h"

namespace lacuna::check {

using types::Interval;

Interval add(Interval a, Interval b);
Interval negate(Interval a);
Interval multiply(Interval a, Interval b);  // with 0 * inf = 0: ends of closures, not values
Interval divide(Interval a, Interval b);    // everything when b has 0 inside
Interval power(Interval a, Interval b);     // everything when a can be negative and b is no known integer
Interval modulo(Interval a, Interval b);    // takes the sign of the divisor
Interval square(Interval a);
Interval absolute(Interval a);
Interval smaller(Interval a, Interval b);   // min(a, b), each end by itself
Interval larger(Interval a, Interval b);

}  // namespace lacuna::check
