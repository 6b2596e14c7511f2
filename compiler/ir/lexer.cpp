#include "compiler/ir/lexer.h"

#include <cctype>

namespace lacuna::ir {
namespace {

bool starts_word(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80);
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool continues_name(char c) {
  return starts_word(c) || is_digit(c) || c == '.';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    do {
      skip_space();
      tokens.push_back(next());
    } while (tokens.back().kind != Token::Kind::End);
    return tokens;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void skip_space() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\n') {
        ++line_;
        line_start_ = ++at_;
      } else if (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r') {
        ++at_;
      } else if (peek() == '/' && peek(1) == '/') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  Token token(Token::Kind kind, std::size_t begin, std::size_t end, std::size_t start) const {
    return {kind, text_.substr(begin, end - begin), line_, static_cast<std::uint32_t>(start - line_start_ + 1)};
  }

  Token next() {
    const std::size_t start = at_;
    const char c = peek();
    if (at_ >= text_.size()) return token(Token::Kind::End, at_, at_, start);
    if (c == '%' || c == '@') {
      ++at_;
      while (continues_name(peek())) ++at_;
      return token(c == '%' ? Token::Kind::Value : Token::Kind::Symbol, start + 1, at_, start);
    }
    if (c == '"') return string();
    if (starts_word(c)) {
      while (continues_name(peek())) ++at_;
      return token(Token::Kind::Word, start, at_, start);
    }
    if (is_digit(c) || (c == '-' && is_digit(peek(1)))) return number();
    if (c == '-' && text_.substr(at_, 4) == "-inf") {
      at_ += 4;
      return token(Token::Kind::Word, start, at_, start);
    }
    at_ += c == '-' && peek(1) == '>' ? 2 : 1;
    const bool known = std::string_view("()[]{}<>,:=?*+-").find(c) != std::string_view::npos;
    return token(known ? Token::Kind::Punctuation : Token::Kind::Unknown, start, at_, start);
  }

  Token string() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && peek() != '"' && peek() != '\n') ++at_;
    const bool closed = peek() == '"';
    if (closed) ++at_;
    return closed ? token(Token::Kind::String, start + 1, at_ - 1, start)
                  : token(Token::Kind::Unknown, start, at_, start);
  }

  Token number() {
    const std::size_t start = at_++;
    bool real = false;
    while (is_digit(peek()) || peek() == '.' || peek() == 'e' || (peek() == '-' && text_[at_ - 1] == 'e') ||
           (peek() == '+' && text_[at_ - 1] == 'e')) {
      real = real || !is_digit(peek());
      ++at_;
    }
    return token(real ? Token::Kind::Real : Token::Kind::Integer, start, at_, start);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text) {
  return Lexer(text).run();
}

}  // namespace lacuna::ir
