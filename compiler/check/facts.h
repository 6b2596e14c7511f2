// What is known at a place in the program from the conditions around it.
//
// needs    typed, data-stage conditions
// leaves   answers about presence, indices and implied conditions
// shown by test/unit/check/facts_test.cpp
//
// Presence facts are tied to the very subscripts written (fine_print.md); a fact about a row (`present(x[n, :])`) covers its
// cells. Index facts are linear inequalities over index variables and sizes.
#pragma once
#include <vector>

#include "compiler/check/expr.h"
#include "compiler/check/linear.h"

namespace lacuna::check {

class Facts {
 public:
  // Where to go back to when a scope ends.
  struct Mark {
    std::size_t conditions = 0;
    std::size_t inequalities = 0;
    std::size_t nonzero = 0;
  };
  Mark mark() const;
  void restore(Mark m);

  // From here on, `condition` has the value `truth`. Conjunctions are taken apart when true, disjunctions when false.
  void assume(const Expr& condition, bool truth = true);
  // From here on, `index` runs over a dimension: 0 <= index <= size - 1.
  void bind(const Symbol& index);

  // Whether `e`, of optional type, is known to be present.
  bool present(const Expr& e) const;
  // Whether the int or index expression `e` lies in 0 .. size(d) - 1. Refuted only when no value can, or when it passes the end
  // that the program declares (a run may declare another: never Shown from a declared size).
  types::Outcome within(const Expr& e, const Dimension* d) const;
  // Whether `condition` (bool, data stage) follows, is contradicted, or neither.
  types::Outcome implied(const Expr& condition) const;
  // Whether the form is nonnegative wherever the facts hold.
  bool nonnegative(const Linear& form) const;

 private:
  struct Condition {
    const Expr* expr;
    bool truth;
  };

  void assume_comparison(const BuiltinExpr& e, bool truth);
  void add_inequality(Linear form);
  // `a != 0` with `a >= 0` is `a >= 1`.
  void tighten();
  types::Outcome compare(const BuiltinExpr& e) const;
  types::Outcome recall(const Expr& condition) const;

  std::vector<Condition> conditions_;
  std::vector<Linear> at_least_zero_;  // each form is >= 0
  std::vector<Linear> not_zero_;
};

}  // namespace lacuna::check
