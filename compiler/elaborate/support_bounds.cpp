#include "compiler/elaborate/support_bounds.h"

#include <cmath>

namespace lacuna::elaborate {

namespace {

const Expr* number(Maker& make, double x, SourceRange range) {
  if (std::isinf(x)) return nullptr;
  return std::floor(x) == x && std::abs(x) < 1e15 ? make.integer(static_cast<std::int64_t>(x), range) : make.real(x, range);
}

class BoundsOf {
 public:
  BoundsOf(Maker& make, FunctionInliner& inliner) : make_(make), inliner_(inliner) {}

  Bounds of(const check::DistributionExpr& e) {
    const check::Distribution& d = *e.distribution;
    Bounds result{number(make_, d.result.bounds.lo, e.range), number(make_, d.result.bounds.hi, e.range)};
    if (d.result.scalar == types::Scalar::Index && d.result.index_of) {
      result = {make_.integer(0, e.range), nullptr};
    }
    if (!e.components.empty()) result = of_components(e);
    if (d.lower) result.lower = written(*d.lower, e);
    if (d.upper) result.upper = written(*d.upper, e);
    return result;
  }

 private:
  // A mixture reaches as far as its widest component.
  Bounds of_components(const check::DistributionExpr& e) {
    Bounds hull = of(*e.components[0]);
    for (const auto* component : e.components.subspan(1)) {
      const Bounds b = of(*component);
      hull.lower = hull.lower && b.lower ? make_.smaller(hull.lower, b.lower) : nullptr;
      hull.upper = hull.upper && b.upper ? make_.larger(hull.upper, b.upper) : nullptr;
    }
    return hull;
  }

  // A bound over the parameters, at the arguments of the call; null when it is infinite.
  const Expr* written(const Expr& bound, const check::DistributionExpr& e) {
    std::unordered_map<const Symbol*, const Expr*> parameters;
    std::unordered_map<const Dimension*, const Dimension*> dimensions;
    for (std::size_t i = 0; i < e.arguments.size(); ++i)
      if (e.arguments[i]) parameters[e.distribution->parameters[i]] = e.arguments[i];
    for (std::size_t i = 0; i < e.dimensions.size() && i < e.distribution->generic.size(); ++i)
      dimensions[e.distribution->generic[i]] = e.dimensions[i];
    return folded(*inliner_.substitute(bound, std::move(parameters), std::move(dimensions)));
  }

  // Members of bases replaced by their bounds, `max` and `min` with infinities taken away.
  const Expr* folded(const Expr& e) {
    if (const auto* literal = e.get_if<check::LiteralExpr>()) return std::isinf(literal->value) ? nullptr : &e;
    if (const auto* member = e.get_if<check::MemberExpr>()) {
      const auto* base = member->object->get_if<check::DistributionExpr>();
      if (!base) return &e;
      const Bounds inner = of(*base);
      return member->member == "lowest" ? inner.lower : inner.upper;
    }
    const auto* builtin = e.get_if<check::BuiltinExpr>();
    if (!builtin) return &e;
    if (builtin->op == Builtin::Negate) {
      const Expr* inner = folded(*builtin->arguments[0]);
      return inner ? make_.builtin(Builtin::Negate, {inner}, e.type, e.range) : nullptr;
    }
    if (builtin->arguments.size() != 2) return &e;
    const Expr *a = folded(*builtin->arguments[0]), *b = folded(*builtin->arguments[1]);
    if (builtin->op == Builtin::Max) return make_.larger(a, b);
    if (builtin->op == Builtin::Min) return make_.smaller(a, b);
    return a && b ? make_.builtin(builtin->op, {a, b}, e.type, e.range) : nullptr;
  }

  Maker& make_;
  FunctionInliner& inliner_;
};

}  // namespace

Bounds support_bounds(Maker& make, FunctionInliner& inliner, const check::DistributionExpr& e, types::Interval narrowed) {
  Bounds bounds = BoundsOf(make, inliner).of(e);
  const bool tells_lower = !bounds.lower || narrowed.lo > bounds.lower->type.bounds.lo;
  const bool tells_upper = !bounds.upper || narrowed.hi < bounds.upper->type.bounds.hi;
  if (tells_lower) bounds.lower = make.larger(bounds.lower, number(make, narrowed.lo, e.range));
  if (tells_upper) bounds.upper = make.smaller(bounds.upper, number(make, narrowed.hi, e.range));
  return bounds;
}

}  // namespace lacuna::elaborate
