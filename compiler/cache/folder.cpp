#include "compiler/cache/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <cstring>
#include <memory>
#include <vector>

namespace lacuna::cache {
namespace {

constexpr const char* kHalfWritten = ".new-";  // files with such names are being written
constexpr std::time_t kAbandoned = 3600;       // seconds after which nobody writes them any more

std::string reason() { return std::strerror(errno); }

std::string home_of_caches() {
  if (const char* given = std::getenv("XDG_CACHE_HOME"); given && *given == '/') return given;
  if (const char* home = std::getenv("HOME"); home && *home == '/') return std::string(home) + "/.cache";
  return {};
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

bool read_all(int file, std::string& bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t done = ::read(file, bytes.data() + at, bytes.size() - at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    at += static_cast<std::size_t>(done);
  }
  return true;
}

}  // namespace

std::optional<Folder> Folder::open(std::string& why) {
  const std::string home = home_of_caches();
  if (home.empty()) return std::nullopt;
  ::mkdir(home.c_str(), 0700);
  return open_at(home + "/lacuna", why);
}

std::optional<Folder> Folder::open_at(const std::string& path, std::string& why) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    why = fmt::format("`{}` cannot be made: {}", path, reason());
    return std::nullopt;
  }
  Folder made(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat about {};
  if (made.descriptor_ < 0 || ::fstat(made.descriptor_, &about) != 0) {
    why = fmt::format("`{}` cannot be opened as a folder: {}", path, reason());
  } else if (about.st_uid != ::geteuid()) {
    why = fmt::format("`{}` belongs to another user", path);
  } else if ((about.st_mode & 077) != 0) {
    why = fmt::format("`{}` is open to other users (mode {:o}, not 700)", path, about.st_mode & 0777);
  } else {
    return made;
  }
  return std::nullopt;
}

Folder::~Folder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::string> Folder::read(std::string_view key) const {
  const int file = ::openat(descriptor_, std::string(key).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct stat about {};
  std::optional<std::string> bytes;
  const bool trusted = ::fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == ::geteuid() && (about.st_mode & 022) == 0;
  if (trusted && about.st_size <= kMostBytes) {
    bytes.emplace(static_cast<std::size_t>(about.st_size), '\0');
    if (!read_all(file, *bytes)) bytes.reset();
  }
  ::close(file);
  // The time of the last use, by which `trim` chooses.
  if (bytes) ::utimensat(descriptor_, std::string(key).c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
  return bytes;
}

bool Folder::write(std::string_view key, std::string_view bytes) const {
  const std::string wanted(key);
  const std::string name = fmt::format("{}{}-{}", kHalfWritten, ::getpid(), wanted);
  const int file = ::openat(descriptor_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return false;
  bool done = write_all(file, bytes);
  done = ::close(file) == 0 && done;
  done = done && ::renameat(descriptor_, name.c_str(), descriptor_, wanted.c_str()) == 0;
  if (!done) ::unlinkat(descriptor_, name.c_str(), 0);
  return done;
}

void Folder::trim(std::int64_t most) const {
  struct File {
    std::string name;
    std::int64_t bytes;
    timespec used;
  };
  // The stream closes the descriptor that it is given.
  const int again = ::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(again < 0 ? nullptr : ::fdopendir(again), ::closedir);
  if (!stream) return;
  std::vector<File> files;
  std::int64_t total = 0;
  const std::time_t now = ::time(nullptr);
  while (const dirent* each = ::readdir(stream.get())) {
    struct stat about {};
    if (::fstatat(descriptor_, each->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(about.st_mode)) continue;
    const bool half = std::strncmp(each->d_name, kHalfWritten, std::strlen(kHalfWritten)) == 0;
    if (half && now - about.st_mtim.tv_sec > kAbandoned) ::unlinkat(descriptor_, each->d_name, 0);
    if (half) continue;
    files.push_back({each->d_name, about.st_size, about.st_mtim});
    total += about.st_size;
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) {
    return a.used.tv_sec != b.used.tv_sec ? a.used.tv_sec < b.used.tv_sec : a.used.tv_nsec < b.used.tv_nsec;
  });
  for (const File& file : files) {
    if (total <= most) return;
    if (::unlinkat(descriptor_, file.name.c_str(), 0) == 0) total -= file.bytes;
  }
}

}  // namespace lacuna::cache
