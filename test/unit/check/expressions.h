// Makes typed expressions by hand, for tests that need no program.
#pragma once
#include <deque>
#include <vector>

#include "compiler/check/expr.h"
#include "compiler/check/symbol.h"
#include "compiler/support/arena.h"

namespace lacuna::check::test {

class Expressions {
 public:
  const Dimension* dimension(std::string_view name, std::int64_t size = -1) {
    Dimension& d = dimensions_.emplace_back();
    d.name = name;
    d.size = size;
    d.origin = size < 0 ? types::DimensionOrigin::Data : types::DimensionOrigin::Size;
    return &d;
  }

  const Symbol* symbol(SymbolKind kind, std::string_view name, Type type, std::vector<const Dimension*> dims = {}) {
    Symbol& s = symbols_.emplace_back();
    s.kind = kind;
    s.name = name;
    s.type = type;
    s.type.dims = arena_.copy(dims);
    s.stage = Stage::Data;
    return &s;
  }
  const Symbol* index(std::string_view name, const Dimension* d) { return symbol(SymbolKind::Index, name, types::index_type(d)); }
  const Symbol* optional_array(std::string_view name, std::vector<const Dimension*> dims) {
    Type type = types::real_type();
    type.optional = true;
    return symbol(SymbolKind::Argument, name, type, dims);
  }

  const Expr* integer(std::int64_t value) {
    auto* e = arena_.make<LiteralExpr>();
    e->kind = ExprKind::Literal;
    e->type = types::int_type(Interval::point(double(value)));
    e->value = double(value);
    e->integer = value;
    return e;
  }
  const Expr* real(double value) {
    auto* e = arena_.make<LiteralExpr>();
    e->kind = ExprKind::Literal;
    e->type = types::real_type(Interval::point(value));
    e->value = value;
    return e;
  }
  const Expr* of(const Symbol* symbol) {
    auto* e = arena_.make<VariableExpr>();
    e->kind = ExprKind::Variable;
    e->type = symbol->type;
    e->symbol = symbol;
    return e;
  }
  const Expr* size(const Dimension* d) {
    auto* e = arena_.make<SizeExpr>();
    e->kind = ExprKind::Size;
    e->type = types::int_type(Interval::nonnegative());
    e->dimension = d;
    return e;
  }
  // Its type is that of the first operand, or bool for comparisons and logic.
  const Expr* call(Builtin op, std::vector<const Expr*> arguments) {
    auto* e = arena_.make<BuiltinExpr>();
    e->kind = ExprKind::Builtin;
    const Rule rule = builtin_entry(op).rule;
    const bool truth = rule == Rule::Compare || rule == Rule::Logic || op == Builtin::Present;
    e->type = truth ? types::bool_type() : arguments[0]->type;
    if (!truth && arguments[0]->type.scalar == types::Scalar::Index) e->type = types::int_type();
    if (!truth && e->type.scalar == types::Scalar::Int) e->type.bounds = {};
    e->op = op;
    e->arguments = arena_.copy(arguments);
    return e;
  }
  const Expr* at(const Symbol* array, std::vector<const Expr*> indices) {
    auto* e = arena_.make<SubscriptExpr>();
    e->kind = ExprKind::Subscript;
    e->type = array->type;
    std::vector<const Dimension*> left;
    for (std::size_t i = 0; i < indices.size(); ++i)
      if (!indices[i]) left.push_back(array->type.dims[i]);
    e->type.dims = arena_.copy(left);
    e->object = of(array);
    e->indices = arena_.copy(indices);
    return e;
  }
  const Expr* reduce(Builtin op, const Expr* body, std::vector<const Symbol*> binders, const Expr* where = nullptr) {
    auto* e = arena_.make<ReduceExpr>();
    e->kind = ExprKind::Reduce;
    e->type = body->type;
    e->op = op;
    e->binders = arena_.copy(binders);
    e->body = body;
    e->where = where;
    return e;
  }
  const Expr* choose(const Expr* condition, const Expr* a, const Expr* b) {
    auto* e = arena_.make<IfExpr>();
    e->kind = ExprKind::If;
    e->type = a->type;
    e->condition = condition;
    e->then_value = a;
    e->else_value = b;
    return e;
  }

 private:
  support::Arena arena_;
  std::deque<Dimension> dimensions_;
  std::deque<Symbol> symbols_;
};

}  // namespace lacuna::check::test
