#include "compiler/driver/pipeline.h"

#include "compiler/elaborate/elaborate.h"
#include "compiler/syntax/parse.h"

namespace lacuna::driver {

Compiled parse_program(Session& session, const std::string& path) {
  Compiled compiled;
  const std::optional<support::FileId> file = session.read(path);
  if (!file) return compiled;
  compiled.program = syntax::parse(session.sources(), *file, session.arena(), session.sink());
  return compiled;
}

Compiled check_program(Session& session, const std::string& path) {
  Compiled compiled = parse_program(session, path);
  if (!compiled.program) return compiled;
  compiled.checked = check::check(*compiled.program, session.sources(), session.arena(), session.sink());
  for (const check::CheckedModel* model : compiled.checked.models)
    compiled.models.push_back(elaborate::elaborate(*model, session.sources(), session.arena(), session.sink()));
  return compiled;
}

}  // namespace lacuna::driver
