#include "compiler/driver/session.h"

#include "compiler/driver/read_file.h"
#include "compiler/syntax/limits.h"

namespace lacuna::driver {

std::optional<support::FileId> Session::read(const std::string& path) {
  // One byte more than the limit is enough for the parser to refuse.
  FileText file = read_file(path, syntax::kMaximumBytes + 1);
  const support::FileId id = sources_.add(path == "-" ? "<standard input>" : path, std::move(file.text));
  if (file.problem.empty()) return id;
  sink_.report(diagnostics::Id::FileUnreadable, {id, 0, 0}, path, file.problem);
  return std::nullopt;
}

}  // namespace lacuna::driver
