// Mutated programs from text to IR, with every function of the module and its derivatives: what checks without an error becomes IR that
// the verifier and the parser accept, or is refused by E0910; it never crashes. The generated programs of fuzz_gradient know some of the
// language; the mutations of the gallery and of the documentation's examples reach the rest.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "compiler/autodiff/differentiate.h"
#include "compiler/check/check.h"
#include "compiler/density/density.h"
#include "compiler/elaborate/elaborate.h"
#include "compiler/ir/parser.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "compiler/support/arena.h"
#include "compiler/syntax/parse.h"

namespace {

using namespace lacuna;

// Beyond this, the time goes into one program.
constexpr std::size_t kLongest = 8000;

[[noreturn]] void complain(std::string_view what, std::string_view text) {
  fmt::print(stderr, "fuzz: {}\n{}\n", what, text);
  std::abort();
}

void require_refused(const diagnostics::Sink& sink, std::string_view text) {
  for (const auto& diagnostic : sink.diagnostics()) {
    if (diagnostic.severity() != diagnostics::Severity::Error) continue;
    if (diagnostic.id != diagnostics::Id::NotCompiledYet) complain(diagnostic.message, text);
    if (diagnostic.primary.range.end <= diagnostic.primary.range.begin) complain("refused without a place: " + diagnostic.message, text);
  }
}

void require_sound(const ir::Module& module, std::string_view step, std::string_view text) {
  if (const auto mistakes = ir::verify(module); !mistakes.empty()) complain(fmt::format("after {}: {}", step, mistakes.front()), text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kLongest) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  const syntax::Program program = syntax::parse(sources, sources.add("fuzz.ppl", text), arena, sink);
  const check::CheckedProgram checked = check::check(program, sources, arena, sink);
  std::vector<elaborate::Model> models;
  for (const check::CheckedModel* model : checked.models) models.push_back(elaborate::elaborate(*model, sources, arena, sink));
  if (sink.error_count() > 0) return 0;
  for (const elaborate::Model& model : models) {
    diagnostics::Sink refused;
    ir::Module module = density::lower(
        model, {.terms = true, .pointwise = true, .predict = true, .constrain = true, .unconstrain = true, .natural = true}, refused);
    require_refused(refused, text);
    if (refused.error_count() > 0) continue;
    require_sound(module, "lowering", text);
    const std::string printed = ir::print(module);
    const ir::Parsed parsed = ir::parse(printed);
    if (!parsed.module || ir::print(*parsed.module) != printed) complain("the IR's text is not read back: " + parsed.error, text);
    // A function without a derivative is refused by the compile, in words.
    const auto reversed = autodiff::differentiate(module, [&](std::string_view step, const ir::Module& now) { require_sound(now, step, text); });
    if (!reversed.ok() && reversed.error.empty()) complain("a derivative is refused without a word", text);
  }
  return 0;
}
