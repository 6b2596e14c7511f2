#include "compiler/check/check_distribution.h"

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/distribution_call.h"
#include "compiler/check/distribution_members.h"
#include "compiler/check/foreign_names.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

// A `dist` parameter by its name, in the body of a `dist`.
const DistributionExpr* check_parameter_name(Context& c, const syntax::NameExpr& e) {
  Symbol* symbol = c.scope.find(e.text);
  if (!symbol || symbol->type.scalar != Scalar::Dist) return nullptr;
  ++symbol->uses;
  auto* reference = c.arena.make<DistributionExpr>();
  reference->kind = ExprKind::Distribution;
  reference->range = e.range;
  reference->parameter = symbol;
  reference->type = types::real_type();
  return reference;
}

void report_not_called(Context& c, const syntax::Expr& e) {
  if (const auto* name = e.get_if<syntax::NameExpr>(); name && !c.scope.find(name->text)) {
    const auto& overloads = c.library.find(c, name->text);
    if (!overloads.empty()) {
      c.sink.report(Id::DistributionNotCalled, e.range, name->text).help(fmt::format("write `{}(...)`", name->text));
      return;
    }
  }
  std::string_view what = "a value";
  if (e.kind == syntax::ExprKind::Comprehension || e.kind == syntax::ExprKind::Array) what = "an array";
  if (e.kind == syntax::ExprKind::If) what = "an `if`";
  auto& report = c.sink.report(Id::NotADistribution, e.range, what);
  if (e.kind == syntax::ExprKind::If)
    report.help("put the choice into its parameters: `Normal(if c then a else b, 1)`; one that depends on a latent is a `Mixture`");
  else
    report.help("a distribution is called with its parameters, as in `Normal(0, 1)`");
}

// The argument of a member-like callee: `dist.Normal(0, 1)` does not parse, `numpyro.Normal(...)` and the like do.
bool report_qualified(Context& c, const syntax::CallExpr& call) {
  const auto* member = call.callee->get_if<syntax::MemberExpr>();
  if (!member) return false;
  auto& report = c.sink.report(Id::NotADistribution, call.callee->range, fmt::format("`{}`", c.sources.text(call.callee->range)));
  if (!c.library.find(c, member->member.text).empty())
    report.help(fmt::format("distributions are called by their bare names: `{}(...)`", member->member.text),
                {{call.callee->range, std::string(member->member.text)}});
  return true;
}

const DistributionExpr* build(DistributionCall& call) {
  Context& c = call.c;
  auto* e = c.arena.make<DistributionExpr>();
  e->kind = ExprKind::Distribution;
  e->range = call.source.range;
  e->distribution = &call.d;
  e->arguments = c.arena.copy(call.arguments);
  e->components = c.arena.copy(call.components);
  e->component_binder = call.component_binder;
  std::vector<const Dimension*> dimensions;
  for (const auto& s : call.solution) dimensions.push_back(s.dimension);
  e->dimensions = c.arena.copy(dimensions);
  for (const Expr* a : call.arguments)
    if (a) e->stage = later(e->stage, a->stage);
  for (const DistributionExpr* component : call.components) e->stage = later(e->stage, component->stage);

  const List<const Dimension* const> event = event_dims(call);
  const List<const Dimension* const> batch = line_up_batch(call, event);
  if (call.wrong) return nullptr;
  e->type = call.d.result_of && call.drawn ? call.drawn->type : substitute(call, call.d.result);
  std::vector<const Dimension*> dims(batch.begin(), batch.end());
  dims.insert(dims.end(), event.begin(), event.end());
  e->type.dims = c.arena.copy(dims);
  e->batch_rank = static_cast<std::uint32_t>(batch.size());
  if (e->type.scalar == Scalar::Index) return e;
  e->type.bounds = support_interval(c, *e);
  if (e->type.bounds.lo <= e->type.bounds.hi) return e;
  c.sink.report(Id::EmptySupport, call.source.range, call.d.name)
      .label(fmt::format("from {} to {}", e->type.bounds.lo, e->type.bounds.hi))
      .note("its lower end lies above its upper end");
  return nullptr;
}

// What a combinator asks of the distributions that it takes.
void check_bases(DistributionCall& call, const DistributionExpr& e) {
  if (!call.drawn) return;
  Context& c = call.c;
  if (const auto missing = missing_member(c, e, "log_density")) {
    if (missing->distribution == call.d.name) return;
    c.sink.report(Id::BaseMemberMissing, call.drawn->range, call.d.name, missing->member, missing->distribution)
        .note(fmt::format("the density of `{}` is computed from that of the distribution it takes, and from its `{}`", call.d.name, missing->member));
    call.wrong = true;
    return;
  }
  if (call.drawn->type.rank() > call.drawn->batch_rank && computes_with_value(call.d) && call.drawn->distribution) {
    c.sink.report(Id::BaseNotScalar, call.drawn->range, call.d.name, call.drawn->distribution->name);
    call.wrong = true;
  }
}

// The arguments of a distribution that does not exist, so that mistakes in them are not hidden. What takes its meaning from the place
// that it stands in (a distribution, a written vector) is left alone.
void check_arguments_alone(Context& c, const syntax::CallExpr& source) {
  for (const syntax::Argument& a : source.arguments) {
    const auto* call = a.value->get_if<syntax::CallExpr>();
    const bool meaningless = a.value->kind == syntax::ExprKind::Array || a.value->kind == syntax::ExprKind::Comprehension || a.value->kind == syntax::ExprKind::String;
    if (call && !c.library.find(c, callee_name(*call)).empty())
      check_arguments_alone(c, *call);
    else if (!meaningless)
      check_expr(c, *a.value, {.allow_optional = true});
  }
}

const DistributionExpr* check_call_of(Context& c, const syntax::CallExpr& source, std::string_view name, const DistributionPlace& place) {
  const auto& overloads = c.library.find(c, name);
  if (overloads.empty()) {
    report_unknown_distribution(c, source, name);
    if (source.binders.empty()) check_arguments_alone(c, source);
    return nullptr;
  }
  if (!source.binders.empty()) {
    c.sink.report(Id::NotADistribution, source.range, "a comprehension")
        .help(fmt::format("a distribution for each element is a target with an index: `z[k in K] ~ {}(...)`", name));
    return nullptr;
  }
  const std::vector<Distribution*> all = overloads;  // loading others below may move the list
  const auto binding = bind_arguments(c, all, source);
  if (!binding) return nullptr;
  DistributionCall call{c, source, place, *binding->distribution, *binding};
  call.solution.resize(call.d.generic.size());
  call.arguments.resize(call.d.parameters.size(), nullptr);
  call.batches.resize(call.d.parameters.size());
  check_arguments(call);
  if (call.wrong) return nullptr;
  const DistributionExpr* e = build(call);
  if (!e || call.wrong) return nullptr;
  check_bases(call, *e);
  return call.wrong ? nullptr : e;
}

}  // namespace

const DistributionExpr* check_distribution(Context& c, const syntax::Expr& e, const DistributionPlace& place) {
  if (const auto* name = e.get_if<syntax::NameExpr>())
    if (const DistributionExpr* reference = check_parameter_name(c, *name)) return reference;
  const auto* call = e.get_if<syntax::CallExpr>();
  if (!call) {
    report_not_called(c, e);
    return nullptr;
  }
  if (report_qualified(c, *call)) return nullptr;
  return check_call_of(c, *call, callee_name(*call), place);
}

Type support_of(Context&, const DistributionExpr& distribution) { return distribution.type; }

}  // namespace lacuna::check
