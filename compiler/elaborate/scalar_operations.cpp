// Operations that are not elementwise: contraction, matrices, cumulative sums, presence.
#include "compiler/check/presence.h"
#include "compiler/elaborate/scalar_form.h"

namespace lacuna::elaborate {

namespace {

// Operands that have no element of their own, in the order of their dimensions.
bool is_kernel(Builtin op) { return op == Builtin::Cholesky || op == Builtin::Solve || op == Builtin::LogDet; }

}  // namespace

const Expr* ScalarForm::element_of_operation(const check::BuiltinExpr& e, const Indices& at) {
  if (is_kernel(e.op)) return element_of_kernel(e, at);
  switch (e.op) {
    case Builtin::Contract: return element_of_contract(e, at);
    case Builtin::Cumsum: return element_of_cumsum(e, at);
    case Builtin::Diag: return element_of_diag(e, at);
    case Builtin::Transpose: {
      Indices swapped = at;
      std::swap(swapped[swapped.size() - 2], swapped[swapped.size() - 1]);
      return element(*e.arguments[0], swapped);
    }
    case Builtin::ScaleRows: {
      const Expr* factor = element(*e.arguments[0], Indices(at.begin(), at.end() - 1));
      return make_.builtin(Builtin::Multiply, {factor, element(*e.arguments[1], at)}, types::real_type(), e.range);
    }
    case Builtin::Present: {
      const Expr* there = presence(*e.arguments[0], {});
      return there ? there : make_.boolean(true, e.range);
    }
    default: break;
  }
  std::vector<const Expr*> arguments;
  for (const Expr* argument : e.arguments) arguments.push_back(array(*argument, {}, argument->type.dims));
  const Expr* whole = make_.builtin(e.op, arguments, e.type, e.range);
  return at.empty() ? whole : make_.subscript(whole, at, element_type(e.type), e.range);
}

// (a @ b)[i.., j..] = sum over k of a[i.., k] * b[k, j..]
const Expr* ScalarForm::element_of_contract(const check::BuiltinExpr& e, const Indices& at) {
  const Expr &a = *e.arguments[0], &b = *e.arguments[1];
  const std::vector<const Dimension*> shared{a.type.dims.back()};
  const IndexNames::Scope names(names_);
  const std::vector<const Symbol*> binders = fresh_indices(shared, e.range);
  const Expr* k = make_.variable(binders[0], e.range);
  const auto split = at.begin() + static_cast<std::ptrdiff_t>(a.type.dims.size() - 1);
  Indices left(at.begin(), split), right{k};
  left.push_back(k);
  right.insert(right.end(), split, at.end());
  const Type type = element_type(e.type);
  const Expr* product = make_.builtin(Builtin::Multiply, {element(a, left), element(b, right)}, types::real_type(), e.range);
  return make_.reduce(Builtin::Sum, binders, nullptr, product, type, e.range);
}

// cumsum(x)[.., t] = sum of x[.., s] over s <= t
const Expr* ScalarForm::element_of_cumsum(const check::BuiltinExpr& e, const Indices& at) {
  const Expr& x = *e.arguments[0];
  const std::vector<const Dimension*> along{x.type.dims.back()};
  const IndexNames::Scope names(names_);
  const std::vector<const Symbol*> binders = fresh_indices(along, e.range);
  Indices inner = at;
  inner.back() = make_.variable(binders[0], e.range);
  const Expr* until = make_.builtin(Builtin::LessEqual, {inner.back(), at.back()}, types::bool_type(), e.range);
  return make_.reduce(Builtin::Sum, binders, until, element(x, inner), element_type(e.type), e.range);
}

// Of a vector the matrix with zeros beside it, of a matrix its diagonal.
const Expr* ScalarForm::element_of_diag(const check::BuiltinExpr& e, const Indices& at) {
  const Expr& x = *e.arguments[0];
  if (e.type.dims.size() < x.type.dims.size()) {
    Indices twice = at;
    twice.push_back(at.back());
    return element(x, twice);
  }
  Indices once(at.begin(), at.end() - 1);
  return make_.choose(make_.equal(at[at.size() - 2], at.back()), element(x, once), make_.integer(0, e.range), element_type(e.type), e.range);
}

// Batches of matrices are taken one by one: what stands before the matrix in the result's indices belongs to every operand.
const Expr* ScalarForm::element_of_kernel(const check::BuiltinExpr& e, const Indices& at) {
  const std::size_t operand_rank = 2;
  const Expr& matrix = *e.arguments[0];
  const std::size_t batch = matrix.type.dims.size() - operand_rank;
  const Cell cell{matrix.type.dims.first(batch), Indices(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(std::min(batch, at.size())))};
  std::vector<const Expr*> arguments;
  for (const Expr* argument : e.arguments) {
    const std::size_t own = argument->type.dims.size() - std::min(batch, argument->type.dims.size());
    arguments.push_back(array(*argument, cell, argument->type.dims.last(own)));
  }
  Type type = e.type;
  type.dims = e.type.dims.subspan(std::min(batch, e.type.dims.size()));
  const Expr* whole = make_.builtin(e.op, arguments, type, e.range);
  const Indices rest(at.begin() + static_cast<std::ptrdiff_t>(std::min(batch, at.size())), at.end());
  return rest.empty() ? whole : make_.subscript(whole, rest, element_type(e.type), e.range);
}

const Expr* ScalarForm::part_presence(const Expr& part, const Cell& cell) {
  const IndexNames::Scope names(names_);
  Indices at = line_up(cell, part.type.dims);
  std::vector<const Symbol*> binders;
  if (at.size() < part.type.dims.size()) {
    binders = fresh_indices(part.type.dims, part.range);
    at = variables(binders, part.range);
  }
  const Expr* value = element(part, at);
  if (!value->type.optional) return nullptr;
  const Expr* there = make_.builtin(Builtin::Present, {value}, types::bool_type(), part.range);
  return binders.empty() ? there : make_.reduce(Builtin::All, binders, nullptr, there, types::bool_type(), part.range);
}

const Expr* ScalarForm::presence(const Expr& e, const Indices& at) {
  const Cell cell = at.empty() ? Cell{} : Cell{e.type.dims, at};
  const Expr* all = nullptr;
  for (const Expr* part : check::optional_parts(e)) all = make_.both(all, part_presence(*part, cell));
  return all;
}

const Expr* ScalarForm::presence_of(const Symbol* symbol, const Indices& at, SourceRange range) {
  if (!symbol->type.optional) return nullptr;
  const IndexNames::Scope names(names_);
  const std::vector<const Symbol*> binders = fresh_indices(symbol->type.dims.subspan(at.size()), range);
  Indices full = at;
  for (const Expr* index : variables(binders, range)) full.push_back(index);
  const Expr* whole = make_.variable(symbol, range);
  const Expr* cell = full.empty() ? whole : make_.subscript(whole, full, element_type(symbol->type), range);
  const Expr* there = make_.builtin(Builtin::Present, {cell}, types::bool_type(), range);
  return binders.empty() ? there : make_.reduce(Builtin::All, binders, nullptr, there, types::bool_type(), range);
}

}  // namespace lacuna::elaborate
