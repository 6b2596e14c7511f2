#include "compiler/driver/pipeline.h"

#include "compiler/elaborate/elaborate.h"
#include "compiler/syntax/parse.h"

namespace lacuna::driver {

Compiled parse_program(Session& session, const std::string& path) {
  const std::optional<support::FileId> file = session.read(path);
  return file ? parse_file(session, *file) : Compiled{};
}

Compiled parse_file(Session& session, support::FileId file) {
  Compiled compiled;
  const std::size_t errors = session.sink().error_count();
  compiled.program = syntax::parse(session.sources(), file, session.arena(), session.sink());
  compiled.parsed = session.sink().error_count() == errors;
  return compiled;
}

void check_parsed(Session& session, Compiled& compiled) {
  if (!compiled.program) return;
  const std::size_t found = session.sink().diagnostics().size();
  compiled.checked = check::check(*compiled.program, session.sources(), session.arena(), session.sink());
  for (const check::CheckedModel* model : compiled.checked.models)
    compiled.models.push_back(elaborate::elaborate(*model, session.sources(), session.arena(), session.sink()));
  // What a statement that did not parse would have read is not known, so nothing can be said to be unused.
  if (!compiled.parsed) session.sink().forget_warnings(found);
}

Compiled check_program(Session& session, const std::string& path) {
  Compiled compiled = parse_program(session, path);
  check_parsed(session, compiled);
  return compiled;
}

}  // namespace lacuna::driver
