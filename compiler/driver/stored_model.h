// A compiled model made of an entry of the cache: the functions that the entry has are loaded from it, any other is
// compiled when it is first called.
//
//   needs    an entry that was kept for this program, compiler and processor
//   leaves   a table that lives as long as this object
//   shown by test/lit/command/cache.test
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "compiler/cache/code_loader.h"
#include "compiler/cache/entry_file.h"
#include "compiler/entries/descriptor.h"

namespace lacuna::driver {

// The number of the piece that holds the descriptor; the others are those of jit::MadeCode.
constexpr std::int32_t kTablesPiece = -1;

class StoredModel {
 public:
  using Compile = std::function<lacuna_compiled(int function, bool block)>;
  // Null when the entry cannot be loaded. `compile` makes what the entry lacks; it is called by one thread at a time.
  static std::unique_ptr<StoredModel> make(cache::Entry entry, Compile compile);
  StoredModel(const StoredModel&) = delete;
  StoredModel& operator=(const StoredModel&) = delete;

  const lacuna_model* table() const { return &table_; }
  const cache::Entry& entry() const { return entry_; }

 private:
  StoredModel() = default;
  static lacuna_compiled resolve(const lacuna_descriptor* self, std::int32_t function, std::int32_t block);
  lacuna_compiled code(std::int32_t function, bool block) const;
  lacuna_compiled load(const cache::Piece& piece) const;

  cache::Entry entry_;
  Compile compile_;
  std::unique_ptr<cache::LoadedCode> tables_;
  lacuna_descriptor descriptor_{};
  lacuna_model table_{};
  struct Slot {
    lacuna_compiled code{};
    std::atomic<bool> ready{false};
  };
  mutable std::mutex mutex_;
  mutable std::vector<Slot> slots_;  // by function, then by block or not
  mutable std::vector<std::unique_ptr<cache::LoadedCode>> loaded_;
};

}  // namespace lacuna::driver
