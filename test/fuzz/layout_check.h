// What must hold of every program that parses when it is laid out.
#pragma once
#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "compiler/syntax/ast_printer.h"
#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"

namespace lacuna::fuzz {

// Aborts, with both texts, unless the program's text in the one style parses to the same tree and stays as it is when it is
// laid out again.
inline void require_same_when_laid_out(const support::SourceMap& sources, const syntax::Program& program) {
  const std::string once = syntax::format(sources, program);
  support::SourceMap again;
  support::Arena arena;
  diagnostics::Sink sink;
  const auto file = again.add("formatted.ppl", once);
  const syntax::Program parsed = syntax::parse(again, file, arena, sink);
  const auto complain = [&](std::string_view what, std::string_view other) {
    fmt::print(stderr, "fuzz: {}\n---- text\n{}\n---- laid out\n{}\n---- after\n{}\n", what, sources.file(program.file).text(), once, other);
    std::abort();
  };
  if (sink.error_count() > 0) complain("the laid out text does not parse", sink.diagnostics().front().message);
  if (syntax::print_ast(parsed) != syntax::print_ast(program)) complain("laying out changes the tree", syntax::print_ast(parsed));
  if (parsed.comments.size() != program.comments.size()) complain("laying out loses a comment", "");
  const std::string twice = syntax::format(again, parsed);
  if (twice != once) complain("laying out twice changes the text", twice);
}

}  // namespace lacuna::fuzz
