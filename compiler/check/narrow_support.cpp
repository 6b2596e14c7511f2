#include "compiler/check/narrow_support.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "compiler/check/distribution_members.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Outcome;
using types::Scalar;
using types::Structure;

namespace {

struct Narrowing {
  Context& c;
  const syntax::Target& target;
  const Type& declared;
  const DistributionExpr& d;

  std::string name() const { return std::string(d.distribution ? d.distribution->name : d.parameter->name); }
  std::string text(SourceRange r) const { return std::string(c.sources.text(r)); }
  bool is_flat() const { return d.distribution && d.distribution->from_library && d.distribution->name == "Flat"; }

  static Type kind_of(Type t) {
    t.dims = {};
    return t;
  }
  Type element() const { return kind_of(declared); }

  // The improper uniform has no constant that could be lost.
  void offer_flat(diagnostics::Diagnostic& report) const {
    report.help(fmt::format("to add the density without its constant, write `sample {}: {} ~ Flat()` and a `factor`", target.name.text,
                            text(target.type->range)));
  }

  Narrowed wrong_kind() const {
    c.sink.report(Id::NarrowingKind, target.type->range, name(), types::to_string(kind_of(d.type)), types::to_string(kind_of(declared)))
        .also_at(d.range, fmt::format("draws `{}`", types::to_string(d.type)));
    return {.type = {}, .wrong = true};
  }

  Narrowed unknown_constant() const {
    auto& report = c.sink.report(Id::NarrowingUnknown, target.type->range, name(), fmt::format("`{}`", types::to_string(element())));
    report.also_at(d.range, fmt::format("draws `{}`", types::to_string(d.type)));
    report.note("a density cut down to a part of its support must be divided by the part's probability, or it is no density");
    offer_flat(report);
    return {.type = {}, .wrong = true};
  }

  // ---------------------------------------------------------------------------------------- bounds

  // Half of the mass lies on either side of 0 whatever the scale is.
  bool is_half() const {
    static constexpr std::array<std::string_view, 5> kSymmetric = {"Normal", "StudentT", "Cauchy", "Laplace", "Logistic"};
    if (!d.distribution || !d.distribution->from_library || std::find(kSymmetric.begin(), kSymmetric.end(), d.distribution->name) == kSymmetric.end())
      return false;
    const Interval& b = declared.bounds;
    const bool half = (b.lo == 0 && std::isinf(b.hi)) || (b.hi == 0 && std::isinf(b.lo));
    if (!half) return false;
    for (std::size_t i = 0; i < d.distribution->parameters.size(); ++i)
      if (d.distribution->parameters[i]->name == "loc") return d.arguments[i]->type.bounds.is_point() && d.arguments[i]->type.bounds.lo == 0;
    return false;
  }

  const Expr* member(std::string_view name, double at) const {
    auto* m = c.arena.make<MemberExpr>();
    m->kind = ExprKind::Member;
    m->range = d.range;
    m->object = &d;
    m->member = name;
    m->type = types::real_type();
    m->type.dims = d.type.dims.subspan(0, d.batch_rank);
    m->stage = d.stage;
    m->arguments = c.arena.copy(std::vector<const Expr*>{make_literal(c, at, types::real_type(), d.range)});
    return m;
  }

  // -log P(lo < Y < hi).
  const Expr* minus_log_mass() const {
    if (is_half()) return make_builtin(c, Builtin::Log, {make_literal(c, 2, types::real_type(), d.range)}, d.range);
    const Interval& b = declared.bounds;
    const bool above = !std::isinf(b.lo) && b.lo > d.type.bounds.lo;
    const bool below = !std::isinf(b.hi) && b.hi < d.type.bounds.hi;
    if (!below) return make_builtin(c, Builtin::Negate, {member("log_survival", b.lo)}, d.range);
    if (!above) return make_builtin(c, Builtin::Negate, {member("log_cdf", b.hi)}, d.range);
    const Expr* mass = make_builtin(c, Builtin::Subtract, {member("cdf", b.hi), member("cdf", b.lo)}, d.range);
    return make_builtin(c, Builtin::Negate, {make_builtin(c, Builtin::Log, {mass}, d.range)}, d.range);
  }

  // Null when it is not known, which is reported.
  const Expr* constant_of_bounds() const {
    if (!is_half() && d.stage >= Stage::Draw) {
      auto& report = c.sink.report(Id::NarrowingByLatents, target.type->range, target.name.text);
      report.also_at(d.range, fmt::format("draws `{}`, with parameters that depend on latents", types::to_string(d.type)));
      report.note("cutting a density down changes its constant; one that moves with latents changes their posterior");
      std::string bounds;
      if (!std::isinf(declared.bounds.lo)) bounds += fmt::format(", lower = {}", declared.bounds.lo);
      if (!std::isinf(declared.bounds.hi)) bounds += fmt::format(", upper = {}", declared.bounds.hi);
      report.help(fmt::format("`Truncated` normalises: `~ Truncated({}{})`", text(d.range), bounds));
      offer_flat(report);
      return nullptr;
    }
    if (!is_half() && missing_member(c, d, "cdf")) {
      unknown_constant();
      return nullptr;
    }
    return minus_log_mass();
  }

  Narrowed narrow_bounds() const {
    Narrowed result;
    result.type = d.type;
    if (declared.scalar == Scalar::Index) return result;
    switch (types::lies_in(d.type.bounds, declared.bounds)) {
      case Outcome::Shown: return result;
      case Outcome::Refuted: return wrong_kind();
      case Outcome::ToCheck: break;
    }
    if (d.type.rank() > d.batch_rank) return unknown_constant();
    result.normaliser = constant_of_bounds();
    result.wrong = !result.normaliser;
    result.type.bounds = types::intersect(d.type.bounds, declared.bounds);
    result.narrower = true;
    return result;
  }

  // ---------------------------------------------------------------------------------------- ordered

  // An argument that differs between the elements of the event, or null. A distribution as argument is drawn from for each of them, and
  // differs where its own arguments do.
  const Expr* unlike() const { return unlike_of(d); }
  const Expr* unlike_of(const DistributionExpr& of) const {
    const Dimension* event = declared.dims.back();
    for (const Expr* a : of.arguments) {
      const auto* inner = a ? a->get_if<DistributionExpr>() : nullptr;
      if (const Expr* found = inner ? unlike_of(*inner) : nullptr) return found;
      if (a && !inner && types::contains(a->type.dims, event)) return a;
    }
    return nullptr;
  }

  Narrowed narrow_ordered() const {
    if (const Expr* a = unlike()) {
      auto& report = c.sink.report(Id::NarrowingUnlike, target.type->range, target.name.text, types::structure_name(declared.structure));
      report.also_at(a->range, fmt::format("differs along `{}`", types::dimension_string(declared.dims.back())));
      report.note("independent, identical elements have K! orders of equal probability; others have no such constant");
      offer_flat(report);
      return {.type = {}, .wrong = true};
    }
    Narrowed result;
    result.narrower = true;
    const Expr* size = event_size();
    const Expr* one = make_literal(c, 1, types::int_type(), d.range);
    // log K! for the K! orders of K elements, of which one is left, in equal parts to the K draws.
    const Expr* orders = make_builtin(c, Builtin::Lgamma, {make_builtin(c, Builtin::Add, {size, one}, d.range)}, d.range);
    result.normaliser = make_builtin(c, Builtin::Divide, {orders, size}, d.range);
    if (types::lies_in(d.type.bounds, declared.bounds) == Outcome::Refuted) return wrong_kind();
    if (types::lies_in(d.type.bounds, declared.bounds) == Outcome::ToCheck) {
      const Expr* each = constant_of_bounds();
      if (!each) return {.type = {}, .wrong = true};
      result.normaliser = make_builtin(c, Builtin::Add, {result.normaliser, each}, d.range);
    }
    result.type = d.type;
    result.type.bounds = types::intersect(d.type.bounds, declared.bounds);
    // Ordered elements that cannot be negative are positive ordered: their transform keeps them so.
    const bool positive = result.type.bounds.lo == 0 && std::isinf(result.type.bounds.hi);
    result.type.structure = positive ? Structure::PositiveOrdered : declared.structure;
    return result;
  }

  // ---------------------------------------------------------------------------------------- zero_sum

  const Expr* argument(std::string_view parameter) const {
    for (std::size_t i = 0; i < d.distribution->parameters.size(); ++i)
      if (d.distribution->parameters[i]->name == parameter) return d.arguments[i];
    return nullptr;
  }

  const Expr* number(double x) const { return make_literal(c, x, types::real_type(), d.range); }

  // K independent normals have the density of a normal, with mean K mu and variance K sigma^2, in their sum; cut to the plane where it
  // is 0, with the plane's own measure, they keep exp(-K mu^2 / (2 sigma^2)) / (sigma sqrt(2 pi)) of their mass.
  Narrowed narrow_zero_sum() const {
    const bool normal = d.distribution && d.distribution->from_library && d.distribution->name == "Normal";
    if (!normal || unlike()) return unknown_constant();
    if (d.stage >= Stage::Draw) {
      auto& report = c.sink.report(Id::NarrowingByLatents, target.type->range, target.name.text);
      report.also_at(d.range, fmt::format("draws `{}`, with parameters that depend on latents", types::to_string(d.type)));
      report.note("cutting a density down changes its constant; one that moves with latents changes their posterior");
      offer_flat(report);
      return {.type = {}, .wrong = true};
    }
    const auto build = [&](Builtin op, const Expr* a, const Expr* b) { return make_builtin(c, op, {a, b}, d.range); };
    const Expr* scale = argument("scale");
    const Expr* centre = build(Builtin::Divide, argument("loc"), scale);
    const Expr* log_scale = make_builtin(c, Builtin::Log, {scale}, d.range);
    const Expr* total = build(Builtin::Add, log_scale, number(0.91893853320467274178));  // log(2 pi) / 2
    // In equal parts to the K draws.
    const Expr* each = build(Builtin::Divide, total, event_size());
    Narrowed result;
    result.narrower = true;
    result.normaliser = build(Builtin::Add, each, build(Builtin::Multiply, number(0.5), build(Builtin::Multiply, centre, centre)));
    result.type = d.type;
    result.type.structure = Structure::ZeroSum;
    return result;
  }

  const Expr* event_size() const {
    auto* size = c.arena.make<SizeExpr>();
    size->kind = ExprKind::Size;
    size->range = d.range;
    size->dimension = declared.dims.back();
    size->stage = Stage::Data;
    size->type = types::int_type(Interval::nonnegative());
    return size;
  }

  bool kinds_agree() const {
    if (declared.scalar != d.type.scalar) return false;
    return declared.scalar != Scalar::Index || declared.index_of == d.type.index_of;
  }

  Narrowed run() const {
    if (!kinds_agree()) return wrong_kind();
    if (is_flat()) {
      Narrowed result;
      result.type = declared;
      return result;
    }
    if (declared.structure == d.type.structure || declared.structure == Structure::None) return narrow_bounds();
    const bool scalars = d.type.structure == Structure::None && d.type.rank() == d.batch_rank;
    const bool ordered = declared.structure == Structure::Ordered || declared.structure == Structure::PositiveOrdered;
    if (scalars && declared.structure == Structure::ZeroSum) return narrow_zero_sum();
    return scalars && ordered ? narrow_ordered() : unknown_constant();
  }
};

}  // namespace

Narrowed narrow_support(Context& c, const syntax::Target& target, const Type& declared, const DistributionExpr& d) {
  return Narrowing{c, target, declared, d}.run();
}

}  // namespace lacuna::check
