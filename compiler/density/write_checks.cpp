// Conditions that the compiler could show neither way. On data alone they are tested by `bind`, once, before what relies on them is
// computed; on latents in every term of the statement that they stand in, whose density is then 0 where one does not hold.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "compiler/check/check_expr.h"
#include "compiler/check/walk.h"
#include "compiler/density/model_writer.h"
#include "compiler/elaborate/reads.h"

namespace lacuna::density {

using check::Obligation;
using check::Stage;
using ir::Op;
using Kind = Obligation::Kind;

namespace {

bool within(support::SourceRange inner, support::SourceRange outer) {
  return inner.file == outer.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

bool is_data(const Expr* e) { return !e || e->stage <= Stage::Data; }

bool on_data(const Obligation& o) { return is_data(o.subject) && is_data(o.condition) && is_data(o.guard); }

bool reads(const Expr* e, const Symbol* symbol) { return e && check::reads_symbol(*e, symbol); }

}  // namespace

// The statement or derived value that a condition comes from; null: none has it.
const elaborate::Item* ModelWriter::origin(const Obligation& o) const {
  for (const elaborate::Item* item : model_.items)
    if (within(o.range, item->body_range) || (item->kind == elaborate::ItemKind::Observed && within(o.range, item->range))) return item;
  return nullptr;
}

// What a target must be where the ends of the support follow from parameters is left to the density, which is 0 outside.
bool ModelWriter::is_left_to_density(const Obligation& o, const elaborate::Item* item) const {
  const auto* observed = item ? item->get_if<elaborate::ObservedItem>() : nullptr;
  if (!observed || !within(o.range, item->range)) return false;
  const check::Distribution& d = *observed->distribution->distribution;
  if ((std::isfinite(o.required.lo) && !d.lower) || (std::isfinite(o.required.hi) && !d.upper)) return false;
  return d.lower || d.upper;
}

// A condition's own indices by those of the item that it comes from, which go by the same names.
ModelWriter::Scope ModelWriter::scope_of(const Obligation& o, const elaborate::Item& item, const Scope& scope, std::vector<const Symbol*>& left) const {
  auto inner = std::make_shared<Environment>(scope);
  for (const Symbol* index : o.indices) {
    const Operand* known = nullptr;
    for (const Symbol* own : item.space.indices)
      if (own == index || (own->name == index->name && own->type.index_of == index->type.index_of)) known = scope->find(own);
    if (known)
      inner->bind(index, *known);
    else
      left.push_back(index);
  }
  return inner;
}

ValueId ModelWriter::in_interval(Body& f, ValueId x, const types::Interval& required) {
  ir::Builder& b = *f.builder;
  ValueId inside = b.op(Op::Not, {b.op(Op::IsNan, {x})});
  if (std::isfinite(required.lo)) inside = b.op(required.lo_open ? Op::Lt : Op::Le, {b.real(required.lo), x});
  if (std::isfinite(required.hi)) inside = b.op(Op::And, {inside, b.op(required.hi_open ? Op::Lt : Op::Le, {x, b.real(required.hi)})});
  return inside;
}

// A vector that must be a simplex, ordered, ...: every element in its interval, and what binds them together.
ValueId ModelWriter::has_structure(Body& f, const Obligation& o, const Scope& scope) {
  if (types::event_rank(o.structure) != 1) throw NotCompiled(fmt::format("checking that a value is `{}`", types::structure_name(o.structure)), o.range);
  const auto x = f.writer->array(*o.subject, scope);
  const ir::DimId along = f.writer->dim(o.subject->type.dims.back(), scope);
  return is_structured(f, o.structure, o.required, along, [&](ValueId k) { return f.writer->to_real(x->at({k})); });
}

ValueId ModelWriter::is_structured(Body& f, types::Structure structure, const types::Interval& required, ir::DimId along,
                                   const std::function<ValueId(ValueId)>& element) {
  constexpr double kTolerance = 1e-8;  // of sums that must be 1 or 0
  ir::Builder& b = *f.builder;
  const auto each = ir::Builder::over({along});
  const auto near = [&](const std::function<ValueId(ValueId)>& value, double wanted) {
    const ValueId sum = b.for_each(each, {ir::Reducer::Sum}, [&](const Values& k) -> Values { return {value(element(k[0]))}; })[0];
    return b.op(Op::Le, {b.op(Op::Abs, {b.sub(sum, b.real(wanted))}), b.real(kTolerance)});
  };
  const ValueId inside = b.for_each(each, {ir::Reducer::All}, [&](const Values& k) -> Values { return {in_interval(f, element(k[0]), required)}; })[0];
  switch (structure) {
    case types::Structure::Simplex: return b.op(Op::And, {inside, near([](ValueId v) { return v; }, 1)});
    case types::Structure::ZeroSum: return b.op(Op::And, {inside, near([](ValueId v) { return v; }, 0)});
    case types::Structure::UnitVector: return b.op(Op::And, {inside, near([&](ValueId v) { return b.mul(v, v); }, 1)});
    default: break;  // ordered, or positive and ordered
  }
  const ValueId rises = b.for_each(each, {ir::Reducer::All}, [&](const Values& k) -> Values {
    const ValueId i = b.op(Op::ToInt, {k[0]});
    return b.branch(
        b.op(Op::ILt, {b.integer(0), i}), [&]() -> Values { return {b.op(Op::Lt, {element(b.index(along, b.op(Op::ISub, {i, b.integer(1)}))), element(k[0])})}; },
        [&]() -> Values { return {b.boolean(true)}; });
  })[0];
  return b.op(Op::And, {inside, rises});
}

// The condition itself, where its indices are bound.
ValueId ModelWriter::holds_at(Body& f, const Obligation& o, const Scope& scope) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  switch (o.kind) {
    case Kind::Support:
    case Kind::Claim:
      if (types::event_rank(o.structure) > 0) return has_structure(f, o, scope);
      return in_interval(f, w.to_real(w.scalar(*o.subject, scope)), o.required);
    case Kind::IndexRange: {
      const ValueId i = w.to_int(w.scalar(*o.subject, scope));
      const ValueId below = b.op(Op::ILt, {i, b.size(w.dim(o.dimension, scope))});
      return b.op(Op::And, {b.op(Op::ILe, {b.integer(0), i}), below});
    }
    case Kind::Length:
      return b.op(Op::IEq, {b.size(w.dim(o.dimension, scope)), b.integer(static_cast<std::int64_t>(o.required.lo))});
    case Kind::DomainRead:
    case Kind::EarlierElement:
    case Kind::Disjoint: break;
  }
  return w.to_bool(w.scalar(*o.condition, scope));
}

// The same where it is asked: inside its guard, and of an observed statement in cells that are scored or imputed.
ValueId ModelWriter::holds(Body& f, const Obligation& o, const elaborate::Item* item, const Scope& scope) {
  ir::Builder& b = *f.builder;
  std::vector<const Expr*> guards;
  const auto* observed = item ? item->get_if<elaborate::ObservedItem>() : nullptr;
  std::vector<const Symbol*> unbound;
  auto inner = std::make_shared<Environment>(scope);
  if (observed && observed->scored && observed->imputation == elaborate::Imputation::None) {
    // The item's own indices by those of the condition.
    std::size_t known = 0;
    for (const Symbol* own : item->space.indices)
      for (const Symbol* index : o.indices)
        if (own->name == index->name && own->type.index_of == index->type.index_of) {
          inner->bind(own, *scope->find(index));
          ++known;
          break;
        }
    if (known == item->space.indices.size()) {
      if (item->space.where) guards.push_back(item->space.where);
      guards.push_back(observed->scored);
    }
  }
  if (o.guard) guards.push_back(o.guard);
  std::function<Values(std::size_t)> from = [&](std::size_t i) -> Values {
    if (i == guards.size()) return {holds_at(f, o, inner)};
    return b.branch(
        f.writer->to_bool(f.writer->scalar(*guards[i], inner)), [&]() -> Values { return from(i + 1); }, [&]() -> Values { return {b.boolean(true)}; });
  };
  return from(0)[0];
}

// Tests in `bind` every condition on data that no value below item `next` takes part in and that has not been tested.
void ModelWriter::write_checks(Body& f, std::size_t next) {
  ir::Builder& b = *f.builder;
  for (std::size_t number = 0; number < model_.obligations.size(); ++number) {
    const Obligation& o = model_.obligations[number];
    if (tested_.contains(number) || !on_data(o)) continue;
    const elaborate::Item* item = origin(o);
    if (is_left_to_density(o, item)) continue;
    const auto* observed = item ? item->get_if<elaborate::ObservedItem>() : nullptr;
    const auto waits = [&](const elaborate::Item& below) {
      const auto* let = below.get_if<elaborate::LetItem>();
      if (!let) return false;
      return reads(o.subject, let->symbol) || reads(o.condition, let->symbol) || reads(o.guard, let->symbol) ||
             (observed && (reads(observed->scored, let->symbol) || reads(item->space.where, let->symbol)));
    };
    bool ready = !item || given_.contains(item) || !reads_unchecked(*item);
    for (std::size_t i = next; i < model_.items.size(); ++i) ready = ready && !waits(*model_.items[i]);
    if (!ready) continue;
    tested_.insert(number);
    std::vector<ir::DimId> over;
    for (const Symbol* index : o.indices) over.push_back(dims_.id(index->type.index_of));
    const std::vector<const Symbol*> indices(o.indices.begin(), o.indices.end());
    const auto test = [&](const Values& at) -> Values {
      const Scope scope = scope_at(f, indices, at);
      ValueId cell = b.integer(0);
      for (std::size_t i = 0; i < at.size(); ++i) cell = b.op(Op::IAdd, {b.op(Op::IMul, {cell, b.size(over[i])}), b.op(Op::ToInt, {at[i]})});
      b.check(holds(f, o, item, scope), std::to_string(number), -1, {cell});
      return {};
    };
    if (over.empty())
      test({});
    else
      b.for_each(ir::Builder::over(over), {}, test);
  }
}

// A term, or -inf where a condition on latents of its statement does not hold.
ValueId ModelWriter::where_allowed(Body& f, const elaborate::Item& item, const Scope& scope, const std::function<ValueId()>& term) {
  ir::Builder& b = *f.builder;
  ValueId allowed;
  for (const Obligation& o : model_.obligations) {
    if (on_data(o) || !within(o.range, item.body_range)) continue;
    std::vector<const Symbol*> left;
    const Scope inner = scope_of(o, item, scope, left);
    const ValueId here = all_hold(f, o, inner, left);
    allowed = allowed.valid() ? b.op(Op::And, {allowed, here}) : here;
  }
  if (!allowed.valid()) return term();
  return b.branch(
      allowed, [&]() -> Values { return {term()}; }, [&]() -> Values { return {b.real(-std::numeric_limits<double>::infinity())}; })[0];
}

// The condition over the indices that are left, together.
ValueId ModelWriter::all_hold(Body& f, const Obligation& o, const Scope& scope, const std::vector<const Symbol*>& left) {
  if (left.empty()) return holds(f, o, nullptr, scope);
  std::vector<ir::DimId> over;
  for (const Symbol* index : left) over.push_back(dims_.id(index->type.index_of));
  return f.builder->for_each(ir::Builder::over(over), {ir::Reducer::All}, [&](const Values& at) -> Values {
    auto inner = std::make_shared<Environment>(scope);
    for (std::size_t i = 0; i < left.size(); ++i) inner->bind(left[i], at[i]);
    return {holds(f, o, nullptr, inner)};
  })[0];
}

// What a derived value claims of latents: 0, or -inf where it does not hold.
void ModelWriter::write_claims(Body& f, const elaborate::LetItem& item) {
  if (!f.sums()) return;
  ir::Builder& b = *f.builder;
  for (const Obligation& o : model_.obligations) {
    if (on_data(o) || !within(o.range, item.body_range)) continue;
    const std::vector<const Symbol*> all(o.indices.begin(), o.indices.end());
    const ValueId holds_all = all_hold(f, o, f.env, all);
    const ValueId term = b.branch(
        holds_all, [&]() -> Values { return {b.real(0)}; }, [&]() -> Values { return {b.real(-std::numeric_limits<double>::infinity())}; })[0];
    add_sums(f, *site_below(item), f.purpose.kind == Purpose::Terms ? Values{term, b.op(Op::ToInt, {b.op(Op::Not, {holds_all})})} : Values{term});
  }
}

// The first statement with a density after a derived value, or the last before it: where what it claims is counted.
const elaborate::Item* ModelWriter::site_below(const elaborate::Item& item) const {
  const elaborate::Item* nearest = nullptr;
  bool below = false;
  for (const elaborate::Item* each : model_.items) {
    below = below || each == &item;
    if (!sites_.contains(each)) continue;
    nearest = each;
    if (below) break;
  }
  return nearest;
}

}  // namespace lacuna::density
