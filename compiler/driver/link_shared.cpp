#include "compiler/driver/link_shared.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "compiler/driver/read_file.h"

extern char** environ;

namespace lacuna::driver {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "LACUNA_LINKER";  // a linker to take in place of those that are looked for
constexpr const char* kNames[] = {"ld.lld-22", "ld.lld"};
constexpr const char* kOwnFolder = "/usr/lib/llvm-22/bin";
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

std::optional<std::string> find_linker() {
  if (const char* named = std::getenv(kVariable)) return ::access(named, X_OK) == 0 ? std::optional<std::string>(named) : std::nullopt;
  const char* path = std::getenv("PATH");
  std::string folders = fmt::format("{}:{}", path ? path : "", kOwnFolder);
  for (std::size_t at = 0; at <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    const std::string folder = folders.substr(at, end - at);
    at = end + 1;
    if (folder.empty()) continue;
    for (const char* name : kNames) {
      const std::string file = folder + "/" + name;
      if (::access(file.c_str(), X_OK) == 0) return file;
    }
  }
  return std::nullopt;
}

// The file of this process's libm, for models that call it.
std::optional<std::string> libm() {
  Dl_info about{};
  if (::dladdr(reinterpret_cast<void*>(&::expl), &about) == 0 || !about.dli_fname) return std::nullopt;
  return about.dli_fname;
}

// A folder for the linker's files, removed with all in it.
struct Scratch {
  Scratch() {
    std::error_code error;
    std::string pattern = (fs::temp_directory_path(error) / "lacuna-link-XXXXXX").string();
    if (const char* made = ::mkdtemp(pattern.data())) path = made;
  }
  ~Scratch() {
    std::error_code error;
    if (!path.empty()) fs::remove_all(path, error);
  }
  std::string path;
};

// Runs a program with what it says written to a file. True when it ended well.
bool run(const std::vector<std::string>& words, const std::string& output) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int code = ::posix_spawn(&child, words[0].c_str(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 1;
  if (code != 0 || ::waitpid(child, &status, 0) != child) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

Linked link_shared(const std::string& object, const std::string& name) {
  const std::optional<std::string> linker = find_linker();
  if (!linker) {
    const char* named = std::getenv(kVariable);
    return {{}, named ? fmt::format("is not found: {} is `{}`", kVariable, named) : "is not found: neither `ld.lld-22` nor `ld.lld` is on the PATH"};
  }
  const Scratch scratch;
  if (scratch.path.empty()) return {{}, "has no folder for its files"};
  const std::string from = scratch.path + "/model.o", to = scratch.path + "/model.so", said = scratch.path + "/said";
  if (std::string problem = replace_file(from, object); !problem.empty()) return {{}, "has no folder for its files: " + problem};
  std::vector<std::string> words{*linker, "-shared", "-O2", "--hash-style=gnu", "--build-id=none", "-z", "now", "-z", "relro", "-soname", name, "-o", to, from};
  if (const std::optional<std::string> library = libm()) words.insert(words.end(), {"--as-needed", *library});
  const bool done = run(words, said);
  if (!done) return {{}, "failed: " + read_file(said, 1000).text};
  FileText made = read_file(to, kMostBytes);
  if (!made.problem.empty()) return {{}, "wrote nothing that can be read: " + made.problem};
  return {std::move(made.text), {}};
}

}  // namespace lacuna::driver
