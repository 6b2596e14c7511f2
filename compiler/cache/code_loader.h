// Objects into memory that may be run: what a dynamic linker does, for the objects that our own emitter makes.
//
//   needs    relocatable ELF objects for x86-64, as codegen assembles them; the addresses of what they call
//   leaves   memory that holds them, read-only (code: executable) once loaded; writable and executable at no time
//   shown by test/unit/cache/cache_test.cpp
//
// System V Application Binary Interface, AMD64 Architecture Processor Supplement, chapter 4.4 (relocation).
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lacuna::cache {

class LoadedCode {
 public:
  // The address of what an object calls and does not define; null when it is not known.
  using Resolve = std::function<void*(std::string_view name)>;

  // Null when an object is none of ours: damaged, with a relocation that is not known, or calling what nobody defines.
  static std::unique_ptr<LoadedCode> load(std::string_view object, const Resolve& resolve);
  ~LoadedCode();
  LoadedCode(const LoadedCode&) = delete;
  LoadedCode& operator=(const LoadedCode&) = delete;

  // The address of a global symbol of the object; null when it has none of this name.
  void* find(const std::string& name) const;

 private:
  friend class Placing;
  LoadedCode() = default;
  char* memory_ = nullptr;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, void*> symbols_;
};

}  // namespace lacuna::cache
