// Well-typed programs, made from a seed taken from the input: each is checked and elaborated without an error, and layout changes
// neither its tree nor what is said of it.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "compiler/check/check.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/elaborate/elaborate.h"
#include "compiler/support/arena.h"
#include "compiler/support/source.h"
#include "test/fuzz/layout_check.h"
#include "test/generate/program.h"

namespace {

using namespace lacuna;

[[noreturn]] void complain(std::uint64_t seed, std::string_view what, const std::string& text) {
  fmt::print(stderr, "fuzz: generated program {}: {}\n{}\n", seed, what, text);
  std::abort();
}

// The tree of a program, and how many warnings it gets.
std::pair<std::string, std::size_t> read(const std::string& text, std::uint64_t seed) {
  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  const auto file = sources.add("generated.ppl", text);
  const syntax::Program program = syntax::parse(sources, file, arena, sink);
  const check::CheckedProgram checked = check::check(program, sources, arena, sink);
  for (const check::CheckedModel* model : checked.models) elaborate::elaborate(*model, sources, arena, sink);
  for (const auto& diagnostic : sink.diagnostics()) {
    if (diagnostic.severity() == diagnostics::Severity::Error) complain(seed, diagnostic.message, text);
  }
  fuzz::require_same_when_laid_out(sources, program);
  return {syntax::print_ast(program), sink.diagnostics().size()};
}

std::uint64_t seed_from(const std::uint8_t* data, std::size_t size) {
  std::uint64_t seed = 0xcbf29ce484222325U;  // FNV-1a
  for (std::size_t i = 0; i < size; ++i) seed = (seed ^ data[i]) * 0x100000001b3U;
  return seed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint64_t seed = seed_from(data, size);
  const std::string text = generate::generate_program(seed).text;
  const std::string other = generate::disarrange(text, seed);
  if (read(text, seed) != read(other, seed)) complain(seed, "layout changes what it means", other);
  return 0;
}
