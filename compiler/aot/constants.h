// Structs of C, as they stand in memory, written as LLVM constants: bytes, with relocations where they hold pointers.
//
//   needs    the memory of the struct, and for each pointer in it what it shall point to
//   leaves   private constants of the module
//   shown by test/lit/command/compile_object.test
#pragma once
#include <llvm/IR/Module.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "lacuna/metadata.h"

namespace lacuna::aot {

class Constants {
 public:
  explicit Constants(llvm::Module& module) : module_(module) {}

  // A constant over `bytes` of memory; `pointers` by their offset, null ones left out.
  using Pointers = std::map<std::size_t, llvm::Constant*>;
  llvm::GlobalVariable* add(const std::string& name, const void* memory, std::size_t bytes, const Pointers& pointers);
  // A string that ends with a zero byte; null for null.
  llvm::Constant* text(const char* string);

  // An array of structs, with `pointers_of` each. Null when there are none.
  template <class T, class PointersOf>
  llvm::Constant* table(const std::string& name, const T* first, int count, const PointersOf& pointers_of) {
    if (count <= 0 || first == nullptr) return nullptr;
    Pointers all;
    for (int i = 0; i < count; ++i) {
      for (const auto& [offset, target] : pointers_of(first[i])) all[static_cast<std::size_t>(i) * sizeof(T) + offset] = target;
    }
    return add(name, first, static_cast<std::size_t>(count) * sizeof(T), all);
  }
  template <class T>
  llvm::Constant* table(const std::string& name, const T* first, int count) {
    return table(name, first, count, [](const T&) { return Pointers{}; });
  }

  // A table of whole numbers of 32 bits and of functions by their distance from the table's start; 0 for none.
  struct Cell {
    std::int32_t number = 0;
    llvm::Constant* function = nullptr;
  };
  llvm::GlobalVariable* places(const std::string& name, const std::vector<Cell>& cells);

 private:
  llvm::Module& module_;
  std::map<std::string, llvm::Constant*> texts_;
};

// The metadata of a model as constants.
llvm::GlobalVariable* write_metadata(Constants& constants, const lacuna_metadata& metadata);

}  // namespace lacuna::aot
