// Semicolons: one error for all of a file, after which the program is read as if they were not there.
#pragma once
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/tokens.h"

namespace lacuna::syntax {

void remove_semicolons(support::FileId file, std::vector<Token>& tokens, diagnostics::Sink& sink);

}  // namespace lacuna::syntax
