// The compile, read from top to bottom: each step makes a new artefact of the one before, or stops with diagnostics.
//
// needs    files and options
// leaves   in the session, all diagnostics; in the result, what was asked for
// shown by tools/lacuna/
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/check.h"
#include "compiler/driver/session.h"
#include "compiler/elaborate/elaborate.h"
#include "compiler/syntax/ast.h"

namespace lacuna::driver {

// What is made of one program, as far as it got. A step that found errors leaves the later ones empty.
struct Compiled {
  std::optional<syntax::Program> program;
  bool parsed = false;  // without errors
  check::CheckedProgram checked;
  std::vector<elaborate::Model> models;  // one for each of `checked.models`; fit for what comes after when the session has no error
};

// Reads and parses. Errors are in the session.
Compiled parse_program(Session& session, const std::string& path);
// The same of a file that the session has read.
Compiled parse_file(Session& session, support::FileId file);
// Checks and elaborates what parse_program made.
void check_parsed(Session& session, Compiled& compiled);
// Reads, parses, checks and elaborates.
Compiled check_program(Session& session, const std::string& path);

}  // namespace lacuna::driver
