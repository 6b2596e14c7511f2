#include "compiler/cache/entry_file.h"

#include <cstring>

#include "compiler/support/sha256.h"

namespace lacuna::cache {
namespace {

// A file: the magic, the digest of key and rest (64 letters), the rest.
constexpr std::string_view kMagic = "lacuna-entry-1\n";
constexpr std::size_t kDigest = 64;

template <class T>
void put(std::string& to, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  to.append(bytes, sizeof value);
}

void put_text(std::string& to, std::string_view text) {
  put(to, static_cast<std::uint64_t>(text.size()));
  to += text;
}

// Reads what `put` wrote; `ok` ends when there is less.
struct Reader {
  std::string_view rest;
  bool ok = true;

  template <class T>
  T number() {
    T value{};
    if (rest.size() < sizeof value) {
      ok = false;
      return value;
    }
    std::memcpy(&value, rest.data(), sizeof value);
    rest.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number<std::uint64_t>();
    if (!ok || size > rest.size()) {
      ok = false;
      return {};
    }
    std::string made(rest.substr(0, size));
    rest.remove_prefix(size);
    return made;
  }
};

std::string digest(std::string_view key, std::string_view rest) {
  std::string all(key);
  all += '\n';
  all += rest;
  return support::sha256_hex(all);
}

}  // namespace

std::string pack(const Entry& entry, std::string_view key) {
  std::string rest;
  put(rest, entry.flags);
  put(rest, static_cast<std::uint64_t>(entry.pieces.size()));
  for (const Piece& piece : entry.pieces) {
    put(rest, piece.function);
    put(rest, piece.block);
    put_text(rest, piece.symbol);
    put_text(rest, piece.object);
  }
  return std::string(kMagic) + digest(key, rest) + rest;
}

std::optional<Entry> unpack(std::string_view bytes, std::string_view key) {
  if (bytes.size() < kMagic.size() + kDigest || bytes.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  const std::string_view rest = bytes.substr(kMagic.size() + kDigest);
  if (bytes.substr(kMagic.size(), kDigest) != digest(key, rest)) return std::nullopt;
  Reader reader{rest};
  Entry entry;
  entry.flags = reader.number<std::uint32_t>();
  const auto count = reader.number<std::uint64_t>();
  for (std::uint64_t i = 0; reader.ok && i < count; ++i) {
    Piece piece;
    piece.function = reader.number<std::int32_t>();
    piece.block = reader.number<std::int32_t>();
    piece.symbol = reader.text();
    piece.object = reader.text();
    entry.pieces.push_back(std::move(piece));
  }
  if (!reader.ok || !reader.rest.empty()) return std::nullopt;
  return entry;
}

}  // namespace lacuna::cache
