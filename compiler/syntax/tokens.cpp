#include "compiler/syntax/tokens.h"

#include <array>

#include "antlr4-runtime.h"
#include "grammar/generated/LacunaLexer.h"

namespace lacuna::syntax {

namespace {

#define LACUNA_TOKEN(kind, grammar_name, words) \
  static_assert(static_cast<int>(TokenKind::kind) == grammar::LacunaLexer::grammar_name, "tokens.def follows the lexer");
#include "compiler/syntax/tokens.def"
#undef LACUNA_TOKEN

constexpr std::array kWords = {
    std::string_view("the end"),
#define LACUNA_TOKEN(kind, grammar_name, words) std::string_view(words),
#include "compiler/syntax/tokens.def"
#undef LACUNA_TOKEN
};

bool is_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

// The lexer counts code points. Maps the number of one (as the lexer meets them, in order) to its byte.
class ByteOffsets {
 public:
  explicit ByteOffsets(std::string_view text) : text_(text), ascii_(is_ascii(text)) {}

  // `code_point` must not decrease from call to call.
  std::uint32_t at(std::size_t code_point) {
    if (ascii_) return static_cast<std::uint32_t>(code_point);
    while (code_point_ < code_point && byte_ < text_.size()) {
      ++byte_;
      while (byte_ < text_.size() && (static_cast<unsigned char>(text_[byte_]) & 0xC0u) == 0x80u) ++byte_;
      ++code_point_;
    }
    return static_cast<std::uint32_t>(byte_);
  }

 private:
  std::string_view text_;
  bool ascii_;
  std::size_t code_point_ = 0;
  std::size_t byte_ = 0;
};

CommentKind comment_kind(TokenKind kind) {
  if (kind == TokenKind::DocComment) return CommentKind::Doc;
  return kind == TokenKind::BlockComment ? CommentKind::Block : CommentKind::Line;
}

}  // namespace

std::string_view in_words(TokenKind kind) { return kWords[static_cast<std::size_t>(kind)]; }

bool ends_operand(TokenKind kind) {
  switch (kind) {
    case TokenKind::True:
    case TokenKind::False:
    case TokenKind::Pi:
    case TokenKind::Inf:
    case TokenKind::Integer:
    case TokenKind::Real:
    case TokenKind::String:
    case TokenKind::UnfinishedString:
    case TokenKind::RightParen:
    case TokenKind::RightBracket:
      return true;
    default:
      return is_name(kind);
  }
}

TokenList tokenize(support::FileId file, std::string_view text, std::uint32_t begin, std::uint32_t end) {
  const std::string_view part = text.substr(begin, end - begin);
  antlr4::ANTLRInputStream input{std::string(part)};
  grammar::LacunaLexer lexer(&input);
  lexer.removeErrorListeners();
  ByteOffsets offsets(part);
  TokenList list;
  list.tokens.reserve(part.size() / 4 + 1);
  std::size_t line = 0;
  for (;;) {
    const std::unique_ptr<antlr4::Token> read = lexer.nextToken();
    if (read->getType() == antlr4::Token::EOF) break;
    const auto kind = static_cast<TokenKind>(read->getType());
    const std::uint32_t first = begin + offsets.at(read->getStartIndex());
    const std::uint32_t last = begin + offsets.at(read->getStopIndex() + 1);
    if (kind == TokenKind::DocComment || kind == TokenKind::LineComment || kind == TokenKind::BlockComment) {
      list.comments.push_back({comment_kind(kind), {file, first, last}});
    } else {
      list.tokens.push_back({first, last, kind, read->getLine() != line});
      line = read->getLine();
    }
  }
  list.tokens.push_back({end, end, TokenKind::End, true});
  return list;
}

}  // namespace lacuna::syntax
