#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "compiler/diagnostics/render_json.h"
#include "compiler/diagnostics/render_text.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

namespace {

bool wants_color(const Common& common) {
  if (common.color != "auto") return common.color == "always";
  const char* refused = std::getenv("NO_COLOR");
  return isatty(STDERR_FILENO) != 0 && !(refused && *refused);
}

}  // namespace

void add_common(CLI::App& verb, Common& common) {
  verb.add_option("--format", common.format, "How diagnostics and tables are printed")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  verb.add_option("--color", common.color, "When colours are used")->check(CLI::IsMember({"auto", "always", "never"}))->capture_default_str();
  verb.add_flag("--quiet", common.quiet, "Errors only");
  verb.add_flag("--verbose", common.verbose, "More of what happens");
}

void print_diagnostics(driver::Session& session, const Common& common) {
  std::vector<diagnostics::Diagnostic> all = session.sink().sorted();
  if (common.quiet)
    all.erase(std::remove_if(all.begin(), all.end(), [](const auto& d) { return d.severity() != diagnostics::Severity::Error; }), all.end());
  if (common.format == "json") {
    fmt::print("{}", diagnostics::render_json(all, session.sources()));
  } else {
    fmt::print(stderr, "{}", diagnostics::render_text(all, session.sources(), wants_color(common)));
  }
}

}  // namespace lacuna::tool
