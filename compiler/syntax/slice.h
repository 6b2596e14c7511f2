// A stretch of a file's tokens.
#pragma once
#include <cstddef>

namespace lacuna::syntax {

// The tokens [begin, end) of a list.
struct Slice {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool empty() const { return begin == end; }
};

}  // namespace lacuna::syntax
