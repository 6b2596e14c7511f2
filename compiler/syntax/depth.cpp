#include "compiler/syntax/depth.h"

#include "compiler/syntax/boundaries.h"
#include "compiler/syntax/limits.h"

namespace lacuna::syntax {

namespace {

bool opens(TokenKind kind) {
  return kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket || kind == TokenKind::LeftBrace;
}
bool closes(TokenKind kind) {
  return kind == TokenKind::RightParen || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace;
}

}  // namespace

bool depth_is_bounded(support::FileId file, const std::vector<Token>& tokens, diagnostics::Sink& sink) {
  // For each open bracket, the number of `if`s that have begun inside it and may still be open.
  std::vector<std::uint32_t> conditionals(1, 0);
  std::uint32_t depth = 0;
  for (const Token& token : tokens) {
    if (opens(token.kind)) {
      conditionals.push_back(0);
      ++depth;
    } else if (closes(token.kind) && conditionals.size() > 1) {
      depth -= 1 + conditionals.back();
      conditionals.pop_back();
    } else if (token.kind == TokenKind::If) {
      ++conditionals.back();
      ++depth;
    } else if (token.kind == TokenKind::Comma || Boundaries::is_statement_keyword(token.kind)) {
      depth -= conditionals.back();
      conditionals.back() = 0;
    }
    if (depth > kMaximumNesting) {
      const std::uint32_t limit = kMaximumNesting;
      sink.report(diagnostics::Id::TooDeep, {file, token.begin, token.end}, limit).help("name parts of it with `let`");
      return false;
    }
  }
  return true;
}

}  // namespace lacuna::syntax
