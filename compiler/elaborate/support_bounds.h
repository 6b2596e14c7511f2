// The bounds of a scalar distribution's support as expressions: `Uniform(0, 1 - alpha)` lies in [0, 1 - alpha].
//
// needs    a distribution in scalar form
// leaves   bounds in scalar form, which may depend on latents
// shown by test/lit/elaborate/supports.ppl
#pragma once
#include "compiler/elaborate/inline_functions.h"

namespace lacuna::elaborate {

// Null where there is no bound.
struct Bounds {
  const Expr* lower = nullptr;
  const Expr* upper = nullptr;
};

// `narrowed`: what the latent's or target's type says besides.
Bounds support_bounds(Maker& make, FunctionInliner& inliner, const check::DistributionExpr& e, types::Interval narrowed);

}  // namespace lacuna::elaborate
