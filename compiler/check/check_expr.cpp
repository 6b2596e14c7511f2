// Expressions: dispatch, literals, names, operators, `if`.
#include "compiler/check/check_expr.h"

#include <algorithm>
#include <numbers>
#include <optional>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/foreign_names.h"
#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

Builtin builtin_of(syntax::BinaryOp op) {
  using enum syntax::BinaryOp;
  switch (op) {
    case Coalesce: return Builtin::Coalesce;
    case Or: return Builtin::Or;
    case And: return Builtin::And;
    case Equal: return Builtin::Equal;
    case NotEqual: return Builtin::NotEqual;
    case Less: return Builtin::Less;
    case LessEqual: return Builtin::LessEqual;
    case Greater: return Builtin::Greater;
    case GreaterEqual: return Builtin::GreaterEqual;
    case Add: return Builtin::Add;
    case Subtract: return Builtin::Subtract;
    case Multiply: return Builtin::Multiply;
    case Divide: return Builtin::Divide;
    case Modulo: return Builtin::Modulo;
    case Contract: return Builtin::Contract;
    case Power: return Builtin::Power;
  }
  return Builtin::Add;
}

const Expr* check_number(Context& c, const syntax::NumberExpr& e) {
  if (e.is_integer) {
    auto* literal = const_cast<LiteralExpr*>(
        &make_literal(c, static_cast<double>(e.integer), types::int_type(), e.range)->as<LiteralExpr>());
    literal->integer = e.integer;
    return literal;
  }
  return make_literal(c, e.real, types::real_type(), e.range);
}

const Expr* check_label(Context& c, const syntax::StringExpr& e, const Expected& expected) {
  const Dimension* d = expected.index_of;
  if (!d) {
    c.sink.report(Id::LabelWithoutDimension, e.range, e.value)
        .note("a label stands where an index of its dimension is compared or subscripts: `a[\"low\"]`, `county[n] == \"low\"`");
    return make_error(c, e.range);
  }
  auto* label = c.arena.make<LabelExpr>();
  label->kind = ExprKind::Label;
  label->range = e.range;
  label->label = e.value;
  label->dimension = d;
  label->type = types::index_type(d);
  label->stage = Stage::Data;
  if (d->origin == types::DimensionOrigin::Labels) {
    const auto found = std::find(d->labels.begin(), d->labels.end(), e.value);
    if (found == d->labels.end()) {
      auto& report = c.sink.report(Id::UnknownLabel, e.range, e.value, d->name);
      report.also_at(d->range, "its labels are declared here");
      constexpr std::size_t kFew = 8;
      if (d->labels.size() <= kFew) {
        std::string all;
        for (const std::string_view known : d->labels) all += fmt::format("{}`\"{}\"`", all.empty() ? "" : ", ", known);
        report.note(fmt::format("`{}` has the labels {}", d->name, all));
      }
      const std::string_view near = support::nearest(e.value, {d->labels.begin(), d->labels.end()});
      if (!near.empty()) report.help(fmt::format("did you mean `\"{}\"`?", near), {{e.range, fmt::format("\"{}\"", near)}});
      return make_error(c, e.range);
    }
    const auto position = static_cast<double>(found - d->labels.begin());
    label->type.bounds = Interval::point(position);
    label->stage = Stage::Constant;
  }
  return label;
}

const Expr* check_constant(Context& c, const syntax::ConstantExpr& e) {
  switch (e.value) {
    case syntax::ConstantKind::True: return make_literal(c, 1, types::bool_type(), e.range);
    case syntax::ConstantKind::False: return make_literal(c, 0, types::bool_type(), e.range);
    case syntax::ConstantKind::Pi: return make_literal(c, std::numbers::pi, types::real_type(), e.range);
    case syntax::ConstantKind::Inf: return make_literal(c, kInf, types::real_type(), e.range);
  }
  return make_error(c, e.range);
}

const Expr* check_unary(Context& c, const syntax::UnaryExpr& e, const Expected& expected) {
  Expected operand;
  operand.dims = expected.dims;
  operand.allow_optional = expected.allow_optional;
  const Expr* value = check_expr(c, *e.operand, operand);
  return make_builtin(c, e.op == syntax::UnaryOp::Negate ? Builtin::Negate : Builtin::Not, {value}, e.range);
}

// `&&` and `||`: what the left operand settles is known in the right one.
const Expr* check_logic(Context& c, const syntax::BinaryExpr& e, Builtin op) {
  const Expr* left = check_expr(c, *e.left);
  enter(c);
  assume(c, left, op == Builtin::And);
  const Expr* right = check_expr(c, *e.right);
  leave(c);
  return make_builtin(c, op, {left, right}, e.range);
}

// A label takes its dimension from the other side of a comparison.
const Expr* check_comparison(Context& c, const syntax::BinaryExpr& e, Builtin op) {
  const bool label_left = e.left->kind == syntax::ExprKind::String;
  const syntax::Expr& first = label_left ? *e.right : *e.left;
  const syntax::Expr& second = label_left ? *e.left : *e.right;
  for (const syntax::Expr* side : {&first, &second}) {
    const auto* name = side->get_if<syntax::NameExpr>();
    if (name && is_foreign_gap(name->text) && !c.scope.find(name->text)) return check_expr(c, *side);
  }
  const Expr* a = check_expr(c, first);
  Expected other;
  if (!a->is_error() && a->type.scalar == Scalar::Index) other.index_of = a->type.index_of;
  if (a->is_error() && second.kind == syntax::ExprKind::String) return make_error(c, e.range);
  const Expr* b = check_expr(c, second, other);
  return label_left ? make_builtin(c, op, {b, a}, e.range) : make_builtin(c, op, {a, b}, e.range);
}

// `x ?? e`
const Expr* check_coalesce(Context& c, const syntax::BinaryExpr& e, const Expected& expected) {
  Expected left_place = expected;
  left_place.allow_optional = true;
  const Expr* left = check_expr(c, *e.left, left_place);
  Expected right_place;
  right_place.dims = expected.dims;
  right_place.allow_optional = expected.allow_optional;
  if (!left->is_error() && left->type.scalar == Scalar::Index) right_place.index_of = left->type.index_of;
  const Expr* right = check_expr(c, *e.right, right_place);
  if (!left->is_error() && !left->type.optional) {
    c.sink.report(Id::NeverMissing, e.left->range)
        .label(fmt::format("of type `{}`", types::to_string(left->type)))
        .help("leave `??` and what follows it out");
  }
  return make_builtin(c, Builtin::Coalesce, {left, right}, e.range);
}

const Expr* check_binary(Context& c, const syntax::BinaryExpr& e, const Expected& expected) {
  const Builtin op = builtin_of(e.op);
  switch (builtin_entry(op).rule) {
    case Rule::Logic: return check_logic(c, e, op);
    case Rule::Compare: return check_comparison(c, e, op);
    case Rule::Coalesce: return check_coalesce(c, e, expected);
    default: break;
  }
  Expected operand;
  if (op != Builtin::Contract) {
    operand.dims = expected.dims;
    operand.allow_optional = expected.allow_optional;
  }
  const Expr* left = check_expr(c, *e.left, operand);
  const Expr* right = check_expr(c, *e.right, operand);
  return make_builtin(c, op, {left, right}, e.range);
}

// The type that both branches have together; Error when their kinds do not mix.
Type join(const Type& a, const Type& b) {
  Type t;
  if (a.scalar == b.scalar && (a.scalar != Scalar::Index || a.index_of == b.index_of))
    t = a;
  else if (!a.is_numeric() || !b.is_numeric())
    return {};
  else if (a.scalar == Scalar::Real || b.scalar == Scalar::Real)
    t.scalar = Scalar::Real;
  else
    t.scalar = Scalar::Int;
  t.structure = a.structure == b.structure ? a.structure : types::Structure::None;
  t.bounds = types::hull(a.bounds, b.bounds);
  t.optional = a.optional || b.optional;
  return t;
}

const Expr* check_if(Context& c, const syntax::IfExpr& e, const Expected& expected) {
  const Expr* condition = check_condition(c, *e.condition, false, "a condition");
  enter(c);
  assume(c, condition, true);
  const Expr* then_value = check_expr(c, *e.then_value, expected);
  leave(c);
  enter(c);
  assume(c, condition, false);
  const Expr* else_value = check_expr(c, *e.else_value, expected);
  leave(c);
  if (condition->is_error() || then_value->is_error() || else_value->is_error()) return make_error(c, e.range);

  auto* result = c.arena.make<IfExpr>();
  result->kind = ExprKind::If;
  result->range = e.range;
  result->condition = condition;
  result->then_value = then_value;
  result->else_value = else_value;
  result->stage = later(condition->stage, later(then_value->stage, else_value->stage));
  result->type = join(then_value->type, else_value->type);
  if (result->type.is_error()) {
    c.sink.report(Id::BranchesDiffer, e.range, types::to_string(then_value->type), types::to_string(else_value->type));
    return make_error(c, e.range);
  }
  auto dims = line_up(c, then_value->type.dims, else_value->type.dims);
  if (!dims) {
    report_shapes(c, *then_value, *else_value, e.range);
    return make_error(c, e.range);
  }
  const auto all = line_up(c, *dims, condition->type.dims);
  if (!all) {
    report_shapes(c, *condition, *then_value, e.range);
    return make_error(c, e.range);
  }
  result->type.dims = *all;
  return result;
}

}  // namespace

const Expr* check_expr(Context& c, const syntax::Expr& e, const Expected& expected) {
  const Expr* result = nullptr;
  switch (e.kind) {
    case syntax::ExprKind::Number: result = check_number(c, e.as<syntax::NumberExpr>()); break;
    case syntax::ExprKind::String: result = check_label(c, e.as<syntax::StringExpr>(), expected); break;
    case syntax::ExprKind::Constant: result = check_constant(c, e.as<syntax::ConstantExpr>()); break;
    case syntax::ExprKind::Name: result = check_name(c, e.as<syntax::NameExpr>(), expected); break;
    case syntax::ExprKind::Unary: result = check_unary(c, e.as<syntax::UnaryExpr>(), expected); break;
    case syntax::ExprKind::Binary: result = check_binary(c, e.as<syntax::BinaryExpr>(), expected); break;
    case syntax::ExprKind::If: result = check_if(c, e.as<syntax::IfExpr>(), expected); break;
    case syntax::ExprKind::Call: result = check_call(c, e.as<syntax::CallExpr>(), expected); break;
    case syntax::ExprKind::Member: result = check_member(c, e.as<syntax::MemberExpr>(), {}, e.range); break;
    case syntax::ExprKind::Subscript: result = check_subscript(c, e.as<syntax::SubscriptExpr>(), expected); break;
    case syntax::ExprKind::Array: result = check_array(c, e.as<syntax::ArrayExpr>(), expected); break;
    case syntax::ExprKind::Comprehension: result = check_comprehension(c, e.as<syntax::ComprehensionExpr>(), expected); break;
  }
  if (result->is_error()) return result;
  if (!expected.allow_array && result->type.is_array()) {
    c.sink.report(Id::ArrayHere, e.range, "this place", types::shape_string(result->type.dims))
        .help("choose an element, or reduce it: `sum(x)`, `mean(x)`");
    return make_error(c, e.range);
  }
  return result;
}

const Expr* check_condition(Context& c, const syntax::Expr& e, bool data_only, std::string_view what) {
  const Expr* condition = check_expr(c, e);
  if (condition->is_error()) return condition;
  if (condition->type.scalar != Scalar::Bool) {
    auto& report = c.sink.report(Id::WrongKind, e.range, what, "a `bool`", types::to_string(condition->type));
    if (condition->type.is_numeric()) report.help("compare it: `x != 0`");
    return make_error(c, e.range);
  }
  if (data_only && condition->stage >= Stage::Draw) {
    c.sink.report(Id::ConditionFromLatent, e.range, what)
        .note("which elements exist must be known once the data are bound; elements that exist in some draws only make a mixture")
        .help("to choose between values, write `if c then a else b`; to choose between distributions, `Mixture([p, 1 - p], D1, D2)`, with `p` the chance of the first");
    return make_error(c, e.range);
  }
  return condition;
}

// The sign between two operands, when that is all that stands between them.
std::optional<SourceRange> sign_between(Context& c, SourceRange a, SourceRange b) {
  if (a.file != b.file || a.end >= b.begin) return std::nullopt;
  const std::string_view gap = c.sources.text({a.file, a.end, b.begin});
  constexpr std::string_view kAround = " \n\r\t()";
  constexpr std::size_t kLongestSign = 2;
  const std::size_t first = gap.find_first_not_of(kAround);
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t last = gap.find_last_not_of(kAround) + 1;
  if (last - first > kLongestSign || gap[first] == ',') return std::nullopt;
  return SourceRange{a.file, a.end + static_cast<std::uint32_t>(first), a.end + static_cast<std::uint32_t>(last)};
}

void report_shapes(Context& c, const Expr& a, const Expr& b, SourceRange range) {
  range = sign_between(c, a.range, b.range).value_or(range);
  auto& report = c.sink.report(Id::ShapesDoNotLineUp, range, types::shape_string(a.type.dims), types::shape_string(b.type.dims));
  report.also_at(a.range, fmt::format("has shape {}", types::shape_string(a.type.dims)));
  report.also_at(b.range, fmt::format("has shape {}", types::shape_string(b.type.dims)));
  if (types::has_repeated(a.type.dims) || types::has_repeated(b.type.dims)) {
    report.note("an array that has a dimension twice lines up only with single values and its own kind");
    return;
  }
  report.note("the dimensions of one operand must contain those of the other, so that no array grows in silence");
  std::string binders;
  for (const Type* t : {&a.type, &b.type})
    for (const Dimension* d : t->dims) {
      if (d->name.empty()) {
        report.help(fmt::format("a vector written without a dimension to run over lines up with nothing; give it one: `let v: real[K] = ...`"));
        return;
      }
      const std::string binder = fmt::format("{} in {}", index_name(d), types::dimension_string(d));
      if (binders.find(binder) == std::string::npos) binders += (binders.empty() ? "" : ", ") + binder;
    }
  report.help(fmt::format("to make every combination, write it with indices: `[... for {}]`", binders));
}

std::string index_name(const Dimension* d) {
  const std::string name = types::dimension_string(d);
  if (name.empty() || !(name[0] >= 'A' && name[0] <= 'Z')) return "i";
  return std::string(1, static_cast<char>(name[0] - 'A' + 'a'));
}

}  // namespace lacuna::check
