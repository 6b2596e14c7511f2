// Checking calls of distributions: which overload, which parameter each argument is, batch and event, supports.
#pragma once
#include "compiler/check/check_expr.h"

namespace lacuna::check {

// What the target knows before the call is checked.
struct DistributionPlace {
  const Symbol* target = nullptr;                 // null in an expression place (component of a Mixture, base of Truncated)
  List<const Dimension* const> dims;              // of the target's brackets or type, when it has them
  bool has_dims = false;
  const Type* declared = nullptr;                 // `mu: ordered[K]`
  bool observed = false;
};

// `e` must be a call of a distribution (or, for a `dist` parameter's argument, a name of type dist). nullptr when it is wrong, which
// is reported. Named parametrisations, aliases, combinators and Mixture are resolved here; arguments are lined up with
// the target each by itself (fine_print.md); `type.dims` are batch dimensions, then event dimensions.
const DistributionExpr* check_distribution(Context& c, const syntax::Expr& e, const DistributionPlace& place);

// The type that a latent of this distribution has: its support, with the interval of possible values.
Type support_of(Context& c, const DistributionExpr& distribution);

// Declarations.
void declare_distribution(Context& c, const syntax::DistDecl& declaration, bool from_library);
void check_distribution_bodies(Context& c, Distribution& distribution);

// In the body of a `dist`: `name(arguments)` as a call of one of its own members above. nullptr when it has no such member.
const Expr* check_own_member(Context& c, std::string_view name, List<const syntax::Argument> arguments, SourceRange range);

}  // namespace lacuna::check
