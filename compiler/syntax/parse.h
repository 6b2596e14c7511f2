// From text to syntax tree.
//
// needs    a file in the source map
// leaves   the tree of all that parsed; every syntax error reported, with a `Broken` node in its place
// shown by test/lit/syntax/
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/support/arena.h"
#include "compiler/support/source.h"
#include "compiler/syntax/ast.h"

namespace lacuna::syntax {

// The tree of file `file`. Nodes live in `arena`, names in the map. Never throws on bad input of any kind (invalid UTF-8,
// binary, unfinished, too deep): each is a diagnostic. A byte order mark and CRLF are accepted.
Program parse(const support::SourceMap& sources, support::FileId file, support::Arena& arena,
              diagnostics::Sink& sink);

}  // namespace lacuna::syntax
