// Bounds what the parser will recurse over, before it does.
#pragma once
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/tokens.h"

namespace lacuna::syntax {

// Whether brackets and `if`s (each branch of a chain is inside the one before) nest at most kMaximumNesting deep; reports the
// first place where they do not.
bool depth_is_bounded(support::FileId file, const std::vector<Token>& tokens, diagnostics::Sink& sink);

}  // namespace lacuna::syntax
