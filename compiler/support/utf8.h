// UTF-8, one code point at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lacuna::support {

// The number of bytes of the code point that `text` begins with; 0 when they are not valid UTF-8 (overlong forms, surrogates
// and values above U+10FFFF are not) or the text is empty.
std::size_t utf8_length(std::string_view text);

// The code point that `text` begins with, which must be valid.
char32_t utf8_decode(std::string_view text);

// The bytes of a code point; those of U+FFFD when it is none.
std::string utf8_encode(char32_t code_point);

// How many columns of a terminal a code point takes: 0 for combining marks, 2 for wide East Asian ones and emoji, else 1.
int display_width(char32_t code_point);

}  // namespace lacuna::support
