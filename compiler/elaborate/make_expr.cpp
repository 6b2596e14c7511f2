#include "compiler/elaborate/make_expr.h"

#include <algorithm>
#include <cctype>

#include <cmath>

#include "compiler/check/interval_rules.h"

namespace lacuna::elaborate {

using check::ExprKind;

namespace {

template <class T>
T* node(support::Arena& arena, Type type, SourceRange range) {
  T* e = arena.make<T>();
  e->kind = T::kKind;
  e->type = type;
  e->range = range;
  return e;
}

Stage latest(const std::vector<const Expr*>& all, Stage stage = Stage::Constant) {
  for (const Expr* e : all)
    if (e) stage = check::later(stage, e->stage);
  return stage;
}

}  // namespace

Type element_type(Type type) {
  type.dims = {};
  type.structure = types::Structure::None;
  return type;
}

const Expr* Maker::error(SourceRange range) {
  Expr* e = arena.make<Expr>();
  e->range = range;
  return e;
}

const Expr* Maker::integer(std::int64_t value, SourceRange range) {
  auto* e = node<check::LiteralExpr>(arena, types::int_type(types::Interval::point(static_cast<double>(value))), range);
  e->value = static_cast<double>(value);
  e->integer = value;
  return e;
}

const Expr* Maker::real(double value, SourceRange range) {
  auto* e = node<check::LiteralExpr>(arena, types::real_type(types::Interval::point(value)), range);
  e->value = value;
  return e;
}

const Expr* Maker::boolean(bool value, SourceRange range) {
  auto* e = node<check::LiteralExpr>(arena, types::bool_type(), range);
  e->value = value;
  e->integer = value;
  return e;
}

const Expr* Maker::variable(const Symbol* symbol, SourceRange range) {
  auto* e = node<check::VariableExpr>(arena, symbol->type, range);
  e->symbol = symbol;
  e->stage = symbol->kind == check::SymbolKind::Index ? Stage::Data : symbol->stage;
  return e;
}

const Expr* Maker::subscript(const Expr* object, const std::vector<const Expr*>& indices, Type type, SourceRange range, std::uint32_t to_check) {
  auto* e = node<check::SubscriptExpr>(arena, type, range);
  e->object = object;
  e->indices = arena.copy(indices);
  e->to_check = to_check;
  e->stage = latest(indices, object->stage);
  return e;
}

const Expr* Maker::builtin(Builtin op, const std::vector<const Expr*>& arguments, Type type, SourceRange range) {
  auto* e = node<check::BuiltinExpr>(arena, type, range);
  e->op = op;
  e->arguments = arena.copy(arguments);
  e->stage = latest(arguments, check::builtin_entry(op).rule == check::Rule::Chance ? Stage::Chance : Stage::Constant);
  return e;
}

const Expr* Maker::choose(const Expr* condition, const Expr* a, const Expr* b, Type type, SourceRange range) {
  auto* e = node<check::IfExpr>(arena, type, range);
  e->condition = condition;
  e->then_value = a;
  e->else_value = b;
  e->stage = latest({condition, a, b});
  return e;
}

const Expr* Maker::reduce(Builtin op, const std::vector<const Symbol*>& binders, const Expr* where, const Expr* body, Type type,
                          SourceRange range) {
  auto* e = node<check::ReduceExpr>(arena, type, range);
  e->op = op;
  e->binders = arena.copy(binders);
  e->where = where;
  e->body = body;
  e->stage = check::later(Stage::Data, latest({where, body}));
  return e;
}

const Expr* Maker::comprehension(const std::vector<const Symbol*>& binders, const Expr* where, const Expr* body, SourceRange range) {
  auto* e = node<check::ComprehensionExpr>(arena, body->type, range);
  std::vector<const Dimension*> dims;
  for (const Symbol* binder : binders) dims.push_back(binder->type.index_of);
  dims.insert(dims.end(), body->type.dims.begin(), body->type.dims.end());
  e->type.dims = arena.copy(dims);
  e->binders = arena.copy(binders);
  e->where = where;
  e->body = body;
  e->stage = check::later(Stage::Data, latest({where, body}));
  return e;
}

const Expr* Maker::array(const std::vector<const Expr*>& elements, Type type, SourceRange range) {
  auto* e = node<check::ArrayExpr>(arena, type, range);
  e->elements = arena.copy(elements);
  e->stage = latest(elements);
  return e;
}

const Expr* Maker::equal(const Expr* a, const Expr* b) { return builtin(Builtin::Equal, {a, b}, types::bool_type(), a->range); }

const Expr* Maker::negation(const Expr* a) { return builtin(Builtin::Not, {a}, types::bool_type(), a->range); }

const Expr* Maker::both(const Expr* a, const Expr* b) {
  if (!a) return b;
  if (!b) return a;
  return builtin(Builtin::And, {a, b}, types::bool_type(), a->range);
}

const Expr* Maker::bound(Builtin op, const Expr* a, const Expr* b, double neutral) {
  const auto value = [](const Expr* e) -> const double* {
    const auto* literal = e->get_if<check::LiteralExpr>();
    return literal ? &literal->value : nullptr;
  };
  if (!a || (value(a) && *value(a) == neutral)) return b && value(b) && *value(b) == neutral ? nullptr : b;
  if (!b || (value(b) && *value(b) == neutral)) return a;
  if (value(a) && value(b)) return (*value(a) < *value(b)) == (op == Builtin::Max) ? b : a;
  const bool real = a->type.scalar == types::Scalar::Real || b->type.scalar == types::Scalar::Real;
  const types::Interval bounds = check::interval_of(op, std::vector<types::Interval>{a->type.bounds, b->type.bounds});
  return builtin(op, {a, b}, real ? types::real_type(bounds) : types::int_type(bounds), a->range);
}

const Expr* Maker::larger(const Expr* a, const Expr* b) { return bound(Builtin::Max, a, b, -HUGE_VAL); }
const Expr* Maker::smaller(const Expr* a, const Expr* b) { return bound(Builtin::Min, a, b, HUGE_VAL); }

const Symbol* Maker::index(std::string_view name, const Dimension* d, SourceRange range) {
  auto* symbol = arena.make<Symbol>();
  symbol->kind = check::SymbolKind::Index;
  symbol->name = arena.copy(name);
  symbol->type = types::index_type(d);
  symbol->stage = Stage::Data;
  symbol->range = range;
  return symbol;
}

const Expr* Maker::label(const Dimension* d, std::string_view label, SourceRange range) {
  for (const Symbol* known : labels_)
    if (known->type.index_of == d && known->doc == label) return variable(known, range);
  // A name that no program can give, and that is a word of the IR.
  std::string name = std::string(d->name) + "." + std::string(label);
  std::replace_if(name.begin() + static_cast<std::ptrdiff_t>(d->name.size()) + 1, name.end(),
                  [](unsigned char c) { return c < 0x80 && !std::isalnum(c); }, '_');
  while (std::any_of(labels_.begin(), labels_.end(), [&](const Symbol* known) { return known->name == name; })) name += '_';
  auto* symbol = arena.make<Symbol>();
  symbol->kind = check::SymbolKind::Label;
  symbol->name = arena.copy(std::string_view(name));
  symbol->doc = arena.copy(label);
  symbol->type = types::index_type(d);
  symbol->stage = Stage::Data;
  symbol->range = range;
  labels_.push_back(symbol);
  return variable(symbol, range);
}

}  // namespace lacuna::elaborate
