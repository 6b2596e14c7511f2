// One line of source as it is shown, with marks under it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::diagnostics {

// A stretch of one line, in bytes from its start, and what is said of it. `primary` marks with `^`, others with `-`.
struct Mark {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool primary = false;
  std::string text;
};

struct Excerpt {
  std::string source;             // tabs expanded, what cannot be shown replaced, clipped when very long
  std::vector<std::string> rows;  // marks and their texts, without trailing space
};

// Marks may overlap. Texts stand behind the last mark of the first row, and below their marks otherwise.
Excerpt excerpt(std::string_view line, std::vector<Mark> marks);

}  // namespace lacuna::diagnostics
