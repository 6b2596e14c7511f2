#include "compiler/driver/read_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace lacuna::driver {

namespace {

std::string in_words(int error) {
  switch (error) {
    case ENOENT: return "there is no such file";
    case EACCES:
    case EPERM: return "it may not be read";
    case EISDIR: return "it is a folder";
    case ENOTDIR: return "a part of its path is not a folder";
    case ENAMETOOLONG: return "its name is too long";
    case ELOOP: return "its links lead in a circle";
    default: return std::strerror(error);
  }
}

// A file descriptor that is closed, unless it is standard input.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ > 2) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

FileText read_file(const std::string& path, std::size_t limit) {
  const Descriptor file(path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return {"", in_words(errno)};
  FileText result;
  struct stat about {};
  if (fstat(file.get(), &about) == 0 && S_ISREG(about.st_mode)) result.text.reserve(std::min<std::size_t>(limit, static_cast<std::size_t>(about.st_size)) + 1);
  constexpr std::size_t kPiece = std::size_t{1} << 16;
  while (result.text.size() < limit) {
    const std::size_t before = result.text.size();
    const std::size_t wanted = std::min(kPiece, limit - before);
    result.text.resize(before + wanted);
    const ssize_t count = ::read(file.get(), result.text.data() + before, wanted);
    result.text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {"", in_words(errno)};
    if (count == 0) break;
  }
  return result;
}

std::string replace_file(const std::string& path, std::string_view text) {
  std::error_code ignored;
  const std::filesystem::path real = std::filesystem::canonical(path, ignored);
  const std::string target = real.empty() ? path : real.string();
  std::string scratch = target + ".XXXXXX";
  const Descriptor file(mkstemp(scratch.data()));
  if (file.get() < 0) return in_words(errno);
  struct stat about {};
  const mode_t mode = stat(target.c_str(), &about) == 0 ? about.st_mode & 07777 : 0644;
  const bool written = write_all(file.get(), text) && fchmod(file.get(), mode) == 0 && rename(scratch.c_str(), target.c_str()) == 0;
  if (written) return {};
  const int error = errno;
  unlink(scratch.c_str());
  return in_words(error);
}

}  // namespace lacuna::driver
