// Makers of typed nodes, apart from builtins (builtin_rules.cpp).
#include "compiler/check/check_expr.h"

namespace lacuna::check {

const Expr* make_error(Context& c, SourceRange range) {
  Expr* e = c.arena.make<Expr>();
  e->range = range;
  return e;
}

const Expr* make_literal(Context& c, double value, Type type, SourceRange range) {
  auto* e = c.arena.make<LiteralExpr>();
  e->kind = ExprKind::Literal;
  e->range = range;
  e->value = value;
  e->type = type;
  if (type.scalar != types::Scalar::Real) e->integer = static_cast<std::int64_t>(value);
  e->type.bounds = Interval::point(value);
  return e;
}

const Expr* make_variable(Context& c, const Symbol* symbol, SourceRange range) {
  auto* e = c.arena.make<VariableExpr>();
  e->kind = ExprKind::Variable;
  e->range = range;
  e->symbol = symbol;
  e->type = symbol->type;
  e->stage = symbol->stage;
  return e;
}

namespace {

// The coordinates that a `seen` selects are a dimension of their own, the same wherever it stands.
const Dimension* selected_dimension(Context& c, const Expr& seen) {
  const Symbol* symbol = seen.as<VariableExpr>().symbol;
  Dimension*& slot = c.selected[symbol];
  if (slot) return slot;
  slot = c.arena.make<Dimension>();
  slot->name = symbol->name;
  slot->range = symbol->range;
  slot->origin = types::DimensionOrigin::Generic;
  return slot;
}

}  // namespace

const Expr* make_subscript(Context& c, const Expr* object, std::vector<const Expr*> indices, SourceRange range) {
  if (object->is_error()) return object;
  auto* e = c.arena.make<SubscriptExpr>();
  e->kind = ExprKind::Subscript;
  e->range = range;
  e->object = object;
  e->stage = object->stage;
  e->type = object->type;
  std::vector<const Dimension*> left;
  indices.resize(object->type.rank(), nullptr);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (indices[i])
      e->stage = later(e->stage, indices[i]->stage);
    else
      left.push_back(object->type.dims[i]);
    if (indices[i] && indices[i]->type.is_array()) left.push_back(selected_dimension(c, *indices[i]));
  }
  e->indices = c.arena.copy(indices);
  const bool event_whole = left.size() >= static_cast<std::size_t>(types::event_rank(e->type.structure));
  std::size_t subscripted_in_event = 0;
  for (std::size_t i = indices.size() - std::min<std::size_t>(indices.size(), types::event_rank(e->type.structure)); i < indices.size(); ++i)
    if (indices[i]) ++subscripted_in_event;
  // One coordinate of a simplex is a number; a row of a matrix has no structure of its own.
  if (!event_whole || subscripted_in_event) e->type.structure = types::Structure::None;
  e->type.dims = c.arena.copy(left);
  return e;
}

const Expr* conjunction(Context& c, const Expr* a, const Expr* b) {
  if (!a) return b;
  if (!b) return a;
  return make_builtin(c, Builtin::And, {a, b}, a->range.file == b->range.file ? support::cover(a->range, b->range) : b->range);
}

std::optional<List<const Dimension* const>> line_up(Context&, List<const Dimension* const> a, List<const Dimension* const> b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  // An array with a dimension twice lines up only with its own kind.
  if (types::has_repeated(a) || types::has_repeated(b)) {
    if (types::same_dims(a, b)) return a;
    return std::nullopt;
  }
  const bool b_more = b.size() > a.size();
  const auto& wide = b_more ? b : a;
  const auto& narrow = b_more ? a : b;
  for (const Dimension* d : narrow)
    if (!types::contains(wide, d)) return std::nullopt;
  return wide;
}

}  // namespace lacuna::check
