// What stands outside every declaration.
#include <array>

#include "compiler/support/nearest.h"
#include "compiler/syntax/boundaries.h"
#include "compiler/syntax/habits.h"
#include "compiler/syntax/python_forms.h"

namespace lacuna::syntax {

using diagnostics::Id;

namespace {

struct Block {
  std::string_view theirs;
  std::string_view help;
};

constexpr std::array kBlocks = {
    Block{"data", "data are the arguments of the model: `model name(x: real[N], y: real?[N]) { ... }`"},
    Block{"transformed data", "a quantity known from data is a `let` in the model: `let log_y = log(y)`"},
    Block{"parameters", "a latent is declared where it is drawn: `sample sigma ~ HalfNormal(1)` in the model"},
    Block{"transformed parameters", "a derived quantity is a `let` in the model: `let s = exp(log_s)`"},
    Block{"generated quantities", "what is computed or drawn after inference is an `output` in the model: `output q = exp(b)`"},
    Block{"functions", "a function stands by itself: `fn name(x: real): real = ...`"},
};

}  // namespace

void report_foreign_declaration(const Source& source, Slice slice, bool block, diagnostics::Sink& sink) {
  const std::string_view first = source.words(slice.begin);
  const TokenKind kind = source.kind(slice.begin);
  if (Boundaries::is_statement_keyword(kind) || kind == TokenKind::For) {
    sink.report(Id::StatementMisplaced, source.range(slice.begin), first, kind == TokenKind::Return ? "a function" : "a model")
        .help("put it between the braces of `model name(...) { ... }`");
    return;
  }
  const std::string_view head = source.words(slice.begin, slice.end);
  for (const Block& known : kBlocks) {
    if (!block || head != known.theirs) continue;
    sink.report(Id::ForeignBlock, source.range(slice.begin, slice.end), head).help(std::string(known.help));
    return;
  }
  if (report_python_statement(source, slice, sink)) return;
  if (kind == TokenKind::Unknown) {
    report_unknown_character(source, slice.begin, slice.begin + 1, sink);
    return;
  }
  auto& error = sink.report(Id::OutsideDeclaration, source.range(slice.begin), fmt::format("`{}`", first));
  static const std::vector<std::string_view> kKeywords = {"model", "guide", "dist", "fn", "dim", "open"};
  const std::string_view near = is_name(kind) && slice.end > slice.begin + 1 ? support::nearest(first, kKeywords) : std::string_view();
  if (near.empty()) {
    error.note("a file is made of `model`, `guide`, `dist`, `fn`, `dim` and `open`");
  } else {
    error.help(fmt::format("did you mean `{}`?", near), {{source.range(slice.begin), std::string(near)}});
  }
}

}  // namespace lacuna::syntax
