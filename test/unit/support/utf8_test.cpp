#include "compiler/support/utf8.h"

#include <gtest/gtest.h>

namespace lacuna::support {
namespace {

TEST(Utf8, EncodesAndDecodesEveryCodePoint) {
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    const std::string bytes = utf8_encode(c);
    ASSERT_EQ(utf8_length(bytes), bytes.size()) << std::hex << static_cast<std::uint32_t>(c);
    ASSERT_EQ(utf8_decode(bytes), c);
  }
}

TEST(Utf8, RefusesWhatIsNoCodePoint) {
  // Table 3-7 of the Unicode standard: well-formed sequences; these are just outside it.
  for (const char* bytes : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3",
                            "\xE2\x82", "\xF0\x9F\x98", "\xC3(", ""})
    EXPECT_EQ(utf8_length(bytes), 0U);
  EXPECT_EQ(utf8_decode("\xFF"), char32_t{0xFFFD});
  EXPECT_EQ(utf8_encode(0xD800), "\xEF\xBF\xBD");
}

TEST(Utf8, KnowsHowWideCharactersAre) {
  EXPECT_EQ(display_width('a'), 1);
  EXPECT_EQ(display_width(0x3C3), 1);     // σ
  EXPECT_EQ(display_width(0x65E5), 2);    // 日
  EXPECT_EQ(display_width(0x1F600), 2);   // a face
  EXPECT_EQ(display_width(0x301), 0);     // a combining accent
}

}  // namespace
}  // namespace lacuna::support
