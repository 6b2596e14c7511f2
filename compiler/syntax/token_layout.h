// How the tokens of one statement or head become words and places to break.
//
// needs    a file's tokens, which parse
// leaves   instructions for a Layout
// shown by test/lit/fmt/
#pragma once
#include <string_view>
#include <vector>

#include "compiler/syntax/layout.h"
#include "compiler/syntax/slice.h"
#include "compiler/syntax/tokens.h"

namespace lacuna::syntax {

class TokenLayout {
 public:
  TokenLayout(std::string_view text, const TokenList& list);

  // A statement or a member: `keyword target ~ value where condition`; `head_padding` spaces before its relation.
  void statement(Slice slice, std::size_t head_padding);
  // `model m(x: real[N]) {`, `for n in N where c {`, `open J, K`, `fn f(x: real): real = e`.
  void head(Slice slice);

  // The `~` or `=` of a statement, or the slice's end.
  std::size_t relation(Slice slice) const;
  // Columns up to the relation; 0 when there are comments in between.
  std::size_t head_width(Slice slice) const;

  // The comments between the token before `token` and it: those behind the one before, and those on lines of their own.
  struct Comments {
    std::size_t trailing_begin = 0;
    std::size_t own_begin = 0;
    std::size_t end = 0;
  };
  Comments comments_before(std::size_t token) const;
  std::string_view comment_text(std::size_t comment) const;

  Layout& layout() { return layout_; }

 private:
  void expression(Slice slice);
  void conditional(Slice slice);
  void operators(Slice slice, int loosest);
  void sequence(Slice slice);
  void bracket(std::size_t open);
  void items(Slice slice);
  void item(Slice slice);
  void generator(Slice slice);
  void clause(Slice slice);
  void value(Slice slice);
  // A word with all comments around it; `before` stands between it and those on lines of their own.
  void token(std::size_t at, std::string_view before);
  // The comments on lines of their own before a word; the word with those behind it.
  void lines_before(std::size_t at);
  void bare_token(std::size_t at);

  bool is_binary(std::size_t at, std::size_t begin) const;
  bool spaced(std::size_t left, std::size_t right) const;
  // The first token of a kind outside brackets, or the slice's end.
  std::size_t find(Slice slice, TokenKind kind) const;
  TokenKind kind(std::size_t at) const { return list_.tokens[at].kind; }
  std::string_view words(std::size_t at) const {
    return text_.substr(list_.tokens[at].begin, list_.tokens[at].end - list_.tokens[at].begin);
  }
  // The token after `at`, a whole bracket counting as one.
  std::size_t next(std::size_t at) const { return match_[at] > at ? match_[at] + 1 : at + 1; }

  std::string_view text_;
  const TokenList& list_;
  std::vector<std::size_t> match_;  // of a bracket, its partner; of any other token, itself
  std::vector<std::size_t> first_comment_;  // of each token, the first comment that begins after the token before it
  Layout layout_;
  // What is being laid out, whose outer comments are the caller's.
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

}  // namespace lacuna::syntax
