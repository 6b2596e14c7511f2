// Tokens of the IR's text form.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::ir {

struct Token {
  enum class Kind : std::uint8_t { Word, Value, Symbol, Integer, Real, String, Punctuation, End, Unknown };
  Kind kind = Kind::End;
  std::string_view text;  // without the sigil of a value (%x) or symbol (@x) and the quotes of a string
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  bool is(std::string_view wanted) const { return (kind == Kind::Word || kind == Kind::Punctuation) && text == wanted; }
};

// All tokens of `text`, the last of kind End. Comments run from `//` to the end of the line. The tokens view `text`.
std::vector<Token> tokenize(std::string_view text);

}  // namespace lacuna::ir
