// What an expression's parts say of its shape before it can be checked: the type of a latent whose distribution reads its own past,
// the dimension of a vector that is written in one branch and named in the other.
//
// needs    the syntax; nothing of it checked
// leaves   scalar kind, index dimension and event dimensions as far as the call shows them; every report is taken back
// shown by test/lit/check/own_past.ppl
#pragma once
#include <optional>

#include "compiler/check/check_distribution.h"

namespace lacuna::check {

// Whether `name` is written anywhere in `e`.
bool mentions(const syntax::Expr& e, std::string_view name);

// The dimension `back` places before the last of `e`, from the parts of it that are no written vectors: `K` for `if c then [0.5, 0.5] else
// p` with `p: simplex[K]`. Null when no part says.
const Dimension* named_dimension(Context& c, const syntax::Expr& e, std::size_t back);

// The type of one draw (event dimensions, no batch) of `distribution`, the definition of `name`; an Error type when its kind is not
// settled by what does not mention `name`.
Type provisional_type(Context& c, const syntax::Expr& distribution, std::string_view name, List<const Dimension* const> target_dims);

}  // namespace lacuna::check
