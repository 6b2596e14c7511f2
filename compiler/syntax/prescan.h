// A first look at a file's bytes, which refuses what would be costly or meaningless to read further.
//
// needs    a file in the source map
// leaves   the stretch of text that is worth reading, valid UTF-8 without control characters, nested at most kMaximumNesting
// shown by test/unit/syntax/bytes_test.cpp, test/unit/syntax/limits_test.cpp
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/support/source.h"

namespace lacuna::syntax {

struct Prescan {
  bool accepted = false;    // when not, an error says why and nothing of the file is read
  bool cut_short = false;   // the text ends early, at a comment that is never closed; the error is reported
  std::uint32_t begin = 0;  // after a byte order mark
  std::uint32_t end = 0;
};

// One pass over the bytes. Reports at most one error.
Prescan prescan(const support::SourceMap& sources, support::FileId file, diagnostics::Sink& sink);

}  // namespace lacuna::syntax
