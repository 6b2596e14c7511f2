#include "runtime/io/write_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace lacuna::runtime::io {
namespace {

bool fail(const std::string& path, Problems& problems) {
  const char* const reason = std::strerror(errno);
  problems.report(Id::CannotWrite, path, reason);
  return false;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

std::string unfinished_name(const std::string& path) {
  return path + ".unfinished";
}

bool may_write(const std::string& path, bool force, Problems& problems) {
  if (::access(path.c_str(), F_OK) == 0 && !force) {
    problems.report(Id::Exists, path).help("`--force` replaces it");
    return false;
  }
  return ::access(folder_of(path).c_str(), W_OK) == 0 || fail(path, problems);
}

bool finish_file(const std::string& path, Problems& problems) {
  const std::string from = unfinished_name(path);
  const int file = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(path, problems);
  const bool flushed = ::fsync(file) == 0;
  ::close(file);
  if (!flushed || std::rename(from.c_str(), path.c_str()) != 0) return fail(path, problems);
  return true;
}

bool write_file(const std::string& path, std::string_view bytes, Problems& problems) {
  const std::string name = unfinished_name(path);
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return fail(path, problems);
  while (!bytes.empty()) {
    const ssize_t put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      fail(path, problems);
      ::close(file);
      ::unlink(name.c_str());
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  ::close(file);
  return finish_file(path, problems);
}

}  // namespace lacuna::runtime::io
