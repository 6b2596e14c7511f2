#include "compiler/elaborate/scalar_form.h"

#include <algorithm>

namespace lacuna::elaborate {

using check::ExprKind;
using check::Rule;

Indices line_up(const Cell& cell, Dims dims) {
  const auto last = static_cast<std::ptrdiff_t>(dims.size());
  if (dims.size() <= cell.dims.size() && types::same_dims(cell.dims.last(dims.size()), dims)) return Indices(cell.at.end() - last, cell.at.end());
  Indices result;
  for (const Dimension* d : dims) {
    const auto from_end = std::find(cell.dims.rbegin(), cell.dims.rend(), d);
    if (from_end != cell.dims.rend())
      result.push_back(cell.at[cell.at.size() - 1 - static_cast<std::size_t>(from_end - cell.dims.rbegin())]);
  }
  // A written vector that no place named lines up by position, from the end.
  if (result.size() < dims.size() && dims.size() <= cell.at.size()) result.assign(cell.at.end() - last, cell.at.end());
  return result;
}

std::vector<const Symbol*> ScalarForm::fresh_indices(Dims dims, SourceRange range) {
  std::vector<const Symbol*> symbols;
  for (const Dimension* d : dims) symbols.push_back(make_.index(names_.fresh(d), d, range));
  return symbols;
}

Indices ScalarForm::variables(const std::vector<const Symbol*>& symbols, SourceRange range) {
  Indices result;
  for (const Symbol* symbol : symbols) result.push_back(make_.variable(symbol, range));
  return result;
}

const Expr* ScalarForm::aligned(const Expr& e, const Cell& cell) { return element(e, line_up(cell, e.type.dims)); }

const Expr* ScalarForm::array(const Expr& e, const Cell& cell, Dims event) {
  if (event.empty()) return aligned(e, cell);
  const IndexNames::Scope names(names_);
  const std::size_t own = std::min(event.size(), e.type.dims.size());
  const bool fills = e.type.dims.size() < event.size() || !types::same_dims(e.type.dims.last(own), event.last(own));
  if (e.kind == ExprKind::Array && e.type.dims.size() == event.size()) return whole_written(e);
  const auto* comprehension = e.get_if<check::ComprehensionExpr>();
  std::vector<const Symbol*> binders;
  if (comprehension && comprehension->binders.size() == event.size() && e.type.dims.size() == event.size()) {
    // The binders that were written stay.
    binders.assign(comprehension->binders.begin(), comprehension->binders.end());
    for (const Symbol* binder : binders) names_.take(binder->name);
  } else {
    binders = fresh_indices(event, e.range);
  }
  const Indices inner = variables(binders, e.range);
  Indices at = line_up(cell, fills ? e.type.dims : e.type.dims.first(e.type.dims.size() - own));
  if (!fills) at.insert(at.end(), inner.begin(), inner.end());
  const Expr* body = element(e, at);
  // `[cholesky(S)[i, j] for i, j]` is `cholesky(S)`.
  if (const auto* part = body->get_if<check::SubscriptExpr>(); part && part->object->kind == ExprKind::Builtin) {
    const bool plain = std::equal(part->indices.begin(), part->indices.end(), inner.begin(), inner.end(),
                                  [](const Expr* a, const Expr* b) { return check::same(*a, *b); });
    if (plain) return part->object;
  }
  return make_.comprehension(binders, nullptr, body, e.range);
}

// A written vector or matrix stays written.
const Expr* ScalarForm::whole_written(const Expr& e) {
  const auto* written = e.get_if<check::ArrayExpr>();
  if (!written) return e.type.dims.empty() ? scalar(e) : array(e, {}, e.type.dims);
  std::vector<const Expr*> elements;
  for (const Expr* element : written->elements) elements.push_back(whole_written(*element));
  return make_.array(elements, e.type, e.range);
}

const Expr* ScalarForm::element(const Expr& e, const Indices& at) {
  make_.count();
  if (!make_.within_limit() && e.kind != ExprKind::Distribution) return make_.error(e.range);
  switch (e.kind) {
    case ExprKind::Error:
    case ExprKind::Literal:
    case ExprKind::Label:
    case ExprKind::Size:
    case ExprKind::FunctionCall:
    case ExprKind::Member: return &e;
    case ExprKind::Variable: return element_of_variable(e.as<check::VariableExpr>(), at);
    case ExprKind::Builtin: return element_of_builtin(e.as<check::BuiltinExpr>(), at);
    case ExprKind::If: return element_of_if(e.as<check::IfExpr>(), at);
    case ExprKind::Reduce: return element_of_reduce(e.as<check::ReduceExpr>(), at);
    case ExprKind::Array: return element_of_array(e.as<check::ArrayExpr>(), at);
    case ExprKind::Comprehension: return element_of_comprehension(e.as<check::ComprehensionExpr>(), at);
    case ExprKind::Subscript: return element_of_subscript(e.as<check::SubscriptExpr>(), at);
    case ExprKind::Distribution: return distribution(e.as<check::DistributionExpr>(), {e.type.dims, at});
  }
  return &e;
}

const Expr* ScalarForm::element_of_variable(const check::VariableExpr& e, const Indices& at) {
  if (const auto value = values_.find(e.symbol); value != values_.end()) return value->second;
  const Expr* whole = make_.variable(e.symbol, e.range);
  if (at.empty()) {
    if (!e.type.optional && whole->type.optional) {
      // Known to be present here.
      auto* present = make_.arena.make<check::VariableExpr>(whole->as<check::VariableExpr>());
      present->type.optional = false;
      return present;
    }
    return whole;
  }
  return make_.subscript(whole, at, element_type(e.type), e.range);
}

const Expr* ScalarForm::element_of_builtin(const check::BuiltinExpr& e, const Indices& at) {
  if (check::builtin_entry(e.op).rule == Rule::Matrix) return element_of_operation(e, at);
  std::vector<const Expr*> arguments;
  for (const Expr* argument : e.arguments) arguments.push_back(aligned(*argument, {e.type.dims, at}));
  return make_.builtin(e.op, arguments, element_type(e.type), e.range);
}

const Expr* ScalarForm::element_of_if(const check::IfExpr& e, const Indices& at) {
  const Cell cell{e.type.dims, at};
  return make_.choose(aligned(*e.condition, cell), aligned(*e.then_value, cell), aligned(*e.else_value, cell), element_type(e.type), e.range);
}

const Expr* ScalarForm::element_of_reduce(const check::ReduceExpr& e, const Indices& at) {
  const IndexNames::Scope names(names_);
  std::vector<const Symbol*> binders(e.binders.begin(), e.binders.end());
  Indices inner = at;
  if (binders.empty()) {
    binders = fresh_indices(e.body->type.dims, e.range);
    inner = variables(binders, e.range);
  } else {
    for (const Symbol* binder : binders) names_.take(binder->name);
  }
  const Expr* where = e.where ? scalar(*e.where) : nullptr;
  // Reductions of one number give it back.
  if (binders.empty() && !where && e.op != Builtin::Count) return element(*e.body, inner);
  return make_.reduce(e.op, binders, where, element(*e.body, inner), element_type(e.type), e.range);
}

const Expr* ScalarForm::element_of_array(const check::ArrayExpr& e, const Indices& at) {
  if (at.empty()) return &e;
  const auto* literal = at[0]->get_if<check::LiteralExpr>();
  const Indices rest(at.begin() + 1, at.end());
  if (literal && literal->integer >= 0 && static_cast<std::size_t>(literal->integer) < e.elements.size())
    return element(*e.elements[static_cast<std::size_t>(literal->integer)], rest);
  return make_.subscript(whole_written(e), at, element_type(e.type), e.range);
}

const Expr* ScalarForm::element_of_comprehension(const check::ComprehensionExpr& e, const Indices& at) {
  std::vector<std::pair<const Symbol*, const Expr*>> before;
  for (std::size_t i = 0; i < e.binders.size() && i < at.size(); ++i) {
    const auto known = values_.find(e.binders[i]);
    before.push_back({e.binders[i], known == values_.end() ? nullptr : known->second});
    values_[e.binders[i]] = at[i];
  }
  const Indices rest(at.begin() + static_cast<std::ptrdiff_t>(std::min(at.size(), e.binders.size())), at.end());
  const Expr* result = element(*e.body, rest);
  for (const auto& [symbol, value] : before) {
    if (value)
      values_[symbol] = value;
    else
      values_.erase(symbol);
  }
  return result;
}

const Expr* ScalarForm::element_of_subscript(const check::SubscriptExpr& e, const Indices& at) {
  Indices indices;
  std::size_t next = 0;
  for (const Expr* index : e.indices) {
    if (index)
      indices.push_back(scalar(*index));
    else if (next < at.size())
      indices.push_back(at[next++]);
  }
  if (e.object->kind != ExprKind::Variable) return element(*e.object, indices);
  const auto& variable = e.object->as<check::VariableExpr>();
  if (values_.contains(variable.symbol)) return element(*e.object, indices);
  return make_.subscript(make_.variable(variable.symbol, variable.range), indices, element_type(e.type), e.range, e.to_check);
}

}  // namespace lacuna::elaborate
