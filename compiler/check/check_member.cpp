// `base.log_density(x)`: members of a distribution as values.
#include <algorithm>

#include "compiler/check/check_distribution.h"
#include "compiler/check/check_expr_parts.h"
#include "compiler/check/distribution_members.h"
#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

// The distribution whose member is read: a call of one, a `dist` parameter, or an element of one of type `dist[K]`.
const Expr* check_distribution_object(Context& c, const syntax::MemberExpr& e) {
  const Expr* object = nullptr;
  if (e.object->kind == syntax::ExprKind::Call) {
    object = check_distribution(c, *e.object, {});
    if (!object) return make_error(c, e.range);
  } else {
    object = check_expr(c, *e.object);
  }
  if (object->is_error()) return object;
  if (object->kind == ExprKind::Distribution || (object->type.scalar == Scalar::Dist && !object->type.is_array())) return object;
  if (object->type.scalar == Scalar::Dist)
    c.sink.report(Id::MemberOfValue, e.member.range, "dist" + types::shape_string(object->type.dims)).help("choose one of them with an index: `components[k]`");
  else
    c.sink.report(Id::MemberOfValue, e.member.range, types::to_string(object->type));
  return make_error(c, e.range);
}

void report_unknown_member(Context& c, const syntax::MemberExpr& e) {
  auto& report = c.sink.report(Id::UnknownMember, e.member.range, e.member.text);
  std::vector<std::string_view> names;
  for (const MemberEntry& m : member_entries()) names.push_back(m.name);
  const std::string_view near = support::nearest(e.member.text, names);
  if (!near.empty()) report.help(fmt::format("did you mean `{}`?", near), {{e.member.range, std::string(near)}});
}

Type result_type(const MemberEntry& entry, const Expr& object) {
  const auto* d = object.get_if<DistributionExpr>();
  Type t = types::real_type();
  if (d) t.dims = d->type.dims.subspan(0, d->batch_rank);
  switch (entry.result) {
    case MemberResult::Share: t.bounds = Interval::unit(); break;
    case MemberResult::Flag: t = types::bool_type(); break;
    case MemberResult::Value:
      if (d && d->distribution) t = d->type;
      break;
    case MemberResult::Moment:
      if (d) t.dims = d->type.dims;
      if (entry.name == "variance") t.bounds = Interval::nonnegative();
      break;
    default: break;
  }
  return t;
}

// A member that the distribution does not give and that nothing stands in for.
bool check_given(Context& c, const syntax::MemberExpr& e, const Expr& object) {
  const auto* d = object.get_if<DistributionExpr>();
  if (!d || !d->distribution) return true;
  const auto missing = missing_member(c, *d, e.member.text);
  if (!missing) return true;
  c.sink.report(Id::MemberNotGiven, e.member.range, missing->distribution, missing->member)
      .also_at(d->range, "of this distribution")
      .note("what a distribution does not give is never guessed");
  return false;
}

}  // namespace

const Expr* check_member(Context& c, const syntax::MemberExpr& e, List<const syntax::Argument> arguments, SourceRange range) {
  const Expr* object = check_distribution_object(c, e);
  if (object->is_error()) return make_error(c, range);
  const MemberEntry* entry = find_member_entry(e.member.text);
  if (!entry || entry->result == MemberResult::Part) {
    report_unknown_member(c, e);
    return make_error(c, range);
  }
  const std::size_t wanted = entry->parameter == MemberParameter::None ? 0 : 1;
  if (arguments.size() != wanted) {
    c.sink.report(Id::WrongArity, range, entry->name, wanted ? "one argument" : "no argument",
                  arguments.size() == 1 ? std::string("1 is") : fmt::format("{} are", arguments.size()));
    return make_error(c, range);
  }
  if (entry->name == "draw" && c.place != Place::Draw) {
    c.sink.report(Id::ChanceOutsideDraw, range, entry->name)
        .help("to draw a value in a model, write `sample z ~ Normal(0, 1)` or `output q ~ Normal(0, 1)`");
    return make_error(c, range);
  }
  if (!check_given(c, e, *object)) return make_error(c, range);
  auto* result = c.arena.make<MemberExpr>();
  result->kind = ExprKind::Member;
  result->range = range;
  result->object = object;
  result->member = entry->name;
  result->type = result_type(*entry, *object);
  result->stage = object->stage;
  std::vector<const Expr*> values;
  for (const syntax::Argument& a : arguments) {
    const Expr* value = check_expr(c, *a.value);
    if (value->is_error()) return make_error(c, range);
    result->stage = later(result->stage, value->stage);
    if (const auto dims = line_up(c, result->type.dims, value->type.dims); dims && result->type.rank() < dims->size() && entry->result != MemberResult::Value)
      result->type.dims = *dims;
    values.push_back(value);
  }
  result->arguments = c.arena.copy(values);
  return result;
}

}  // namespace lacuna::check
