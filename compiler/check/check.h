// The check: from a syntax tree to checked models, with every mistake of the file reported.
//
// needs    syntax::Program
// leaves   a CheckedModel for each `model`; those without errors are `complete`
// shown by test/lit/check/
#pragma once
#include <memory>
#include <vector>

#include "compiler/check/program.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/support/arena.h"
#include "compiler/support/source.h"

namespace lacuna::check {

struct CheckedProgram {
  std::vector<CheckedModel*> models;
  std::vector<Function*> functions;
  std::vector<Distribution*> distributions;  // the program's own
  std::vector<std::unique_ptr<CheckedModel>> owned;  // what `models` points to; everything else lives in the arena
};

CheckedProgram check(const syntax::Program& program, support::SourceMap& sources, support::Arena& arena,
                     diagnostics::Sink& sink);

}  // namespace lacuna::check
