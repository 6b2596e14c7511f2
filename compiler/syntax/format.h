// The one style: `lacuna fmt`.
//
// Words, comments and parentheses stay as they are and in their order; only the space between them changes, so the tree is the
// same before and after. What lies in one style stays there: formatting twice changes nothing.
//
// needs    a file that parses without errors, and its tree
// leaves   its text in the one style
// shown by test/lit/fmt/, test/fuzz/grammar.cpp
#pragma once
#include <string>

#include "compiler/support/source.h"
#include "compiler/syntax/ast.h"

namespace lacuna::syntax {

// `program` must be the tree of `file`, without `Broken` nodes.
std::string format(const support::SourceMap& sources, const Program& program);

}  // namespace lacuna::syntax
