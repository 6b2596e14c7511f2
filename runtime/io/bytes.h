// Numbers and texts to bytes and back: little-endian, 8 bytes a number, with a checksum over all.
//
//   needs    nothing
//   leaves   bytes that are the same on every machine; a reader that never reads beyond its end
//   shown by test/unit/runtime/io_test.cpp
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::runtime::io {

static_assert(std::endian::native == std::endian::little, "files are written as memory has them");

// FNV-1a over 8-byte words, the last filled with zeros: fast enough to run over every file that is read.
inline std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    hash = (hash ^ word) * 0x100000001B3ull;
    hash ^= hash >> 29;
  }
  std::uint64_t word = 0;
  if (at < bytes.size()) std::memcpy(&word, bytes.data() + at, bytes.size() - at);
  hash = (hash ^ word ^ bytes.size()) * 0x9E3779B97F4A7C15ull;
  return hash ^ (hash >> 32);
}

class Writer {
 public:
  Writer() = default;
  // Into memory that has room; into null, only counts.
  explicit Writer(char* memory) : memory_(memory), own_(false) {}
  std::size_t size() const { return size_; }
  void number(std::int64_t value) { append(&value, 8); }
  void number(std::uint64_t value) { append(&value, 8); }
  void number(int value) { number(static_cast<std::int64_t>(value)); }
  void number(double value) { append(&value, 8); }
  void text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    append(value.data(), value.size());
    append("\0\0\0\0\0\0\0", (8 - value.size() % 8) % 8);
  }
  void numbers(const std::vector<double>& values) {
    number(static_cast<std::int64_t>(values.size()));
    append(values.data(), values.size() * 8);
  }
  void numbers(const std::vector<std::int64_t>& values) {
    number(static_cast<std::int64_t>(values.size()));
    append(values.data(), values.size() * 8);
  }
  std::string bytes;

 private:
  void append(const void* data, std::size_t size) {
    if (own_)
      bytes.append(static_cast<const char*>(data), size);
    else if (memory_ && size > 0)
      std::memcpy(memory_ + size_, data, size);
    size_ += size;
  }
  char* memory_ = nullptr;
  bool own_ = true;
  std::size_t size_ = 0;
};

// `good` is false once anything did not fit; what is then read is 0 or empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  std::int64_t whole() { return value<std::int64_t>(); }
  double real() { return value<double>(); }
  std::string text() {
    const std::int64_t size = whole();
    if (!has(size, 1)) return {};
    std::string made(bytes_.substr(at_, static_cast<std::size_t>(size)));
    at_ += static_cast<std::size_t>(size + (8 - size % 8) % 8);
    return made;
  }
  template <class T>
  std::vector<T> numbers() {
    const std::int64_t size = whole();
    if (!has(size, 8)) return {};
    std::vector<T> made(static_cast<std::size_t>(size));
    if (size > 0) std::memcpy(made.data(), bytes_.data() + at_, made.size() * 8);
    at_ += made.size() * 8;
    return made;
  }
  std::size_t at() const { return at_; }
  bool good = true;

 private:
  bool has(std::int64_t count, std::int64_t width) {
    const std::int64_t left = static_cast<std::int64_t>(bytes_.size() - std::min(at_, bytes_.size()));
    good = good && count >= 0 && count <= left / width;
    return good;
  }
  template <class T>
  T value() {
    T made{};
    if (!has(1, 8)) return made;
    std::memcpy(&made, bytes_.data() + at_, 8);
    at_ += 8;
    return made;
  }
  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace lacuna::runtime::io
