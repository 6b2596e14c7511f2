// A program parsed for a test, with all that keeps its tree alive.
#pragma once
#include <string>
#include <vector>

#include "compiler/syntax/ast_printer.h"
#include "compiler/syntax/parse.h"

namespace lacuna::test {

struct Parsed {
  explicit Parsed(std::string text) {
    program = syntax::parse(sources, sources.add("test.ppl", std::move(text)), arena, sink);
  }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  std::vector<std::string> codes() const {
    std::vector<std::string> all;
    for (const auto& d : sink.sorted()) all.emplace_back(diagnostics::entry(d.id).code);
    return all;
  }
  std::string text(support::SourceRange range) const { return std::string(sources.text(range)); }

  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  syntax::Program program;
};

// The tree of an expression, printed.
inline std::string tree(const std::string& expression) {
  const Parsed parsed("dim K = " + expression);
  if (!parsed.codes().empty()) return "error " + parsed.codes()[0];
  return syntax::print_ast(*parsed.program.declarations[0]->as<syntax::DimDecl>().value);
}

}  // namespace lacuna::test
