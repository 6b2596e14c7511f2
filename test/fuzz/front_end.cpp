// Feeds the front end with any bytes: it must end with diagnostics that lie in the text and can be shown, and never crash or
// hang. What parses must keep its tree when it is laid out, and lie in the one style then.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "compiler/check/check.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/elaborate/elaborate.h"
#include "compiler/diagnostics/render_json.h"
#include "compiler/diagnostics/render_text.h"
#include "compiler/support/arena.h"
#include "compiler/support/source.h"
#include "compiler/syntax/parse.h"
#include "test/fuzz/layout_check.h"

namespace {

using namespace lacuna;

[[noreturn]] void complain(const diagnostics::Diagnostic& diagnostic, const char* what) {
  fmt::print(stderr, "fuzz: [{}] {}: {}\n", diagnostics::entry(diagnostic.id).code, diagnostic.message, what);
  std::abort();
}

void require_inside(const diagnostics::Diagnostic& diagnostic, support::SourceRange range, const support::SourceMap& sources) {
  if (range.file >= sources.size()) complain(diagnostic, "a range names no file");
  if (range.begin > range.end || range.end > sources.file(range.file).text().size()) complain(diagnostic, "a range leaves its file");
}

void require_sound(const diagnostics::Sink& sink, const support::SourceMap& sources) {
  for (const auto& diagnostic : sink.diagnostics()) {
    if (diagnostic.message.empty()) complain(diagnostic, "no message");
    require_inside(diagnostic, diagnostic.primary.range, sources);
    for (const auto& label : diagnostic.also) require_inside(diagnostic, label.range, sources);
    for (const auto& help : diagnostic.helps) {
      for (const auto& fixit : help.fixits) require_inside(diagnostic, fixit.range, sources);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  const auto file = sources.add("fuzz.ppl", std::string(reinterpret_cast<const char*>(data), size));
  const syntax::Program program = syntax::parse(sources, file, arena, sink);
  const bool parsed = sink.error_count() == 0;
  const check::CheckedProgram checked = check::check(program, sources, arena, sink);
  for (const check::CheckedModel* model : checked.models) elaborate::elaborate(*model, sources, arena, sink);
  require_sound(sink, sources);
  if (diagnostics::render_text(sink.sorted(), sources, true).empty() != sink.diagnostics().empty()) std::abort();
  if (diagnostics::render_json(sink.sorted(), sources).empty()) std::abort();
  if (parsed) fuzz::require_same_when_laid_out(sources, program);
  return 0;
}
