// Brings expressions to scalar form: whole-array operations become operations on one element, at indices that are given.
//
// needs    checked expressions without calls of the program's functions (FunctionInliner)
// leaves   expressions whose variables stand under full subscripts; `@`, bare reductions, `cumsum`, slices and `present` of more
//          than a cell have explicit binders; whole arrays only as Comprehension or Array under the matrix operations
//          (`cholesky`, `solve`, `log_det`) and in the arguments of distributions
// shown by test/lit/elaborate/
//
// Files: scalar_form.cpp has the nodes, scalar_operations.cpp the operations that are not elementwise,
// scalar_distribution.cpp distributions and their arguments.
#pragma once
#include <unordered_map>

#include "compiler/elaborate/index_names.h"
#include "compiler/elaborate/make_expr.h"

namespace lacuna::elaborate {

using Indices = std::vector<const Expr*>;

// Where an element stands: one index for each dimension.
struct Cell {
  Dims dims;
  Indices at;
};

class ScalarForm {
 public:
  ScalarForm(Maker& make, IndexNames& names) : make_(make), names_(names) {}

  // The element of `e` at `at`, one index (in scalar form) for each of its dimensions.
  const Expr* element(const Expr& e, const Indices& at);
  // The element of `e` that lines up with `cell` by name: each dimension of `e` is one of the cell's.
  const Expr* aligned(const Expr& e, const Cell& cell);
  // `e`, whose last dimensions are `event` and whose others line up with `cell`, as one array over `event`. What has no event
  // dimension fills it.
  const Expr* array(const Expr& e, const Cell& cell, Dims event);
  // A distribution with each argument lined up with `cell` by itself.
  const check::DistributionExpr* distribution(const check::DistributionExpr& e, const Cell& cell);
  // "All of `e` at `at` is there", cell by cell; null when nothing in it can be missing.
  const Expr* presence(const Expr& e, const Indices& at);
  // "All of `symbol` at `at`, and along the dimensions behind, is there".
  const Expr* presence_of(const Symbol* symbol, const Indices& at, SourceRange range);

  std::vector<const Symbol*> fresh_indices(Dims dims, SourceRange range);
  Indices variables(const std::vector<const Symbol*>& symbols, SourceRange range);

 private:
  const Expr* scalar(const Expr& e) { return element(e, {}); }
  const Expr* element_of_variable(const check::VariableExpr& e, const Indices& at);
  const Expr* element_of_builtin(const check::BuiltinExpr& e, const Indices& at);
  const Expr* element_of_if(const check::IfExpr& e, const Indices& at);
  const Expr* element_of_reduce(const check::ReduceExpr& e, const Indices& at);
  const Expr* element_of_array(const check::ArrayExpr& e, const Indices& at);
  const Expr* element_of_comprehension(const check::ComprehensionExpr& e, const Indices& at);
  const Expr* element_of_subscript(const check::SubscriptExpr& e, const Indices& at);

  // scalar_operations.cpp
  const Expr* element_of_operation(const check::BuiltinExpr& e, const Indices& at);
  const Expr* element_of_contract(const check::BuiltinExpr& e, const Indices& at);
  const Expr* element_of_cumsum(const check::BuiltinExpr& e, const Indices& at);
  const Expr* element_of_diag(const check::BuiltinExpr& e, const Indices& at);
  const Expr* element_of_kernel(const check::BuiltinExpr& e, const Indices& at);
  const Expr* whole_written(const Expr& e);
  const Expr* part_presence(const Expr& part, const Cell& cell);

  Maker& make_;
  IndexNames& names_;
  // What comprehension binders stand for in the element being made.
  std::unordered_map<const Symbol*, const Expr*> values_;
};

// The indices of `cell` that the dimensions `dims` line up with, the innermost first where a dimension occurs twice.
Indices line_up(const Cell& cell, Dims dims);

}  // namespace lacuna::elaborate
