// A latent whose written type is narrower than its distribution's support: `sample sigma: positive ~ Normal(0, 1)`.
//
// What narrowing does to the normalising constant is added wherever it is known before inference: log 2 for half of what is symmetric
// about 0, log K! for `ordered` over K independent, identical elements, log(sigma) + log(2 pi) / 2 for `zero_sum` over
// identical normals about 0, -log P(lo < Y < hi) where the parameters do not
// depend on latents. Elsewhere it is an error (language.md section 4).
//
// needs    the distribution, checked; the written type
// leaves   the latent's type, and the constant
// shown by test/lit/check/narrow_support.ppl, fail_narrow_support.ppl
#pragma once
#include "compiler/check/check_distribution.h"

namespace lacuna::check {

struct Narrowed {
  Type type;                         // of the draw: batch dimensions, then event dimensions
  const Expr* normaliser = nullptr;  // added for each draw of the distribution; null when 0
  bool narrower = false;
  bool wrong = false;
};

Narrowed narrow_support(Context& c, const syntax::Target& target, const Type& declared, const DistributionExpr& d);

}  // namespace lacuna::check
