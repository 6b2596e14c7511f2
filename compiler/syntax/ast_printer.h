// The tree as text: one line a statement or declaration, expressions as S-expressions, no ranges. Two programs have the same
// tree exactly when they print alike; layout, comments and redundant parentheses leave no trace, documentation does.
//
// shown by test/lit/syntax/, `lacuna compile --emit=ast`
#pragma once
#include <string>

#include "compiler/syntax/ast.h"

namespace lacuna::syntax {

std::string print_ast(const Program& program);
std::string print_ast(const Expr& expr);

}  // namespace lacuna::syntax
