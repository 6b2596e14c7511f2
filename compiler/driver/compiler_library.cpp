#include "compiler/driver/compiler_library.h"

#include <dlfcn.h>

#include <filesystem>
#include <mutex>

namespace lacuna::driver {

namespace {

constexpr const char* kName = "liblacuna_compiler.so";

void* load(std::string& problem) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const std::filesystem::path beside = self.parent_path().parent_path() / "lib" / kName;
    if (std::filesystem::exists(beside, error))
      if (void* library = dlopen(beside.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  }
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
  made.ok = made.door.object && made.door.open && made.door.table && made.door.close;
  if (!made.ok) made.problem = std::string(kName) + " is of another version";
  return made;
}

}  // namespace

const jit::Door* compiler_library(std::string& problem) {
  // The one library of the process, loaded once and never unloaded.
  static const Loaded loaded = load_door();
  if (!loaded.ok) problem = loaded.problem;
  return loaded.ok ? &loaded.door : nullptr;
}

}  // namespace lacuna::driver
