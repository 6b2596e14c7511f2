// Written vectors, comprehensions, and binders.
#include "compiler/check/check_expr_parts.h"

namespace lacuna::check {

using diagnostics::Id;
using types::DimensionOrigin;
using types::Scalar;

namespace {

int depth_of(const syntax::ArrayExpr& e) {
  if (e.elements.empty()) return 1;
  const auto* inner = e.elements[0]->get_if<syntax::ArrayExpr>();
  return 1 + (inner ? depth_of(*inner) : 0);
}

// The dimension of a written vector: what its place asks for, else one of its own.
const Dimension* vector_dimension(Context& c, const syntax::ArrayExpr& e, const Expected& expected, int depth) {
  const auto count = static_cast<std::int64_t>(e.elements.size());
  const std::size_t asked = expected.dims.size();
  if (asked >= static_cast<std::size_t>(depth)) {
    const Dimension* d = expected.dims[asked - static_cast<std::size_t>(depth)];
    if (d->size >= 0 && d->size != count) {
      c.sink.report(Id::VectorLength, e.range, count, types::dimension_string(d), d->size).also_at(d->range, "declared here");
      return nullptr;
    }
    if (d->size < 0 && d->origin != DimensionOrigin::Generic) {
      Obligation o;
      o.kind = Obligation::Kind::Length;
      o.dimension = d;
      o.required = Interval::point(static_cast<double>(count));
      o.range = e.range;
      oblige(c, o);
    }
    return d;
  }
  auto* d = c.arena.make<Dimension>();
  d->origin = DimensionOrigin::Literal;
  d->size = count;
  d->range = e.range;
  return d;
}

}  // namespace

const Expr* check_array(Context& c, const syntax::ArrayExpr& e, const Expected& expected) {
  const Dimension* d = vector_dimension(c, e, expected, depth_of(e));
  if (!d) return make_error(c, e.range);
  auto* array = c.arena.make<ArrayExpr>();
  array->kind = ExprKind::Array;
  array->range = e.range;
  std::vector<const Expr*> elements;
  Expected inner;
  inner.index_of = expected.index_of;
  inner.allow_optional = expected.allow_optional;
  if (!expected.dims.empty()) inner.dims = expected.dims;
  bool wrong = false;
  for (const syntax::Expr* element : e.elements) {
    const Expr* value = check_expr(c, *element, inner);
    elements.push_back(value);
    if (value->is_error()) {
      wrong = true;
      continue;
    }
    array->stage = later(array->stage, value->stage);
    if (elements.size() == 1) {
      array->type = value->type;
      continue;
    }
    if (elements[0]->is_error()) continue;
    // Nested written vectors have a literal dimension each; equal lengths are one dimension.
    bool alike = value->type.rank() == array->type.rank();
    for (std::size_t i = 0; alike && i < value->type.rank(); ++i) {
      const Dimension* a = value->type.dims[i];
      const Dimension* b = array->type.dims[i];
      alike = a == b || (a->origin == DimensionOrigin::Literal && b->origin == DimensionOrigin::Literal && a->size == b->size);
    }
    if (!alike) {
      c.sink.report(Id::ElementsDiffer, element->range)
          .label(fmt::format("has {}", types::shape_string(value->type.dims)))
          .also_at(e.elements[0]->range, fmt::format("has {}", types::shape_string(array->type.dims)));
      wrong = true;
      continue;
    }
    array->type.bounds = types::hull(array->type.bounds, value->type.bounds);
    array->type.optional |= value->type.optional;
    if (array->type.scalar == value->type.scalar && array->type.index_of == value->type.index_of) continue;
    if (!array->type.is_numeric() || !value->type.is_numeric()) {
      c.sink.report(Id::WrongKind, element->range, "a written vector", "numbers", types::to_string(value->type));
      wrong = true;
      continue;
    }
    const bool real = array->type.scalar == Scalar::Real || value->type.scalar == Scalar::Real;
    array->type.scalar = real ? Scalar::Real : Scalar::Int;
    array->type.index_of = nullptr;
  }
  if (wrong) return make_error(c, e.range);
  if (e.elements.empty()) array->type = types::real_type();
  std::vector<const Dimension*> dims{d};
  dims.insert(dims.end(), array->type.dims.begin(), array->type.dims.end());
  array->type.dims = c.arena.copy(dims);
  array->type.structure = types::Structure::None;
  array->elements = c.arena.copy(elements);
  return array;
}

const Expr* check_comprehension(Context& c, const syntax::ComprehensionExpr& e, const Expected& expected) {
  enter(c);
  const std::vector<const Symbol*> binders = bind(c, e.binders);
  bool wrong = binders.size() != e.binders.size();
  if (e.where) {
    c.sink.report(Id::ComprehensionCondition, e.where->range)
        .help("give the others a value: `[if c then a else b for n in N]`; or reduce: `sum(x[n] for n in N where c)`");
    wrong = true;
  }
  Expected inner;
  inner.index_of = expected.index_of;
  inner.allow_optional = expected.allow_optional;
  if (expected.dims.size() > e.binders.size()) inner.dims = expected.dims.subspan(e.binders.size());
  const Expr* body = check_expr(c, *e.body, inner);
  leave(c);
  if (wrong || body->is_error()) return make_error(c, e.range);

  auto* result = c.arena.make<ComprehensionExpr>();
  result->kind = ExprKind::Comprehension;
  result->range = e.range;
  result->binders = c.arena.copy(binders);
  result->body = body;
  result->stage = body->stage;
  result->type = body->type;
  std::vector<const Dimension*> dims;
  for (const Symbol* b : binders) dims.push_back(b->type.index_of);
  dims.insert(dims.end(), body->type.dims.begin(), body->type.dims.end());
  result->type.dims = c.arena.copy(dims);
  return result;
}

std::vector<const Symbol*> bind(Context& c, List<const syntax::Binder> binders) {
  std::vector<const Symbol*> bound;
  for (const syntax::Binder& b : binders) {
    Dimension* d = find_dimension(c, b.dimension);
    auto* index = c.arena.make<Symbol>();
    index->kind = d ? SymbolKind::Index : SymbolKind::Poisoned;
    index->name = b.variable.text;
    index->range = b.variable.range;
    index->stage = Stage::Data;
    if (d) index->type = types::index_type(d);
    const Symbol* clash = c.scope.find(b.variable.text);
    const auto dimension = c.dimensions.find(b.variable.text);
    if (clash && clash->kind != SymbolKind::Poisoned) {
      c.sink.report(Id::Redefined, b.variable.range, b.variable.text).label("an index here").also_at(clash->range, "defined here");
    } else if (dimension != c.dimensions.end() && dimension->second) {
      c.sink.report(Id::Redefined, b.variable.range, b.variable.text).label("an index here").also_at(dimension->second->range, "a dimension here");
    }
    c.scope.declare(index);
    if (!d) continue;
    c.facts.bind(*index);
    c.indices.push_back(index);
    bound.push_back(index);
  }
  return bound;
}

}  // namespace lacuna::check
