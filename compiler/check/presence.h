// Which cells a fact about presence covers.
//
// needs    typed expressions
// leaves   answers for Facts; nothing is remembered here
// shown by test/unit/check/facts_test.cpp
#pragma once
#include <vector>

#include "compiler/check/expr.h"

namespace lacuna::check {

// The optional parts that `e` reads cell by cell: `e` is present exactly when all of them are. `e` itself when it is a variable or
// an element; empty when it is never missing.
std::vector<const Expr*> optional_parts(const Expr& e);

// Whether "`fact` is there" says that `e` is: the same expression, or a row or array that holds it. `any_index`: indices of `fact`
// that stand for all elements of their dimension (binders of an `all`).
bool presence_covers(const Expr& fact, const Expr& e, List<const Symbol* const> any_index = {});

}  // namespace lacuna::check
