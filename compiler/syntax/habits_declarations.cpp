// What stands outside every declaration.
#include <algorithm>
#include <array>
#include <vector>

#include "compiler/support/nearest.h"
#include "compiler/syntax/boundaries.h"
#include "compiler/syntax/foreign_types.h"
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

// The arguments that a `data` block, whose brace is at `open`, would be: "x: real[N], y: real[N]". Sizes are left out, since
// dimensions need no declaration.
std::string arguments_of_data(const Source& source, std::size_t open) {
  std::vector<ForeignDeclaration> found;
  std::size_t end = open + 1;
  while (source.kind(end) != TokenKind::RightBrace && source.kind(end) != TokenKind::End) ++end;
  // A help shows a few; a block of thousands is not worth reading through.
  constexpr std::size_t kMost = 12;
  constexpr std::size_t kLongest = 64;  // tokens of one declaration
  for (std::size_t i = open + 1; i < end && found.size() < kMost;) {
    const ForeignDeclaration one = foreign_declaration(source, {i, std::min(end, i + kLongest)});
    if (!one.name.empty()) found.push_back(one);
    i = one.name.empty() ? i + 1 : one.name_at + 1;
    if (i - open > kMost * kLongest) break;
  }
  std::string arguments;
  if (found.size() == kMost) return arguments;
  for (const ForeignDeclaration& one : found) {
    const std::string bracketed = fmt::format("[{}]", one.name);
    const bool size = std::any_of(found.begin(), found.end(), [&](const auto& other) { return other.type.find(bracketed) != std::string::npos; });
    if (!size) arguments += fmt::format("{}{}: {}", arguments.empty() ? "" : ", ", one.name, one.type);
  }
  return arguments;
}

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
    auto& error = sink.report(Id::ForeignBlock, source.range(slice.begin, slice.end), head);
    const std::string arguments = head == "data" ? arguments_of_data(source, slice.end) : std::string();
    error.help(arguments.empty() ? std::string(known.help) : fmt::format("data are the arguments of the model: `model name({}) {{ ... }}`", arguments));
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
