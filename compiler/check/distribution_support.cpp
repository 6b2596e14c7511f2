// The interval of a distribution's draws: its result type's, narrowed by bounds that follow from parameters.
#include <algorithm>

#include "compiler/check/distribution_call.h"
#include "compiler/check/distribution_members.h"
#include "compiler/check/interval_rules.h"

namespace lacuna::check {

namespace {

struct Evaluation {
  Context& c;
  const DistributionExpr& call;

  // The distributions that stand for a `dist` parameter.
  std::vector<const DistributionExpr*> given(const Symbol* parameter) const {
    const Distribution& d = *call.distribution;
    for (std::size_t i = 0; i < d.parameters.size(); ++i) {
      if (d.parameters[i] != parameter) continue;
      if (!parameter->type.dims.empty()) return {call.components.begin(), call.components.end()};
      if (call.arguments[i] && call.arguments[i]->kind == ExprKind::Distribution) return {&call.arguments[i]->as<DistributionExpr>()};
    }
    return {};
  }

  Interval variable(const VariableExpr& e) const {
    const Distribution& d = *call.distribution;
    for (std::size_t i = 0; i < d.parameters.size(); ++i)
      if (d.parameters[i] == e.symbol && call.arguments[i]) return call.arguments[i]->type.bounds;
    return e.type.bounds;
  }

  // `base.lowest`, `base.highest`: the ends of what the base may draw.
  Interval member(const MemberExpr& e) const {
    const bool low = e.member == "lowest";
    if (!low && e.member != "highest") return e.type.bounds;
    const Expr* object = e.object;
    if (const auto* s = object->get_if<SubscriptExpr>()) object = s->object;
    const auto* v = object->get_if<VariableExpr>();
    if (!v) return {};
    Interval all;
    bool first = true;
    for (const DistributionExpr* d : given(v->symbol)) {
      const Expr* bound = d->distribution ? (low ? d->distribution->lower : d->distribution->upper) : nullptr;
      const double end = low ? d->type.bounds.lo : d->type.bounds.hi;
      const Interval own = bound ? interval_for(c, *bound, *d) : Interval::point(end);
      all = first ? own : types::hull(all, own);
      first = false;
    }
    return all;
  }

  Interval operator()(const Expr& e) const {
    switch (e.kind) {
      case ExprKind::Variable: return variable(e.as<VariableExpr>());
      case ExprKind::Member: return member(e.as<MemberExpr>());
      case ExprKind::If: return types::hull((*this)(*e.as<IfExpr>().then_value), (*this)(*e.as<IfExpr>().else_value));
      case ExprKind::Builtin: {
        const auto& b = e.as<BuiltinExpr>();
        std::vector<Interval> operands;
        for (const Expr* a : b.arguments) operands.push_back((*this)(*a));
        return interval_of(b.op, operands);
      }
      default: return e.type.bounds;
    }
  }
};

}  // namespace

Interval interval_for(Context& c, const Expr& bound, const DistributionExpr& e) { return Evaluation{c, e}(bound); }

Interval support_interval(Context& c, const DistributionExpr& e) {
  const Distribution& d = *e.distribution;
  // `lowest` and `highest` are bodies, known once they are checked.
  if (find_member(d, "lowest") || find_member(d, "highest")) c.library.complete(c, const_cast<Distribution&>(d));
  Interval support = d.result.bounds;
  if (d.result_of) {
    bool first = true;
    const auto add = [&](const DistributionExpr& base) {
      support = first ? base.type.bounds : types::hull(support, base.type.bounds);
      first = false;
    };
    for (const Expr* a : e.arguments)
      if (a && a->kind == ExprKind::Distribution) add(a->as<DistributionExpr>());
    for (const DistributionExpr* component : e.components) add(*component);
  }
  const bool lo_open = support.lo_open;
  const bool hi_open = support.hi_open;
  const double lo = support.lo;
  const double hi = support.hi;
  if (d.lower) support.lo = interval_for(c, *d.lower, e).lo;
  if (d.upper) support.hi = interval_for(c, *d.upper, e).hi;
  support.lo_open = lo_open && support.lo == lo;
  support.hi_open = hi_open && support.hi == hi;
  return support;
}

}  // namespace lacuna::check
