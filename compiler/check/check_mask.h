// The mask of an `observe`: of what stage and shape it is, and whether it is finer than an event.
//
// needs    the target, its brackets open
// leaves   the mask's expression, or a report
// shown by test/lit/check/mask_in_event.ppl, fail_mask.ppl
#pragma once
#include <optional>

#include "compiler/check/check_statement.h"

namespace lacuna::check {

// The condition behind `where`; null when it is wrong, which is reported: not a bool, known only from latents, or with a dimension that
// the target has not.
const Expr* check_mask(Context& c, const syntax::Expr& where, const Symbol& target, const OpenTarget& open);

// Whether cells are left out within a draw of `d`, by the mask or because they may be missing: then what is scored is the marginal of
// the others, which the distribution must have. nullopt when it has none, which is reported. `cell` is the target at its indices.
std::optional<bool> mask_in_event(Context& c, const syntax::ObserveStmt& source, const Symbol& target, const Expr& cell, const Expr* mask,
                                  const DistributionExpr& d);

}  // namespace lacuna::check
