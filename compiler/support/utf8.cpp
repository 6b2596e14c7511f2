#include "compiler/support/utf8.h"

#include <algorithm>
#include <array>

namespace lacuna::support {

namespace {

struct Interval {
  char32_t first;
  char32_t last;
};

// Blocks of combining marks and format characters that take no column.
constexpr std::array kZeroWidth = {
    Interval{0x0300, 0x036F}, Interval{0x0483, 0x0489}, Interval{0x0591, 0x05BD}, Interval{0x0610, 0x061A},
    Interval{0x064B, 0x065F}, Interval{0x0900, 0x0902}, Interval{0x093C, 0x093C}, Interval{0x0941, 0x0948},
    Interval{0x094D, 0x094D}, Interval{0x0E31, 0x0E31}, Interval{0x0E34, 0x0E3A}, Interval{0x0E47, 0x0E4E},
    Interval{0x1AB0, 0x1AFF}, Interval{0x1DC0, 0x1DFF}, Interval{0x200B, 0x200F}, Interval{0x202A, 0x202E},
    Interval{0x2060, 0x2064}, Interval{0x20D0, 0x20FF}, Interval{0xFE00, 0xFE0F}, Interval{0xFE20, 0xFE2F},
    Interval{0xFEFF, 0xFEFF}, Interval{0xE0100, 0xE01EF}};

// Blocks that East Asian Width (UAX 11) calls wide or full-width, and pictographs.
constexpr std::array kWide = {
    Interval{0x1100, 0x115F},   Interval{0x231A, 0x231B},   Interval{0x2E80, 0x303E},   Interval{0x3041, 0x33FF},
    Interval{0x3400, 0x4DBF},   Interval{0x4E00, 0x9FFF},   Interval{0xA000, 0xA4CF},   Interval{0xA960, 0xA97F},
    Interval{0xAC00, 0xD7A3},   Interval{0xF900, 0xFAFF},   Interval{0xFE30, 0xFE6F},   Interval{0xFF00, 0xFF60},
    Interval{0xFFE0, 0xFFE6},   Interval{0x1F300, 0x1F64F}, Interval{0x1F680, 0x1F6FF}, Interval{0x1F900, 0x1F9FF},
    Interval{0x20000, 0x3FFFD}};

template <std::size_t N>
bool contains(const std::array<Interval, N>& intervals, char32_t c) {
  const auto after = std::upper_bound(intervals.begin(), intervals.end(), c, [](char32_t x, const Interval& i) { return x < i.first; });
  return after != intervals.begin() && c <= std::prev(after)->last;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!continues(text[i])) return 0;
  // The second byte rules out overlong forms, surrogates and values beyond the last plane.
  const auto second = static_cast<unsigned char>(text[1]);
  if (lead == 0xE0 && second < 0xA0) return 0;
  if (lead == 0xED && second > 0x9F) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;
  if (lead == 0xF4 && second > 0x8F) return 0;
  return length;
}

char32_t utf8_decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[i])); };
  switch (utf8_length(text)) {
    case 1: return byte(0);
    case 2: return (byte(0) & 0x1Fu) << 6 | (byte(1) & 0x3Fu);
    case 3: return (byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    case 4: return (byte(0) & 0x07u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
    default: return 0xFFFD;
  }
}

std::string utf8_encode(char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  std::string bytes;
  const auto put = [&](char32_t value) { bytes.push_back(static_cast<char>(static_cast<unsigned char>(value))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0u | c >> 6);
    put(0x80u | (c & 0x3Fu));
  } else if (c < 0x10000) {
    put(0xE0u | c >> 12);
    put(0x80u | (c >> 6 & 0x3Fu));
    put(0x80u | (c & 0x3Fu));
  } else {
    put(0xF0u | c >> 18);
    put(0x80u | (c >> 12 & 0x3Fu));
    put(0x80u | (c >> 6 & 0x3Fu));
    put(0x80u | (c & 0x3Fu));
  }
  return bytes;
}

int display_width(char32_t c) {
  if (contains(kZeroWidth, c)) return 0;
  return contains(kWide, c) ? 2 : 1;
}

}  // namespace lacuna::support
