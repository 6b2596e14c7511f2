// The folder that holds the cache: $XDG_CACHE_HOME/lacuna, else ~/.cache/lacuna.
//
//   needs    a home, or nothing
//   leaves   files named by keys, each written to one side and renamed, so that two runs may meet; in all at most
//            kMostBytes, the least recently used go first
//   shown by test/unit/cache/cache_test.cpp, test/lit/command/cache.test
//
// What an entry holds is run as code. So the folder must belong to this user and be open to nobody else (mode 0700), a
// file must belong to this user and be writable by nobody else, and no link is followed.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lacuna::cache {

constexpr std::int64_t kMostBytes = std::int64_t{256} << 20;

class Folder {
 public:
  // Makes the folder when it is not there. Nothing, with the reason in `why`, when it cannot be used; `why` is empty
  // when there is no home to keep anything in.
  static std::optional<Folder> open(std::string& why);
  // The same of a given path.
  static std::optional<Folder> open_at(const std::string& path, std::string& why);
  ~Folder();
  Folder(Folder&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Folder& operator=(Folder&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  // The bytes kept under a key (letters and digits), which counts as a use. Nothing when there are none to be trusted.
  std::optional<std::string> read(std::string_view key) const;
  // Keeps bytes under a key. False when they could not be written (a full disk): then nothing has changed.
  bool write(std::string_view key, std::string_view bytes) const;
  // Removes what was used least recently until all files together have at most `most` bytes.
  void trim(std::int64_t most = kMostBytes) const;

 private:
  explicit Folder(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace lacuna::cache
