// Forms of other languages inside a statement or head that begins well.
#include <array>

#include "compiler/syntax/foreign_types.h"
#include "compiler/syntax/habits.h"
#include "compiler/syntax/python_forms.h"

namespace lacuna::syntax {

using diagnostics::Id;

namespace {

struct ForeignWord {
  std::string_view theirs;
  std::string_view ours;
};

constexpr std::array kWords = {
#define LACUNA_FOREIGN_WORD(theirs, ours) ForeignWord{theirs, ours},
#define LACUNA_FOREIGN_CHARACTER(theirs, ours)
#include "compiler/syntax/foreign_words.def"
#undef LACUNA_FOREIGN_WORD
#undef LACUNA_FOREIGN_CHARACTER
};

constexpr std::array kCharacters = {
#define LACUNA_FOREIGN_WORD(theirs, ours)
#define LACUNA_FOREIGN_CHARACTER(theirs, ours) ForeignWord{theirs, ours},
#include "compiler/syntax/foreign_words.def"
#undef LACUNA_FOREIGN_WORD
#undef LACUNA_FOREIGN_CHARACTER
};

class FormHabit {
 public:
  FormHabit(const Source& source, const Failure& failure, diagnostics::Sink& sink)
      : source_(source), slice_(failure.slice), at_(failure.at), sink_(sink) {}

  bool report() {
    return model_head() || loop() || python_call() || word() || module() || assignment() || operators() || question() || truncation() || bound() ||
           type_before_name() || range();
  }

 private:
  // The token `offset` places from the offending one, if it is in the slice.
  TokenKind near(std::ptrdiff_t offset) const {
    const auto place = static_cast<std::ptrdiff_t>(at_) + offset;
    return place >= static_cast<std::ptrdiff_t>(slice_.begin) && place < static_cast<std::ptrdiff_t>(slice_.end) ? source_.kind(static_cast<std::size_t>(place))
                                                                                                              : TokenKind::End;
  }
  bool adjacent(std::size_t left) const { return source_[left].touches(source_[left + 1]); }
  void replace(SourceRange range, std::string_view theirs, std::string_view ours) {
    sink_.report(Id::ForeignOperator, range, theirs, ours).help(fmt::format("write `{}`", ours), {{range, std::string(ours)}});
  }

  bool model_head() {
    if (source_.kind(slice_.begin) != TokenKind::Model || at_ != slice_.end || slice_.end - slice_.begin > 2) return false;
    auto& error = sink_.report(Id::ModelWithoutArguments, source_.range(slice_.begin, slice_.end));
    error.note("the arguments are the data that a run binds");
    if (slice_.end - slice_.begin == 1) {
      error.help("write `model name(x: real[N], y: real[N]) {`");
    } else {
      const std::uint32_t end = source_[slice_.end - 1].end;
      error.help(fmt::format("write `{}(x: real[N])`, or `()` when there are none", source_.words(slice_.begin, slice_.end)), {{{source_.file, end, end}, "()"}});
    }
    return true;
  }

  // `for (n in 1:N)`, `for n in 1:N`, `for i in range(N)`
  bool loop() {
    if (source_.kind(slice_.begin) != TokenKind::For) return false;
    const bool parenthesis = slice_.end > slice_.begin + 1 && source_.kind(slice_.begin + 1) == TokenKind::LeftParen;
    const std::size_t variable = slice_.begin + (parenthesis ? 2 : 1);
    if (variable + 2 >= slice_.end || !is_name(source_.kind(variable)) || source_.kind(variable + 1) != TokenKind::In) return false;
    const std::size_t first = variable + 2;
    std::size_t size = first;
    const bool ranged = first + 2 < slice_.end && source_.kind(first) == TokenKind::Integer && source_.kind(first + 1) == TokenKind::Colon;
    const bool called = source_.words(first) == "range" && first + 2 < slice_.end;
    if (ranged || called) size = first + 2;
    if (!parenthesis && !ranged && !called) return false;
    auto& error = sink_.report(Id::LoopOverRange, source_.range(slice_.begin + 1, slice_.end));
    error.note("a plate says what holds for every element of a dimension; indices count from 0");
    if (is_name(source_.kind(size))) {
      const std::string head = fmt::format("{} in {}", source_.words(variable), source_.words(size));
      error.help(fmt::format("write `for {} {{`", head), {{source_.range(slice_.begin + 1, slice_.end), head}});
    } else {
      error.help(fmt::format("declare a dimension and write `for {} in N {{`", source_.words(variable)));
    }
    return true;
  }

  // `sample("mu", dist.Normal(0, 1))`
  bool python_call() {
    const TokenKind first = source_.kind(slice_.begin);
    if ((first != TokenKind::Sample && first != TokenKind::Observe) || at_ != slice_.begin + 1 || near(0) != TokenKind::LeftParen || near(1) != TokenKind::String) return false;
    const std::string_view label = source_.words(at_ + 1);
    const std::string_view name = label.substr(1, label.size() - 2);
    sink_.report(Id::PythonStatement, source_.range(slice_.begin, slice_.end)).help(fmt::format("write `{} {} ~ ...`", source_.words(slice_.begin), name));
    return true;
  }

  bool word() {
    if (is_name(near(0))) {
      for (const ForeignWord& known : kWords) {
        if (source_.words(at_) != known.theirs) continue;
        replace(source_.range(at_), known.theirs, known.ours);
        return true;
      }
    }
    // `not x`: the name `not` is fine by itself.
    if (!is_name(near(-1)) || source_.words(at_ - 1) != "not") return false;
    sink_.report(Id::ForeignOperator, source_.range(at_ - 1), "not", "!")
        .help(fmt::format("write `!{}`", source_.words(at_)), {{{source_.file, source_[at_ - 1].begin, source_[at_].begin}, "!"}});
    return true;
  }

  // `dist.Normal(0, 1)`
  bool module() {
    if (near(0) != TokenKind::Dist || near(1) != TokenKind::Dot || !is_name(near(2))) return false;
    const SourceRange prefix = source_.range(at_, at_ + 2);
    sink_.report(Id::ForeignOperator, prefix, source_.words(at_, at_ + 3), source_.words(at_ + 2))
        .note("distributions need no module")
        .help(fmt::format("write `{}`", source_.words(at_ + 2)), {{prefix, ""}});
    return true;
  }

  // `let x <- e`, `let x := e`
  bool assignment() {
    std::size_t first = at_;
    if (near(0) == TokenKind::Assign && near(-1) == TokenKind::Colon) first = at_ - 1;
    const bool arrow = source_.kind(first) == TokenKind::Less && source_.kind(first + 1) == TokenKind::Minus && near(1) == TokenKind::Minus;
    const bool walrus = first + 1 == at_;
    if ((!arrow && !walrus) || !adjacent(first)) return false;
    const SourceRange sign = source_.range(first, first + 2);
    sink_.report(Id::ForeignAssignment, sign, source_.words(first, first + 2)).help("write `=`", {{sign, "="}});
    return true;
  }

  // Two tokens that another language writes as one operator; the second is the offending one.
  bool operators() {
    static constexpr struct {
      TokenKind first;
      TokenKind second;
      std::string_view ours;
    } kPairs[] = {{TokenKind::Times, TokenKind::Times, "^"},    {TokenKind::Dot, TokenKind::Times, "*"}, {TokenKind::Dot, TokenKind::Divide, "/"},
                  {TokenKind::Dot, TokenKind::Power, "^"},      {TokenKind::Equal, TokenKind::Assign, "=="}, {TokenKind::Divide, TokenKind::Divide, "div"}};
    if (near(-1) == TokenKind::End || near(0) == TokenKind::End || !adjacent(at_ - 1)) return false;
    if (near(-1) == TokenKind::Modulo && near(0) == TokenKind::Times && near(1) == TokenKind::Modulo && adjacent(at_)) {
      replace(source_.range(at_ - 1, at_ + 2), "%*%", "@");
      return true;
    }
    for (const auto& pair : kPairs) {
      if (near(-1) != pair.first || near(0) != pair.second) continue;
      replace(source_.range(at_ - 1, at_ + 1), source_.words(at_ - 1, at_ + 1), pair.ours);
      return true;
    }
    return false;
  }

  // `c ? a : b`
  bool question() {
    if (near(0) != TokenKind::Question || !ends_operand(near(-1)) || at_ <= slice_.begin + 1 || source_.kind(slice_.begin) == TokenKind::Model) return false;
    sink_.report(Id::ForeignOperator, source_.range(at_), "? :", "if ... then ... else ...").help("write `if c then a else b`");
    return true;
  }

  // `normal(0, 1) T[0, ]`
  bool truncation() {
    if (!is_name(near(0)) || source_.words(at_) != "T" || near(-1) != TokenKind::RightParen || near(1) != TokenKind::LeftBracket) return false;
    std::size_t comma = at_ + 2;
    while (comma < slice_.end && source_.kind(comma) != TokenKind::Comma) ++comma;
    std::size_t close = comma;
    while (close < slice_.end && source_.kind(close) != TokenKind::RightBracket) ++close;
    std::size_t from = slice_.begin;
    while (from < at_ && source_.kind(from) != TokenKind::Tilde) ++from;
    if (close >= slice_.end || from >= at_) return false;
    std::string bounds;
    if (comma > at_ + 2) bounds += fmt::format(", lower = {}", source_.words(at_ + 2, comma));
    if (close > comma + 1) bounds += fmt::format(", upper = {}", source_.words(comma + 1, close));
    const std::uint32_t begin = source_[from + 1].begin;
    const SourceRange suffix = {source_.file, source_[at_ - 1].end, source_[close].end};
    sink_.report(Id::TruncationSuffix, source_.range(at_, close + 1))
        .help(fmt::format("write `Truncated({}{})`", source_.words(from + 1, at_), bounds), {{{source_.file, begin, begin}, "Truncated("}, {suffix, bounds + ")"}});
    return true;
  }

  // `sigma: real<lower=0>`
  bool bound() {
    if (near(0) != TokenKind::Less || !is_name(near(-1)) || !is_type_word(source_.words(at_ - 1))) return false;
    std::size_t end = at_;
    while (end < slice_.end && source_.kind(end) != TokenKind::Greater) ++end;
    if (end == slice_.end) return false;
    const std::string type = bounded_type(source_, {at_ - 1, end + 1});
    const SourceRange place = source_.range(at_ - 1, end + 1);
    sink_.report(Id::BoundOnType, place).help(fmt::format("write `{}`", type), {{place, type}});
    return true;
  }

  // `let real x = 3`, `model m(vector[N] x)`
  bool type_before_name() {
    if (at_ == slice_.begin || at_ >= slice_.end) return false;
    const ForeignDeclaration found = foreign_declaration(source_, {at_ - 1, slice_.end});
    if (found.name.empty() || found.name_at == at_ - 1) return false;
    const SourceRange place = source_.range(at_ - 1, found.name_at + 1);
    const std::string ours = source_.kind(slice_.begin) == TokenKind::Sample || source_.kind(slice_.begin) == TokenKind::Observe
                                 ? std::string(found.name)
                                 : fmt::format("{}: {}", found.name, found.type);
    sink_.report(Id::TypeBeforeName, place).help(fmt::format("write `{}`", ours), {{place, ours}});
    return true;
  }

  // `x[1:3]`
  bool range() {
    if (near(0) != TokenKind::Colon || at_ == slice_.begin) return false;
    int depth = 0;
    for (std::size_t i = slice_.begin; i < at_; ++i) {
      if (source_.kind(i) == TokenKind::LeftBracket) ++depth;
      if (source_.kind(i) == TokenKind::RightBracket) --depth;
    }
    if (depth <= 0) return false;
    sink_.report(Id::RangeAsIndex, source_.range(at_))
        .note("`:` alone takes all of a dimension")
        .help("to use some elements, write a condition: `sum(x[n] for n in N where n < 3)`");
    return true;
  }

  const Source& source_;
  Slice slice_;
  std::size_t at_;
  diagnostics::Sink& sink_;
};

}  // namespace

bool report_foreign_form(const Source& source, const Failure& failure, diagnostics::Sink& sink) { return FormHabit(source, failure, sink).report(); }

bool report_density_bar(const Source& source, Slice slice, std::size_t at, diagnostics::Sink& sink) {
  if (source.words(at) != "|") return false;
  int depth = 0;
  for (std::size_t i = at; i-- > slice.begin + 1;) {
    if (source.kind(i) == TokenKind::RightParen) ++depth;
    if (source.kind(i) != TokenKind::LeftParen || depth-- > 0) continue;
    const std::string_view name = source.words(i - 1);
    const bool density = name.ends_with("_lpdf") || name.ends_with("_lpmf") || name.ends_with("_lupdf") || name.ends_with("_lupmf") || name.ends_with("_lcdf") || name.ends_with("_lccdf");
    if (!density) return false;
    sink.report(Id::UnknownCharacter, source.range(at), "|")
        .note("what a log density is asked for stands in a member's parentheses, its parameters in the distribution's")
        .help("data are scored by `observe y ~ Normal(mu, sigma)`; the density at a value is `Normal(mu, sigma).log_density(y)`");
    return true;
  }
  return false;
}

void report_unknown_character(const Source& source, std::size_t begin, std::size_t end, diagnostics::Sink& sink) {
  const std::string_view words = source.words(begin);
  const SourceRange place = source.range(begin);
  for (const ForeignWord& known : kCharacters) {
    if (words != known.theirs) continue;
    auto& error = sink.report(Id::UnknownCharacter, place, words);
    error.help(words == "#" ? "a comment begins with `//`" : fmt::format("write `{}`", known.ours), {{place, std::string(known.ours)}});
    return;
  }
  auto& error = sink.report(Id::UnknownCharacter, source.range(begin, end), source.words(begin, end));
  if (words == "'") error.help("a label is written in double quotes, the transpose of a matrix `transpose(x)`");
}

}  // namespace lacuna::syntax
