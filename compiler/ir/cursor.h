// A place in a list of tokens, with the first mistake met. After a mistake the cursor stands at the end, so that
// readers come to an end by themselves.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/lexer.h"

namespace lacuna::ir {

class Cursor {
 public:
  explicit Cursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  Token next();
  bool at_end() const { return peek().kind == Token::Kind::End; }
  // Takes the token if it is this word or punctuation.
  bool accept(std::string_view wanted);
  // The same, and a mistake if it is not.
  void expect(std::string_view wanted);
  // The text of a token of this kind; a mistake, and empty, if it is another.
  std::string_view expect(Token::Kind kind, std::string_view what);
  std::int64_t expect_integer();

  void fail(std::string_view what);
  bool failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }
  void rewind() { at_ = 0; }

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace lacuna::ir
