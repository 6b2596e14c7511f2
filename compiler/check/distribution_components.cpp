// Distributions given to distributions: the base of a combinator, the components of a mixture.
#include <algorithm>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/distribution_call.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

// What a component knows of the target: the same as the whole, but for the type that narrows it.
DistributionPlace place_inside(const DistributionCall& call) {
  DistributionPlace place = call.place;
  place.declared = nullptr;
  return place;
}

bool same_kind(const Type& a, const Type& b) { return a.scalar == b.scalar && a.index_of == b.index_of; }

void compare_components(DistributionCall& call) {
  const DistributionExpr& first = *call.components[0];
  for (const DistributionExpr* other : call.components) {
    if (!first.distribution || !other->distribution) continue;
    const auto own = first.type.dims.subspan(first.batch_rank);
    const auto others = other->type.dims.subspan(other->batch_rank);
    if (same_kind(first.type, other->type) && types::same_dims(own, others)) continue;
    call.c.sink.report(Id::ComponentsDiffer, other->range)
        .label(fmt::format("draws `{}`", types::to_string(other->type)))
        .also_at(first.range, fmt::format("draws `{}`", types::to_string(first.type)))
        .note("a value of a mixture comes from one of them, so all must draw values of one kind");
    call.wrong = true;
    return;
  }
}

// `Mixture(w, D1, D2, ...)` or `Mixture(w, [D1, D2])`: one for each element of the weights' dimension.
void check_list(DistributionCall& call, const std::vector<const syntax::Expr*>& list, const Dimension* generic, SourceRange range) {
  for (const syntax::Expr* e : list) {
    const DistributionExpr* component = check_distribution(call.c, *e, place_inside(call));
    if (component)
      call.components.push_back(component);
    else
      call.wrong = true;
  }
  auto* weights = call.find_solution(generic);
  const auto count = static_cast<std::int64_t>(list.size());
  if (weights && !weights->dimension) {
    auto* d = call.c.arena.make<Dimension>();
    d->origin = types::DimensionOrigin::Literal;
    d->size = count;
    d->range = range;
    *weights = {d, range, "the components"};
    return;
  }
  if (!weights) return;
  const Dimension* d = weights->dimension;
  if (d->size >= 0 && d->size != count) {
    call.c.sink
        .report(Id::ComponentCount, range, count == 1 ? std::string("one component") : fmt::format("{} components", count), d->size)
        .also_at(weights->range, fmt::format("over `{}`", types::dimension_string(d)));
    call.wrong = true;
  } else if (d->size < 0) {
    Obligation o;
    o.kind = Obligation::Kind::Length;
    o.dimension = d;
    o.required = Interval::point(static_cast<double>(count));
    o.range = range;
    oblige(call.c, o);
  }
}

// `[D(...) for k in K]`
void check_each(DistributionCall& call, const syntax::ComprehensionExpr& e, const Dimension* generic) {
  Context& c = call.c;
  if (e.binders.size() != 1 || e.where) {
    c.sink.report(Id::NotADistribution, e.range, e.where ? "a comprehension with a condition" : "a comprehension with several indices")
        .help("write one component for each index of the weights: `[D(...) for k in K]`");
    call.wrong = true;
    return;
  }
  enter(c);
  const std::vector<const Symbol*> bound = bind(c, e.binders);
  const DistributionExpr* component = bound.size() == 1 ? check_distribution(c, *e.body, place_inside(call)) : nullptr;
  leave(c);
  if (!component) {
    call.wrong = true;
    return;
  }
  call.components.push_back(component);
  call.component_binder = bound[0];
  const Dimension* over = bound[0]->type.index_of;
  auto* weights = call.find_solution(generic);
  if (!weights || !weights->dimension) {
    if (weights) *weights = {over, e.range, "the components"};
    return;
  }
  if (weights->dimension == over) return;
  c.sink.report(Id::DimensionsDisagree, e.range, call.d.name, generic->name)
      .label(fmt::format("a component for each index of `{}`", types::dimension_string(over)))
      .also_at(weights->range, fmt::format("over `{}`", types::dimension_string(weights->dimension)));
  call.wrong = true;
}

void check_many(DistributionCall& call, const Symbol& parameter) {
  const auto& given = call.binding.components;
  const Dimension* generic = parameter.type.dims[0];
  if (given.size() == 1) {
    if (const auto* each = given[0]->get_if<syntax::ComprehensionExpr>()) return check_each(call, *each, generic);
    if (const auto* list = given[0]->get_if<syntax::ArrayExpr>())
      return check_list(call, {list->elements.begin(), list->elements.end()}, generic, given[0]->range);
  }
  if (given.empty()) return;
  const SourceRange range = support::cover(given.front()->range, given.back()->range);
  check_list(call, given, generic, range);
}

}  // namespace

void settle_from_components(DistributionCall& call) {
  for (const Symbol* parameter : call.d.parameters) {
    if (parameter->type.scalar != Scalar::Dist || parameter->type.dims.empty() || call.binding.components.size() != 1) continue;
    const auto* each = call.binding.components[0]->get_if<syntax::ComprehensionExpr>();
    auto* weights = call.find_solution(parameter->type.dims[0]);
    if (!each || each->binders.size() != 1 || !weights || weights->dimension) continue;
    const auto known = call.c.dimensions.find(each->binders[0].dimension.text);
    if (known != call.c.dimensions.end() && known->second) *weights = {known->second, each->range, "the components"};
  }
}

void check_components(DistributionCall& call) {
  for (std::size_t i = 0; i < call.d.parameters.size(); ++i) {
    const Symbol& parameter = *call.d.parameters[i];
    if (parameter.type.scalar != Scalar::Dist) continue;
    if (!parameter.type.dims.empty()) {
      check_many(call, parameter);
      if (!call.components.empty()) {
        compare_components(call);
        if (!call.drawn || call.d.result_of == &parameter) call.drawn = call.components[0];
      } else {
        call.wrong = true;
      }
      continue;
    }
    const syntax::Expr* source = call.given(i);
    const DistributionExpr* base = source ? check_distribution(call.c, *source, place_inside(call)) : nullptr;
    if (!base) {
      call.wrong = true;
      continue;
    }
    call.arguments[i] = base;
    if (!call.drawn || call.d.result_of == &parameter) call.drawn = base;
  }
}

}  // namespace lacuna::check
