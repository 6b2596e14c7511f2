// Statements without a keyword of the language.
#include "compiler/syntax/habits.h"

#include <array>
#include <vector>

#include "compiler/support/nearest.h"
#include "compiler/syntax/foreign_types.h"
#include "compiler/syntax/python_forms.h"

namespace lacuna::syntax {

using diagnostics::FixIt;
using diagnostics::Id;

namespace {

constexpr std::string_view kStatements = "a statement begins with `let`, `sample`, `observe`, `factor`, `output` or `for`";

class StatementHabit {
 public:
  StatementHabit(const Source& source, Slice slice, diagnostics::Sink& sink) : source_(source), slice_(slice), sink_(sink) {}

  void report(bool in_guide) {
    if (misplaced(in_guide) || control_flow() || increment() || typed() || report_python_statement(source_, slice_, sink_) || related() || misspelt())
      return;
    sink_.report(Id::KeywordMissing, source_.range(slice_.begin)).note(std::string(kStatements));
  }

 private:
  TokenKind kind(std::size_t offset) const { return slice_.begin + offset < slice_.end ? source_.kind(slice_.begin + offset) : TokenKind::End; }
  std::string_view words(std::size_t offset) const { return kind(offset) == TokenKind::End ? "" : source_.words(slice_.begin + offset); }

  bool misplaced(bool in_guide) {
    const SourceRange first = source_.range(slice_.begin);
    switch (kind(0)) {
      case TokenKind::Return:
        sink_.report(Id::StatementMisplaced, first, "return", "a function").help("to save a value for each draw, write `output name = ...`");
        return true;
      case TokenKind::Param:
      case TokenKind::Auto:
        if (in_guide || !(kind(0) == TokenKind::Auto ? kind(1) == TokenKind::Tilde : is_name(kind(1)))) return false;
        sink_.report(Id::StatementMisplaced, first, words(0), "a guide");
        return true;
      case TokenKind::RightParen:
      case TokenKind::RightBracket:
        sink_.report(Id::UnopenedBracket, first, words(0));
        return true;
      case TokenKind::LeftBrace:
        sink_.report(Id::UnexpectedToken, first, "a statement", "`{`").note("only a plate, `for n in N`, has a block of its own");
        return true;
      default:
        return false;
    }
  }

  bool control_flow() {
    if (kind(0) != TokenKind::If && kind(0) != TokenKind::Else && words(0) != "while" && words(0) != "repeat") return false;
    if (kind(0) == TokenKind::Else && kind(1) == TokenKind::Impute) return false;
    auto& error = sink_.report(Id::ControlFlow, source_.range(slice_.begin), words(0));
    if (kind(0) == TokenKind::If || kind(0) == TokenKind::Else) {
      error.note("statements say what holds, and all of them do; `if c then a else b` is an expression")
          .help("to let a value depend on a condition, write `let x = if c then a else b`; to leave elements out, `where c`");
    } else {
      error.help("a recurrence is written `let s[t in T] = if t == 0 then s0 else f(s[t - 1])`");
    }
    return true;
  }

  bool increment() {
    if (words(0) != "target" || kind(1) != TokenKind::Plus || kind(2) != TokenKind::Assign || slice_.end - slice_.begin < 4) return false;
    auto& error = sink_.report(Id::TargetIncrement, source_.range(slice_.begin, slice_.begin + 3));
    for (std::size_t i = slice_.begin; i < slice_.end; ++i) {
      // `normal_lpdf(y | mu, sigma)`
      if (source_.kind(i) != TokenKind::Unknown) continue;
      error.help("a log density is scored by `observe y ~ Normal(mu, sigma)`");
      return true;
    }
    error.help(fmt::format("write `factor {}`", source_.words(slice_.begin + 3, slice_.end)), {{source_.range(slice_.begin, slice_.begin + 3), "factor"}});
    return true;
  }

  bool typed() {
    const ForeignDeclaration found = foreign_declaration(source_, slice_);
    if (found.name.empty()) return false;
    auto& error = sink_.report(Id::TypeBeforeName, source_.range(slice_.begin, found.name_at + 1));
    if (found.name_at + 1 < slice_.end && source_.kind(found.name_at + 1) == TokenKind::Assign) {
      error.help(fmt::format("write `let {} = ...`", found.name), {{source_.range(slice_.begin, found.name_at + 1), fmt::format("let {}", found.name)}});
      return true;
    }
    error.note("a latent has the type of its distribution, a derived quantity that of its expression")
        .help(fmt::format("for data, put `{}: {}` among the arguments of the model; for a latent, write `sample {} ~ ...`", found.name, found.type,
                          found.name));
    return true;
  }

  // `y ~ ...`, `x = ...`, `x <- ...`, `x := ...`, with or without brackets behind the name.
  bool related() {
    if (!is_name(kind(0))) return false;
    std::size_t at = slice_.begin + 1;
    if (at < slice_.end && source_.kind(at) == TokenKind::LeftBracket) {
      while (at < slice_.end && source_.kind(at) != TokenKind::RightBracket) ++at;
      ++at;
    }
    if (at >= slice_.end) return false;
    const SourceRange start = {source_.file, source_[slice_.begin].begin, source_[slice_.begin].begin};
    const SourceRange target = source_.range(slice_.begin, at);
    const std::string_view name = source_.words(slice_.begin, at);
    if (source_.kind(at) == TokenKind::Tilde) {
      sink_.report(Id::KeywordMissing, target)
          .help(fmt::format("if `{}` is to be inferred, write `sample {} ~ ...`", name, name), {{start, "sample "}})
          .help(fmt::format("if `{}` is data, write `observe {} ~ ...`", name, name), {{start, "observe "}});
      return true;
    }
    if (source_.kind(at) == TokenKind::Assign) {
      sink_.report(Id::KeywordMissing, target).help(fmt::format("write `let {} = ...`", name), {{start, "let "}});
      return true;
    }
    const bool arrow = source_.kind(at) == TokenKind::Less && at + 1 < slice_.end && source_.kind(at + 1) == TokenKind::Minus;
    const bool walrus = source_.kind(at) == TokenKind::Colon && at + 1 < slice_.end && source_.kind(at + 1) == TokenKind::Assign;
    if ((!arrow && !walrus) || !source_[at].touches(source_[at + 1])) return false;
    const SourceRange sign = source_.range(at, at + 2);
    sink_.report(Id::ForeignAssignment, sign, source_.words(at, at + 2)).help(fmt::format("write `let {} = ...`", name), {{start, "let "}, {sign, "="}});
    return true;
  }

  bool misspelt() {
    static const std::vector<std::string_view> kKeywords = {"let", "sample", "observe", "factor", "output", "for", "return"};
    if (!is_name(kind(0)) || kind(1) == TokenKind::End) return false;
    const std::string_view near = support::nearest(words(0), kKeywords);
    if (near.empty()) return false;
    sink_.report(Id::KeywordMissing, source_.range(slice_.begin)).note(std::string(kStatements)).help(fmt::format("did you mean `{}`?", near),
                 {{source_.range(slice_.begin), std::string(near)}});
    return true;
  }

  const Source& source_;
  Slice slice_;
  diagnostics::Sink& sink_;
};

}  // namespace

void report_foreign_statement(const Source& source, Slice slice, bool in_guide, diagnostics::Sink& sink) {
  StatementHabit(source, slice, sink).report(in_guide);
}

void report_foreign_member(const Source& source, Slice slice, diagnostics::Sink& sink) {
  const TokenKind first = source.kind(slice.begin);
  if (first == TokenKind::Let || first == TokenKind::Sample || first == TokenKind::Observe || first == TokenKind::For) {
    sink.report(Id::StatementMisplaced, source.range(slice.begin), source.words(slice.begin), "a model")
        .note("a `dist` holds members such as `log_density(x) = ...` and `mean = ...`; a `fn` can have `let`s");
    return;
  }
  sink.report(Id::UnexpectedToken, source.range(slice.begin), "a member such as `log_density(x) = ...`", fmt::format("`{}`", source.words(slice.begin)));
}

}  // namespace lacuna::syntax
