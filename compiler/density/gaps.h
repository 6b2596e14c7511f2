// What must be there for an expression to have a value, when data of a prediction may be missing anywhere.
//
// needs    a writer, and what the names of the expression mean
// leaves   conditions for what a NaN does not carry through arithmetic by itself: cells that are no reals, comparisons, choices.
//          Where all hold and the value is not NaN, nothing that it took was missing
// shown by test/unit/jit/prediction_rules_test.cpp
#pragma once
#include "compiler/density/writer.h"
#include "compiler/elaborate/model.h"

namespace lacuna::density {

class Gaps {
 public:
  Gaps(const elaborate::Model& model, ir::Module& module, DimensionTable& dims, Writer& writer)
      : model_(model), module_(module), dims_(dims), w(writer) {}

  // Writes the conditions for `e` and joins them; none where nothing needs one.
  std::optional<ValueId> condition(const Expr& e, const Env& env);
  // The same for what a draw from `e` uses, with its parameters inside their bounds.
  std::optional<ValueId> parameters(const check::DistributionExpr& e, const Instance& made, const Env& env);

 private:
  using Conditions = std::optional<ValueId>;
  bool needs(const Expr& e);
  bool needs_cell(const Symbol& symbol);
  Conditions both(Conditions a, Conditions b);
  Conditions all_of(check::List<const Expr* const> parts, const Env& env);
  Conditions cell(const Symbol& symbol, const Values& at, const Env& env);
  Conditions builtin(const check::BuiltinExpr& e, const Env& env);
  Conditions choice(const Expr& condition, const Expr& yes, const Expr& no, const Env& env);
  Conditions loop(check::List<const Symbol* const> binders, const Expr* where, const Expr& body, const Env& env);
  Conditions value_is_there(const Expr& e, const Env& env);
  ir::Builder& b() { return w.builder(); }

  const elaborate::Model& model_;
  ir::Module& module_;
  DimensionTable& dims_;
  Writer& w;
  std::vector<const Symbol*> open_;  // lets whose values are being looked through
};

}  // namespace lacuna::density
