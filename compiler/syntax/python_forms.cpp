#include "compiler/syntax/python_forms.h"

#include <optional>

namespace lacuna::syntax {

using diagnostics::Id;

namespace {

// One call such as `numpyro.sample("mu", dist.Normal(0, 5), obs=y)`.
struct PythonCall {
  std::string_view function;  // `sample`, `Normal`
  std::string name;           // the label given first
  std::string distribution;   // "Normal(0, 5)"
  std::string observed;       // what `obs=` or `observed=` gives
};

// The argument that begins at `at`: one past its last token.
std::size_t argument_end(const Source& source, std::size_t at, std::size_t end) {
  int depth = 0;
  for (std::size_t i = at; i < end; ++i) {
    const TokenKind kind = source.kind(i);
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket) ++depth;
    if ((kind == TokenKind::RightParen || kind == TokenKind::RightBracket) && --depth < 0) return i;
    if (kind == TokenKind::Comma && depth == 0) return i;
  }
  return end;
}

// The words of a stretch without the module before a distribution's name (`dist.`, `numpyro.distributions.`).
std::string without_module(const Source& source, std::size_t begin, std::size_t end) {
  while (begin + 2 < end && (is_name(source.kind(begin)) || source.kind(begin) == TokenKind::Dist) && source.kind(begin + 1) == TokenKind::Dot &&
         source.kind(begin + 2) != TokenKind::LeftParen)
    begin += 2;
  return std::string(source.words(begin, end));
}

std::optional<PythonCall> read_call(const Source& source, Slice slice) {
  std::size_t open = slice.begin;
  while (open < slice.end && source.kind(open) != TokenKind::LeftParen) ++open;
  // `module.function("name", ...`
  if (open + 2 >= slice.end || open < slice.begin + 3 || source.kind(open - 2) != TokenKind::Dot || source.kind(open + 1) != TokenKind::String) return std::nullopt;
  PythonCall call;
  call.function = source.words(open - 1);
  const std::string_view label = source.words(open + 1);
  call.name = std::string(label.substr(1, label.size() - 2));
  const bool site = call.function == "sample" || call.function == "deterministic" || call.function == "factor" || call.function == "plate";
  if (!site) call.distribution = std::string(call.function) + "(";
  bool first = true;
  for (std::size_t at = open + 2; at < slice.end && source.kind(at) == TokenKind::Comma;) {
    const std::size_t begin = at + 1;
    const std::size_t end = argument_end(source, begin, slice.end);
    if (begin >= end) break;
    const std::string_view word = source.words(begin);
    if ((word == "obs" || word == "observed") && end > begin + 2 && source.kind(begin + 1) == TokenKind::Assign) {
      call.observed = std::string(source.words(begin + 2, end));
    } else if (!site) {
      call.distribution += (first ? "" : ", ") + std::string(source.words(begin, end));
      first = false;
    } else if (call.distribution.empty()) {
      call.distribution = without_module(source, begin, end);
    }
    at = end;
  }
  if (!site) call.distribution += ")";
  return call;
}

std::string lacuna_form(const PythonCall& call) {
  if (call.function == "deterministic") return fmt::format("output {} = {}", call.name, call.distribution);
  if (call.function == "factor") return fmt::format("factor {}", call.distribution);
  if (call.function == "plate") return "for n in N { ... }";
  if (!call.observed.empty()) return fmt::format("observe {} ~ {}", call.observed, call.distribution);
  return fmt::format("sample {} ~ {}", call.name, call.distribution);
}

}  // namespace

bool begins_python(std::string_view word) { return word == "def" || word == "class" || word == "import" || word == "from"; }

bool report_python_statement(const Source& source, Slice slice, diagnostics::Sink& sink) {
  const std::string_view first = source.words(slice.begin);
  if (begins_python(first)) {
    auto& error = sink.report(Id::PythonStatement, source.range(slice.begin)).label(fmt::format("`{}` is Python", first));
    error.help("a model is written `model name(x: real[N], y: real[N]) { ... }`, a function `fn name(x: real): real = ...`");
    return true;
  }
  const std::optional<PythonCall> call = read_call(source, slice);
  const bool with = first == "with" && slice.end - slice.begin > 1;
  if (!call && !with) return false;
  auto& error = sink.report(Id::PythonStatement, source.range(slice.begin, slice.end));
  if (!call || call->function == "plate") {
    error.help("a plate is written `for n in N { ... }`, where `N` is a dimension; most statements need none: `sample a[J] ~ Normal(mu, tau)`");
  } else {
    error.help(fmt::format("write `{}`", lacuna_form(*call)), {{source.range(slice.begin, slice.end), lacuna_form(*call)}});
  }
  return true;
}

}  // namespace lacuna::syntax
