#include "compiler/syntax/boundaries.h"

namespace lacuna::syntax {

bool Boundaries::used_as_name(std::size_t at) const {
  const TokenKind before = at > 0 && !tokens_[at].starts_line ? tokens_[at - 1].kind : TokenKind::End;
  const bool name_is_due = (before >= TokenKind::Let && before <= TokenKind::Output && before != TokenKind::Factor) || before == TokenKind::Model ||
                           before == TokenKind::Fn || before == TokenKind::Dim || before == TokenKind::Open || before == TokenKind::Dot;
  if (name_is_due) return true;
  switch (at + 1 < tokens_.size() ? tokens_[at + 1].kind : TokenKind::End) {
    case TokenKind::Assign:
    case TokenKind::Tilde:
      // At the start of a line it is a statement that lacks its name.
      return !tokens_[at].starts_line;
    case TokenKind::Colon:
    case TokenKind::Comma:
    case TokenKind::Dot:
    case TokenKind::RightParen:
    case TokenKind::RightBracket:
      return true;
    default:
      return false;
  }
}

bool Boundaries::starts_declaration(std::size_t at) const {
  if (used_as_name(at)) return false;
  const TokenKind before = at > 0 ? tokens_[at - 1].kind : TokenKind::End;
  switch (tokens_[at].kind) {
    case TokenKind::Model:
    case TokenKind::Guide:
    case TokenKind::Fn:
    case TokenKind::Open:
      return true;
    case TokenKind::Dist:  // a type after a colon
      return before != TokenKind::Colon;
    case TokenKind::Dim:  // a parameter after a parenthesis or comma
      return before != TokenKind::LeftParen && before != TokenKind::Comma;
    default:
      return false;
  }
}

bool Boundaries::is_statement_keyword(TokenKind kind) {
  return (kind >= TokenKind::Let && kind <= TokenKind::Output) || kind == TokenKind::Return;
}

bool Boundaries::starts_guide_statement(std::size_t at) const {
  const TokenKind next = at + 1 < tokens_.size() ? tokens_[at + 1].kind : TokenKind::End;
  if (tokens_[at].kind == TokenKind::Param) return is_name(next);
  return tokens_[at].kind == TokenKind::Auto && next == TokenKind::Tilde;
}

bool Boundaries::starts_member(std::size_t at) const {
  if (!is_name(tokens_[at].kind)) return false;
  if (ends_operand(tokens_[at - 1].kind)) return true;
  std::size_t next = at + 1;
  if (tokens_[next].kind == TokenKind::LeftParen) {
    do ++next;
    while (is_name(tokens_[next].kind) || tokens_[next].kind == TokenKind::Comma);
    if (tokens_[next].kind != TokenKind::RightParen) return false;
    ++next;
  }
  return tokens_[at].starts_line && tokens_[next].kind == TokenKind::Assign;
}

bool Boundaries::starts_afresh(std::size_t at, bool after_sign) const {
  const Token& token = tokens_[at];
  if (!ends_operand(tokens_[at - 1].kind) || token.kind == TokenKind::Noncentered) return false;
  if (token.kind == TokenKind::If) return token.starts_line || after_sign;
  return is_name(token.kind) && (token.starts_line || (after_sign && is_related(at)));
}

bool Boundaries::is_related(std::size_t at) const {
  std::size_t next = at + 1;
  if (tokens_[next].kind == TokenKind::LeftBracket) {
    int depth = 0;
    for (; tokens_[next].kind != TokenKind::End; ++next) {
      if (tokens_[next].kind == TokenKind::LeftBracket) ++depth;
      if (tokens_[next].kind == TokenKind::RightBracket && --depth == 0) break;
    }
    if (tokens_[next].kind != TokenKind::End) ++next;
  }
  const TokenKind sign = tokens_[next].kind;
  if (sign == TokenKind::Tilde || sign == TokenKind::Assign) return true;
  return sign == TokenKind::Plus && tokens_[next + 1].kind == TokenKind::Assign;
}

bool Boundaries::is_plate(std::size_t at) const {
  int depth = 0;
  for (std::size_t i = at + 1; i < tokens_.size(); ++i) {
    const TokenKind kind = tokens_[i].kind;
    if (kind == TokenKind::LeftBrace) return depth == 0;
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket) ++depth;
    if ((kind == TokenKind::RightParen || kind == TokenKind::RightBracket) && --depth < 0) return false;
    if (kind == TokenKind::RightBrace || kind == TokenKind::For || starts_statement(i) || starts_declaration(i)) return false;
  }
  return false;
}

std::size_t Boundaries::head_end(std::size_t at) const {
  int depth = 0;
  std::size_t i = at + 1;
  for (; tokens_[i].kind != TokenKind::End; ++i) {
    const TokenKind kind = tokens_[i].kind;
    if (kind == TokenKind::LeftBrace || kind == TokenKind::RightBrace) break;
    if (starts_statement(i) || starts_declaration(i)) break;
    if (depth == 0 && starts_afresh(i, false)) break;
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket) ++depth;
    if ((kind == TokenKind::RightParen || kind == TokenKind::RightBracket) && depth > 0) --depth;
  }
  return i;
}

std::size_t Boundaries::statement_end(std::size_t at, BodyKind body) const {
  int depth = 0;
  bool after_sign = tokens_[at].kind == TokenKind::Factor;
  std::size_t i = at;
  while (tokens_[i].kind != TokenKind::End) {
    const TokenKind kind = tokens_[i].kind;
    after_sign |= depth == 0 && (kind == TokenKind::Tilde || kind == TokenKind::Assign);
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket) ++depth;
    if ((kind == TokenKind::RightParen || kind == TokenKind::RightBracket) && depth > 0) --depth;
    ++i;
    const TokenKind next = tokens_[i].kind;
    if (next == TokenKind::LeftBrace || next == TokenKind::RightBrace) break;
    if (starts_statement(i) || starts_declaration(i)) break;
    if (next == TokenKind::For && !used_as_name(i) && (depth == 0 || (tokens_[i].starts_line && is_plate(i)))) break;
    if (depth > 0) continue;
    if (body == BodyKind::Dist ? starts_member(i) : starts_afresh(i, after_sign)) break;
    if (body == BodyKind::Guide && starts_guide_statement(i) && (tokens_[i].starts_line || ends_operand(tokens_[i - 1].kind))) break;
  }
  return i;
}

std::size_t Boundaries::block_end(std::size_t at) const {
  int depth = 0;
  std::size_t i = at;
  for (; tokens_[i].kind != TokenKind::End; ++i) {
    if (i > at && starts_declaration(i)) break;
    if (tokens_[i].kind == TokenKind::LeftBrace) ++depth;
    if (tokens_[i].kind == TokenKind::RightBrace && --depth == 0) break;
  }
  return i;
}

}  // namespace lacuna::syntax
