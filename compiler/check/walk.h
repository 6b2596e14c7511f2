// Walking a typed expression.
//
// needs    a tree
// leaves   one call for each node, parents before children, in the order of the text
// shown by test/lit/check/own_past.ppl
#pragma once
#include <functional>

#include "compiler/check/expr.h"

namespace lacuna::check {

void for_each_expr(const Expr& e, const std::function<void(const Expr&)>& visit);

// Whether `symbol` is read in the tree.
bool reads_symbol(const Expr& e, const Symbol* symbol);

}  // namespace lacuna::check
