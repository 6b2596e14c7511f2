// What one run of the compiler owns: the files it has read, the trees made of them, and what was found wrong.
#pragma once
#include <optional>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/support/arena.h"
#include "compiler/support/source.h"

namespace lacuna::driver {

class Session {
 public:
  // Reads a program; `-` is standard input. What cannot be read is reported.
  std::optional<support::FileId> read(const std::string& path);

  support::SourceMap& sources() { return sources_; }
  support::Arena& arena() { return arena_; }
  diagnostics::Sink& sink() { return sink_; }
  bool failed() const { return sink_.error_count() > 0; }

 private:
  support::SourceMap sources_;
  support::Arena arena_;
  diagnostics::Sink sink_;
};

}  // namespace lacuna::driver
