#include "compiler/syntax/syntax_errors.h"

#include <algorithm>

#include "compiler/support/utf8.h"
#include "compiler/syntax/habits.h"

namespace lacuna::syntax {

using diagnostics::Id;

namespace {

TokenKind closer(TokenKind opener) {
  return opener == TokenKind::LeftParen ? TokenKind::RightParen : TokenKind::RightBracket;
}

bool has(const std::vector<TokenKind>& kinds, TokenKind kind) { return std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); }

std::string join_or(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace

std::string expected_in_words(const std::vector<TokenKind>& kinds) {
  std::vector<std::string> words;
  const bool operand_begins = has(kinds, TokenKind::Integer);
  const bool operand_complete = has(kinds, TokenKind::Plus) && !operand_begins;
  if (operand_begins) {
    words.push_back("an expression");
  } else if (has(kinds, TokenKind::Identifier)) {
    words.push_back("a name");
  }
  for (const TokenKind kind : kinds) {
    if (kind == TokenKind::Identifier || kind == TokenKind::End || kind == TokenKind::Plus) continue;
    const bool begins_operand = kind == TokenKind::Integer || kind == TokenKind::String || kind == TokenKind::LeftParen ||
                                kind == TokenKind::LeftBracket || kind == TokenKind::Not || kind == TokenKind::If;
    if (operand_begins && begins_operand) continue;
    // After a complete operand nearly everything is an operator; what closes it is the better hint.
    if (operand_complete && (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket || kind == TokenKind::For)) continue;
    if (kind == TokenKind::Alias || kind == TokenKind::Noncentered) continue;
    // Brackets and a type are possible behind a target or a head, but the sign that follows is what must come.
    const bool sign_due = has(kinds, TokenKind::Assign) || has(kinds, TokenKind::Tilde);
    const bool optional = kind == TokenKind::LeftBracket || kind == TokenKind::Colon || kind == TokenKind::LeftParen || kind == TokenKind::Question;
    if (sign_due && optional && !operand_complete) continue;
    words.emplace_back(in_words(kind));
  }
  if (words.empty() && operand_complete) words.push_back("an operator");
  return join_or(words);
}

void SyntaxErrors::report(const Failure& failure) {
  if (unreadable_token(failure) || report_foreign_form(source_, failure, sink_) || number(failure) || brackets(failure)) return;
  const std::vector<TokenKind> expected = failure.expected();
  if (conditional(failure, expected) || relation(failure, expected)) return;
  generic(failure, expected);
}

bool SyntaxErrors::unreadable_token(const Failure& failure) {
  for (std::size_t i = failure.slice.begin; i < failure.slice.end; ++i) {
    if (source_.kind(i) == TokenKind::UnfinishedString) {
      sink_.report(Id::UnfinishedLabel, source_.range(i)).help("write `\"` where it ends", {{{source_.file, source_[i].end, source_[i].end}, "\""}});
      return true;
    }
    if (source_.kind(i) != TokenKind::Unknown) continue;
    std::size_t end = i + 1;
    while (end < failure.slice.end && source_.kind(end) == TokenKind::Unknown && source_[end - 1].touches(source_[end])) ++end;
    if (!report_density_bar(source_, failure.slice, i, sink_)) report_unknown_character(source_, i, end, sink_);
    return true;
  }
  return false;
}

// `1.` and `.5` are a number beside a point.
bool SyntaxErrors::is_half_number(const Slice& slice, std::size_t at) const {
  if (at + 1 >= slice.end || !source_[at].touches(source_[at + 1])) return false;
  if (source_.kind(at) == TokenKind::Integer) return source_.kind(at + 1) == TokenKind::Dot && !(at + 2 < slice.end && is_name(source_.kind(at + 2)));
  const bool follows_operand = at > slice.begin && ends_operand(source_.kind(at - 1)) && source_[at - 1].touches(source_[at]);
  return source_.kind(at) == TokenKind::Dot && source_.kind(at + 1) == TokenKind::Integer && !follows_operand;
}

bool SyntaxErrors::number(const Failure& failure) {
  const Slice& slice = failure.slice;
  const std::size_t from = failure.at - std::min<std::size_t>(failure.at - slice.begin, 2);
  bool here = false;
  for (std::size_t i = from; i <= failure.at && i < slice.end; ++i) here |= is_half_number(slice, i);
  if (!here) return false;
  for (std::size_t i = from; i + 1 < slice.end; ++i) {
    if (!is_half_number(slice, i)) continue;
    const SourceRange place = source_.range(i, i + 2);
    const std::string_view words = source_.words(i, i + 2);
    const std::string whole = source_.kind(i) == TokenKind::Dot ? fmt::format("0{}", words) : fmt::format("{}0", words);
    sink_.report(Id::NumberForm, place).help(fmt::format("write `{}`", whole), {{place, whole}});
    ++i;
  }
  return true;
}

bool SyntaxErrors::brackets(const Failure& failure) {
  // A comma that fits nowhere is most often one behind a bracket too many, or inside one that should have been closed.
  const bool at_comma = failure.at < failure.slice.end && source_.kind(failure.at) == TokenKind::Comma;
  std::vector<std::size_t> open;
  std::size_t open_at_comma = failure.slice.end;
  for (std::size_t i = failure.slice.begin; i < failure.slice.end; ++i) {
    const TokenKind kind = source_.kind(i);
    if (i == failure.at && at_comma && !open.empty()) open_at_comma = open.back();
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket) open.push_back(i);
    if (kind != TokenKind::RightParen && kind != TokenKind::RightBracket) continue;
    if (i > failure.at && !at_comma) return false;
    if (open.empty()) {
      sink_.report(Id::UnopenedBracket, source_.range(i), source_.words(i)).help("remove it", {{source_.range(i), ""}});
      return true;
    }
    if (closer(source_.kind(open.back())) != kind) {
      const std::string_view wanted = kind == TokenKind::RightParen ? "]" : ")";
      sink_.report(Id::UnclosedBracket, source_.range(open.back()), source_.words(open.back()))
          .label(fmt::format("`{}` closes this one", wanted))
          .also_at(source_.range(i), fmt::format("`{}` is here instead", source_.words(i)));
      return true;
    }
    open.pop_back();
  }
  if (open.empty() || (failure.at < failure.slice.end && !at_comma)) return false;
  unclosed(failure, open_at_comma < failure.slice.end ? open_at_comma : open.back());
  return true;
}

void SyntaxErrors::unclosed(const Failure& failure, std::size_t open) {
  const std::size_t last = failure.slice.end - 1;
  if (failure.at == failure.slice.end && !ends_operand(source_.kind(last))) return generic(failure, failure.expected());
  const std::string_view wanted = source_.kind(open) == TokenKind::LeftParen ? ")" : "]";
  auto& error = sink_.report(Id::UnclosedBracket, source_.range(open), source_.words(open));
  if (failure.at < failure.slice.end) {
    error.label(fmt::format("no `{}` before the comma", wanted)).also_at(source_.range(failure.at), "parentheses hold one value");
    return;
  }
  error.label(fmt::format("no `{}` before the end of {}", wanted, failure.construct));
  // `(a // 2)`: whole division, as another language writes it, has turned the rest of the line into a comment.
  const std::size_t next = failure.slice.end;
  const std::string_view gap = source_.text.substr(source_[last].end, source_[next].begin - source_[last].end);
  const std::string_view rest = gap.substr(0, gap.find('\n'));
  if (rest.find("//") != std::string_view::npos && rest.find(wanted) != std::string_view::npos)
    error.note("`//` begins a comment").help("whole division is written `div(a, b)`");
}

bool SyntaxErrors::conditional(const Failure& failure, const std::vector<TokenKind>& expected) {
  const std::size_t at = failure.at;
  const bool at_end = at >= failure.slice.end;
  if (!at_end && source_.kind(at) == TokenKind::If) {
    const TokenKind before = at > failure.slice.begin ? source_.kind(at - 1) : TokenKind::End;
    if (before >= TokenKind::Coalesce && before <= TokenKind::Not) {
      sink_.report(Id::IfInsideExpression, source_.range(at))
          .note("`if` reaches as far to the right as it can, and holds together less than any operator")
          .help("write `(if ... then ... else ...)`");
      return true;
    }
    return false;
  }
  // An `if` that was read up to here and lacks the next of its three parts.
  const bool no_then = has(expected, TokenKind::Then);
  const bool no_else = has(expected, TokenKind::Else) && !has(expected, TokenKind::End);
  if (!no_then && !no_else) return false;
  std::size_t conditional = at;
  int complete = 0;
  while (conditional > failure.slice.begin) {
    --conditional;
    if (source_.kind(conditional) == TokenKind::Else) ++complete;
    if (source_.kind(conditional) == TokenKind::If && complete-- == 0) break;
  }
  if (source_.kind(conditional) != TokenKind::If) return false;
  auto& error = sink_.report(Id::IfWithoutElse, source_.range(conditional), no_then ? "then" : "else");
  if (!at_end) error.also_at(source_.range(at), fmt::format("`{}` cannot stand here", source_.words(at)));
  error.note("`if c then a else b` is an expression: it has a value in both cases");
  return true;
}

bool SyntaxErrors::relation(const Failure& failure, const std::vector<TokenKind>& expected) {
  const std::size_t at = failure.at;
  if (at >= failure.slice.end) return false;
  const TokenKind found = source_.kind(at);
  if (found != TokenKind::Assign && found != TokenKind::Tilde && found != TokenKind::Equal) return false;
  const std::string_view keyword = source_.words(failure.slice.begin);
  if (found == TokenKind::Equal && has(expected, TokenKind::Assign)) {
    sink_.report(Id::WrongRelation, source_.range(at), keyword, "=", "==").help("a definition is written with one `=`", {{source_.range(at), "="}});
    return true;
  }
  if (found == TokenKind::Tilde && has(expected, TokenKind::Assign) && source_.kind(failure.slice.begin) == TokenKind::Let) {
    sink_.report(Id::WrongRelation, source_.range(at), keyword, "=", "~").help("to draw a latent, write `sample`", {{source_.range(failure.slice.begin), "sample"}});
    return true;
  }
  if (found == TokenKind::Assign && has(expected, TokenKind::Tilde)) {
    auto& error = sink_.report(Id::WrongRelation, source_.range(at), keyword, "~", "=");
    error.help("a distribution follows `~`", {{source_.range(at), "~"}});
    if (source_.kind(failure.slice.begin) == TokenKind::Sample) error.help("to name a derived quantity, write `let`", {{source_.range(failure.slice.begin), "let"}});
    return true;
  }
  if (found == TokenKind::Assign && has(expected, TokenKind::Plus)) {
    sink_.report(Id::AssignmentAsComparison, source_.range(at)).help("equality is written `==`", {{source_.range(at), "=="}});
    return true;
  }
  return false;
}

// What a slice's failure says was expected: what may follow in it, or what comes after all of it.
std::string SyntaxErrors::expectation(const Failure& failure, const std::vector<TokenKind>& kinds) const {
  if (kinds.empty()) return "something else";
  std::string words = expected_in_words(kinds);
  if (!has(kinds, TokenKind::End)) return words;
  const TokenKind first = source_.kind(failure.slice.begin);
  const bool has_body = first == TokenKind::Model || first == TokenKind::Guide || first == TokenKind::Dist || first == TokenKind::For;
  const TokenKind before = failure.slice.begin > 0 ? source_.kind(failure.slice.begin - 1) : TokenKind::End;
  const bool parameter = before == TokenKind::LeftParen || before == TokenKind::Comma;
  const std::string_view after = has_body ? "`{`" : parameter ? "`,`" : "the next statement";
  return words.empty() ? std::string(after) : fmt::format("{} or {}", words, after);
}

void SyntaxErrors::generic(const Failure& failure, const std::vector<TokenKind>& kinds) {
  const std::string expected = expectation(failure, kinds);
  if (failure.at >= failure.slice.end) return ends_too_early(failure, expected);
  const TokenKind found = source_.kind(failure.at);
  if (is_reserved(found) && has(kinds, TokenKind::Identifier) && !has(kinds, TokenKind::Integer)) {
    const std::string_view word = source_.words(failure.at);
    if (std::find(reserved_.begin(), reserved_.end(), word) != reserved_.end()) return;
    reserved_.push_back(word);
    sink_.report(Id::ReservedWord, source_.range(failure.at), word).help("choose another name; a column of that name is bound with `--bind`");
    return;
  }
  auto& error = sink_.report(Id::UnexpectedToken, source_.range(failure.at), expected, fmt::format("`{}`", source_.words(failure.at)));
  if (failure.at == failure.slice.begin) return;
  const TokenKind before = source_.kind(failure.at - 1);
  if ((found == TokenKind::RightParen || found == TokenKind::RightBracket) && before == TokenKind::Comma)
    error.help("remove the comma before it", {{source_.range(failure.at - 1), ""}});
  if (is_name(found) && (before == TokenKind::Integer || before == TokenKind::Real)) {
    const std::uint32_t place = source_[failure.at].begin;
    error.help("a product is written with `*`", {{{source_.file, source_[failure.at - 1].end, place}, " * "}});
  }
}

void SyntaxErrors::ends_too_early(const Failure& failure, const std::string& expected) {
  const SourceRange last = source_.range(failure.slice.end - 1);
  auto& error = sink_.report(Id::EndsTooEarly, {last.file, last.end, last.end}, failure.construct, expected);
  const std::size_t next = failure.slice.end;
  if (is_reserved(source_.kind(next))) error.also_at(source_.range(next), fmt::format("`{}` begins the next one: it is a reserved word", source_.words(next)));
}

}  // namespace lacuna::syntax
