// Subscripts: which kinds may index a dimension, what is shown to be inside, and slices.
#include <algorithm>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/provisional_type.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Outcome;
using types::Scalar;

namespace {

// The whole array that a subscript reads. A name that is being defined may be read at other elements.
const Expr* check_object(Context& c, const syntax::Expr& e) {
  if (const auto* name = e.get_if<syntax::NameExpr>()) {
    Symbol* symbol = c.scope.find(name->text);
    if (symbol && !symbol->type.is_error() && symbol->kind != SymbolKind::Poisoned) {
      if (!read_value(c, *symbol, e.range)) return make_error(c, e.range);
      return make_variable(c, symbol, e.range);
    }
    if (!symbol && c.coming.contains(name->text)) {
      // Declares the symbol when the name comes further down in the same plate; the report, if it does not, is that of any name.
      const std::size_t before = c.sink.diagnostics().size();
      const Expr* tried = check_name(c, *name, {.allow_optional = true});
      symbol = c.scope.find(name->text);
      if (!symbol) return tried;
      c.sink.truncate(before);
      return make_variable(c, symbol, e.range);
    }
  }
  Expected whole;
  whole.allow_optional = true;
  return check_expr(c, e, whole);
}

// One index; an Error expression when it cannot subscript `d`. Sets `to_check` when bind must look.
const Expr* check_index(Context& c, const syntax::Expr& e, const Dimension* d, bool& to_check) {
  Expected place;
  place.index_of = d;
  const Expr* index = check_expr(c, e, place);
  if (index->is_error()) return index;
  const std::string name = types::dimension_string(d);
  // In a `marginal`, `mu[seen]` are the seen coordinates.
  const bool chooses = c.place == Place::Distribution && index->type.scalar == Scalar::Bool && index->type.rank() == 1 && index->type.dims[0] == d;
  if (chooses && index->kind == ExprKind::Variable) return index;
  if (index->type.is_array()) {
    c.sink.report(Id::ArrayHere, e.range, "a subscript", types::shape_string(index->type.dims))
        .help("write the elements with an index of their own: `a[county[n]]` for `n in N`");
    return make_error(c, e.range);
  }
  switch (index->type.scalar) {
    case Scalar::Index:
      if (index->type.index_of == d) return index;
      c.sink.report(Id::IndexOfOtherDimension, e.range, types::dimension_string(index->type.index_of), name)
          .note("positions of one dimension mean nothing in another")
          .help(fmt::format("if the positions are meant, compute an `int`: `{} + 0`", c.sources.text(e.range)));
      return make_error(c, e.range);
    case Scalar::Int: break;
    default:
      c.sink.report(Id::IndexKind, e.range, name, types::to_string(index->type));
      return make_error(c, e.range);
  }
  if (index->stage >= Stage::Draw) {
    c.sink.report(Id::IndexFromLatent, e.range, name)
        .note(fmt::format("what depends on a latent subscripts `{0}` only when it is an index of `{0}`, so that it cannot lie outside", name));
    return make_error(c, e.range);
  }
  switch (c.facts.within(*index, d)) {
    case Outcome::Shown: break;
    case Outcome::Refuted:
      report_index_outside(c, e.range, *d);
      return make_error(c, e.range);
    case Outcome::ToCheck: {
      to_check = true;
      Obligation o;
      o.kind = Obligation::Kind::IndexRange;
      o.subject = index;
      o.dimension = d;
      o.range = e.range;
      oblige(c, o);
      break;
    }
  }
  return index;
}

// The plates' indices that stand before what is written: `z[k]` of a local with a dimension of its own is an element of the vector
// here, where `z[n - 1, k]` and, for a local without one, `z[n - 1]` are read at an earlier index of the plate.
std::vector<const Expr*> indices_here(Context& c, const syntax::SubscriptExpr& e, const Expr& object) {
  const auto* variable = object.get_if<VariableExpr>();
  if (!variable || !variable->symbol->local || variable->symbol->plate_rank == 0) return {};
  const std::size_t plates = variable->symbol->plate_rank;
  if (object.type.rank() < plates + e.items.size()) return {};
  std::vector<const Expr*> all;
  for (const Plate* p = c.plate; p; p = p->parent) {
    std::vector<const Expr*> own;
    for (const Symbol* index : p->indices) {
      if (e.items[0].index && mentions(*e.items[0].index, index->name)) return {};
      own.push_back(make_variable(c, index, e.object->range));
    }
    all.insert(all.begin(), own.begin(), own.end());
  }
  all.resize(std::min(all.size(), plates));
  return all;
}

}  // namespace

const Expr* check_subscript(Context& c, const syntax::SubscriptExpr& e, const Expected& expected) {
  const Expr* object = check_object(c, *e.object);
  if (object->is_error()) return make_error(c, e.range);
  if (!object->type.is_array()) {
    c.sink.report(Id::NotAnArray, e.range).also_at(e.object->range, fmt::format("of type `{}`", types::to_string(object->type)));
    return make_error(c, e.range);
  }
  if (e.items.size() > object->type.rank()) {
    c.sink.report(Id::TooManySubscripts, e.range, e.items.size(), types::shape_string(object->type.dims))
        .also_at(e.object->range, fmt::format("has shape {}", types::shape_string(object->type.dims)));
    return make_error(c, e.range);
  }
  std::vector<const Expr*> indices = indices_here(c, e, *object);
  const std::size_t here = indices.size();
  std::uint32_t to_check = 0;
  bool wrong = false;
  for (std::size_t i = 0; i < e.items.size(); ++i) {
    if (!e.items[i].index) {
      indices.push_back(nullptr);
      continue;
    }
    bool check_later = false;
    indices.push_back(check_index(c, *e.items[i].index, object->type.dims[here + i], check_later));
    wrong |= indices.back()->is_error();
    if (check_later && here + i < 32) to_check |= 1u << (here + i);
  }
  if (wrong) return make_error(c, e.range);
  const Expr* result = make_subscript(c, object, std::move(indices), e.range);
  if (to_check) {
    auto* marked = c.arena.make<SubscriptExpr>(result->as<SubscriptExpr>());
    marked->to_check = to_check;
    result = marked;
  }
  return settle_missing(c, result, expected);
}

}  // namespace lacuna::check
