// The interval of an operation's result from the intervals of its operands: how supports are inferred.
#pragma once
#include <span>

#include "compiler/check/expr.h"

namespace lacuna::check {

// All values that `op` can give for operands in `operands` (elementwise builtins and reductions; a reduction's one operand is
// the interval of its body). `same_operands`: both operands are the same expression, so that `x * x` is nonnegative.
Interval interval_of(Builtin op, std::span<const Interval> operands, bool same_operands = false);

// The next guess when an interval that is being found by induction has grown from `before` to `after`: an end that moved goes
// to the next of -inf, -1, 0, 1, inf.
Interval widen(Interval before, Interval after);

}  // namespace lacuna::check
