// An entry of the cache as the bytes of one file.
//
//   needs    objects with their names
//   leaves   bytes that are read back only whole, unchanged, and under the key that they were written for
//   shown by test/unit/cache/cache_test.cpp
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::cache {

// One object. What the numbers mean is the owner's affair.
struct Piece {
  std::int32_t function = -1;
  std::int32_t block = 0;
  std::string symbol;
  std::string object;
};

struct Entry {
  std::uint32_t flags = 0;
  std::vector<Piece> pieces;
};

std::string pack(const Entry& entry, std::string_view key);
// Nothing when the bytes are not what `pack` made for this key.
std::optional<Entry> unpack(std::string_view bytes, std::string_view key);

}  // namespace lacuna::cache
