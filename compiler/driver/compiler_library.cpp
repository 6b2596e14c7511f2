#include "compiler/driver/compiler_library.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <mutex>

namespace lacuna::driver {

namespace {

constexpr const char* kName = "liblacuna_compiler.so";

// The library in ../lib of the running program's folder; empty when there is none.
std::filesystem::path beside() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  std::filesystem::path found = self.parent_path().parent_path() / "lib" / kName;
  return std::filesystem::exists(found, error) ? found : std::filesystem::path();
}

void* load(std::string& problem) {
  if (const std::filesystem::path found = beside(); !found.empty())
    if (void* library = dlopen(found.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  if (void* library = dlopen(kName, RTLD_NOW | RTLD_LOCAL)) return library;
  problem = dlerror();
  return nullptr;
}

struct Loaded {
  jit::Door door{};
  std::string problem;
  bool ok = false;
};

Loaded load_door() {
  Loaded made;
  void* library = load(made.problem);
  if (!library) return made;
  made.door.open = reinterpret_cast<decltype(made.door.open)>(dlsym(library, "lacuna_compiler_open"));
  made.door.table = reinterpret_cast<decltype(made.door.table)>(dlsym(library, "lacuna_compiler_table"));
  made.door.close = reinterpret_cast<decltype(made.door.close)>(dlsym(library, "lacuna_compiler_close"));
  made.door.object = reinterpret_cast<decltype(made.door.object)>(dlsym(library, "lacuna_compiler_object"));
  made.door.code = reinterpret_cast<decltype(made.door.code)>(dlsym(library, "lacuna_compiler_code"));
  made.door.begin = reinterpret_cast<decltype(made.door.begin)>(dlsym(library, "lacuna_compiler_begin"));
  made.door.made = reinterpret_cast<decltype(made.door.made)>(dlsym(library, "lacuna_compiler_made"));
  made.door.tables = reinterpret_cast<decltype(made.door.tables)>(dlsym(library, "lacuna_compiler_tables"));
  made.door.processor = reinterpret_cast<decltype(made.door.processor)>(dlsym(library, "lacuna_compiler_processor"));
  made.door.text = reinterpret_cast<decltype(made.door.text)>(dlsym(library, "lacuna_compiler_text"));
  made.ok = made.door.text && made.door.processor && made.door.code && made.door.begin && made.door.made && made.door.tables && made.door.object && made.door.open && made.door.table && made.door.close;
  if (!made.ok) made.problem = std::string(kName) + " is of another version";
  return made;
}

}  // namespace

std::string compiler_identity() {
  std::string words;
  for (const std::filesystem::path& file : {std::filesystem::path("/proc/self/exe"), beside()}) {
    struct stat about {};
    if (file.empty() || ::stat(file.c_str(), &about) != 0) return {};
    words += fmt::format("{}.{}.{:09} ", about.st_size, about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
  }
  return words;
}

const jit::Door* compiler_library(std::string& problem) {
  // The one library of the process, loaded once and never unloaded.
  static const Loaded loaded = load_door();
  if (!loaded.ok) problem = loaded.problem;
  return loaded.ok ? &loaded.door : nullptr;
}

}  // namespace lacuna::driver
