// The text of a file, mapped into memory where that can be done.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/data/cells.h"

namespace lacuna::runtime::data {
namespace {

std::string read_all(int file) {
  std::string text;
  char buffer[1 << 16];
  while (true) {
    const ssize_t got = ::read(file, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

std::unique_ptr<Text> Text::of(std::string text) {
  std::unique_ptr<Text> made(new Text);
  made->owned_ = std::move(text);
  made->begin_ = made->owned_.data();
  made->size_ = made->owned_.size();
  return made;
}

std::unique_ptr<Text> Text::read(const std::string& path, Problems& problems) {
  if (path == "-") return of(read_all(STDIN_FILENO));
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about{};
  if (file < 0 || ::fstat(file, &about) != 0 || S_ISDIR(about.st_mode)) {
    const char* const reason = file >= 0 && S_ISDIR(about.st_mode) ? "it is a folder" : std::strerror(errno);
    problems.report(Id::FileUnreadable, path, reason);
    if (file >= 0) ::close(file);
    return nullptr;
  }
  std::unique_ptr<Text> made(new Text);
  void* mapped = MAP_FAILED;
  if (S_ISREG(about.st_mode) && about.st_size > 0) {
    mapped = ::mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ, MAP_PRIVATE, file, 0);
  }
  if (mapped != MAP_FAILED) {
    made->mapped_ = mapped;
    made->begin_ = static_cast<const char*>(mapped);
    made->size_ = static_cast<std::size_t>(about.st_size);
    ::madvise(mapped, made->size_, MADV_SEQUENTIAL);
  } else {
    made->owned_ = read_all(file);
    made->begin_ = made->owned_.data();
    made->size_ = made->owned_.size();
  }
  ::close(file);
  return made;
}

void Text::release(const char* end) const {
  constexpr std::size_t kPages = std::size_t{1} << 16;  // whole pages, whatever their size
  const std::size_t passed = static_cast<std::size_t>(end - begin_) / kPages * kPages;
  if (mapped_ && passed > 0) ::madvise(mapped_, passed, MADV_DONTNEED);
}

Text::~Text() {
  if (mapped_) ::munmap(mapped_, size_);
}

}  // namespace lacuna::runtime::data
