// Reductions: over everything in an array, or over binders with a condition.
#include <array>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/interval_rules.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

Type reduction_type(Builtin op, const Type& body) {
  const std::array<Interval, 1> operand{body.bounds};
  const Interval bounds = interval_of(op, operand);
  switch (op) {
    case Builtin::Any:
    case Builtin::All: return types::bool_type();
    case Builtin::Count: return types::int_type(bounds);
    case Builtin::Mean:
    case Builtin::Logsumexp: return types::real_type(bounds);
    default: return body.scalar == Scalar::Real ? types::real_type(bounds) : types::int_type(bounds);
  }
}

}  // namespace

const Expr* check_reduction(Context& c, const syntax::CallExpr& e, Builtin op, const Expected&) {
  const std::string_view name = builtin_entry(op).spelling;
  for (const syntax::Argument& a : e.arguments) {
    if (a.name.text.empty()) continue;
    c.sink.report(Id::NamedArgument, a.name.range, name);
    return make_error(c, e.range);
  }
  auto* result = c.arena.make<ReduceExpr>();
  result->kind = ExprKind::Reduce;
  result->op = op;
  result->range = e.range;

  enter(c);
  const std::vector<const Symbol*> binders = bind(c, e.binders);
  if (e.where) {
    result->where = check_condition(c, *e.where, true, "the condition of this reduction");
    assume(c, result->where);
  }
  result->body = check_expr(c, *e.arguments[0].value);
  leave(c);
  if (binders.size() != e.binders.size() || result->body->is_error() || (result->where && result->where->is_error())) return make_error(c, e.range);

  const Type& body = result->body->type;
  if (!e.binders.empty() && body.is_array()) {
    c.sink.report(Id::ArrayHere, e.arguments[0].value->range, "what a reduction adds up for each index", types::shape_string(body.dims))
        .help("give it an index for every dimension, or reduce the inner array first");
    return make_error(c, e.range);
  }
  const bool logical = op == Builtin::Any || op == Builtin::All || op == Builtin::Count;
  if (logical ? body.scalar != Scalar::Bool : !body.is_numeric()) {
    auto& report = c.sink.report(Id::WrongKind, e.arguments[0].value->range, fmt::format("`{}`", name), logical ? "a `bool`" : "numbers", types::to_string(body));
    if (op == Builtin::Count) report.help("to count elements, write `size(N)`; to count those with a property, a condition: `count(x > 0)`");
    return make_error(c, e.range);
  }
  result->binders = c.arena.copy(binders);
  result->type = reduction_type(op, body);
  result->stage = result->body->stage;
  if (result->where) result->stage = later(result->stage, result->where->stage);
  if (result->stage == Stage::Constant && (!binders.empty() || body.is_array())) result->stage = Stage::Data;
  return result;
}

}  // namespace lacuna::check
