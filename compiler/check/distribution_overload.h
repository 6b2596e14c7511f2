// Which declaration of a distribution a call means, and which argument is which of its parameters.
//
// needs    the declarations of one name, in order; the call as it is written
// leaves   a Binding, or a report
// shown by test/lit/check/distribution_overload.ppl
#pragma once
#include <optional>
#include <vector>

#include "compiler/check/context.h"

namespace lacuna::check {

struct Binding {
  Distribution* distribution = nullptr;
  // One for each parameter of the declaration, dimensions included; null where the default stands.
  std::vector<const syntax::Expr*> given;
  // What the `dist[K]` parameter takes by position: Mixture(w, D1, D2).
  std::vector<const syntax::Expr*> components;
};

// A call by position means the first declaration; names pick the first declaration that has them all and lacks nothing. A second
// name (`alias`) is as good as the first.
std::optional<Binding> bind_arguments(Context& c, const std::vector<Distribution*>& overloads, const syntax::CallExpr& call);

}  // namespace lacuna::check
