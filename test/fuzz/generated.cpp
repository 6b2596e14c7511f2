// Well-typed programs, made from a seed taken from the input: each reads without an error, and layout does not change its tree.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/support/arena.h"
#include "compiler/support/source.h"
#include "compiler/syntax/ast_printer.h"
#include "compiler/syntax/parse.h"
#include "test/fuzz/layout_check.h"
#include "test/generate/program.h"

namespace {

using namespace lacuna;

[[noreturn]] void complain(std::uint64_t seed, std::string_view what, const std::string& text) {
  fmt::print(stderr, "fuzz: generated program {}: {}\n{}\n", seed, what, text);
  std::abort();
}

std::string tree_of(const std::string& text, std::uint64_t seed) {
  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  const auto file = sources.add("generated.ppl", text);
  const auto program = syntax::parse(sources, file, arena, sink);
  if (!sink.diagnostics().empty()) complain(seed, sink.diagnostics().front().message, text);
  fuzz::require_same_when_laid_out(sources, program);
  return syntax::print_ast(program);
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
  if (tree_of(text, seed) != tree_of(other, seed)) complain(seed, "layout changes the tree", other);
  return 0;
}
