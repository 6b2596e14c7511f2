// A file cut into words.
//
// needs    text that prescan.h has accepted
// leaves   the tokens without comments and space, and the comments by themselves
// shown by test/unit/syntax/words_test.cpp
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/support/source.h"
#include "compiler/syntax/ast.h"

namespace lacuna::syntax {

// Numbered as the generated lexer numbers them, from 1; `End` stands after the last token of a file or of a slice.
enum class TokenKind : std::uint8_t {
  End,
#define LACUNA_TOKEN(kind, grammar_name, words) kind,
#include "compiler/syntax/tokens.def"
#undef LACUNA_TOKEN
};

// What messages call a kind of token: "`where`", "a name".
std::string_view in_words(TokenKind kind);

// Whether a token may be read as a name: an identifier, or a word that is special elsewhere only (`alias`, `auto`).
inline bool is_name(TokenKind kind) { return kind >= TokenKind::Alias && kind <= TokenKind::Identifier; }
inline bool is_reserved(TokenKind kind) { return kind >= TokenKind::Model && kind <= TokenKind::Inf; }
// Whether an expression may end with such a token.
bool ends_operand(TokenKind kind);

struct Token {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  TokenKind kind = TokenKind::End;
  bool starts_line = false;  // nothing but space and comments before it on its line

  bool touches(const Token& next) const { return end == next.begin; }
};

struct TokenList {
  std::vector<Token> tokens;  // closed by one `End`
  std::vector<Comment> comments;
};

// The tokens of the bytes [begin, end) of a file's text.
TokenList tokenize(support::FileId file, std::string_view text, std::uint32_t begin, std::uint32_t end);

}  // namespace lacuna::syntax
