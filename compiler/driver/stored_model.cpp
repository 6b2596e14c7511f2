#include "compiler/driver/stored_model.h"

#include <cstring>

#include "compiler/aot/object.h"
#include "compiler/ir/called_functions.h"

namespace lacuna::driver {
namespace {

void* resolve_name(std::string_view name) {
  if (name == "memcpy") return reinterpret_cast<void*>(static_cast<void* (*)(void*, const void*, std::size_t)>(&std::memcpy));
  if (name == "memset") return reinterpret_cast<void*>(static_cast<void* (*)(void*, int, std::size_t)>(&std::memset));
  return ir::called_function(name);
}

}  // namespace

std::unique_ptr<StoredModel> StoredModel::make(cache::Entry entry, Compile compile) {
  std::unique_ptr<StoredModel> made(new StoredModel);
  for (const cache::Piece& piece : entry.pieces) {
    if (piece.function == kTablesPiece) made->tables_ = cache::LoadedCode::load(piece.object, resolve_name);
  }
  const auto* descriptor = made->tables_ ? static_cast<const lacuna_descriptor*>(made->tables_->find(aot::kTables)) : nullptr;
  if (!descriptor) return nullptr;
  made->entry_ = std::move(entry);
  made->compile_ = std::move(compile);
  made->descriptor_ = *descriptor;
  made->descriptor_.resolve = resolve;
  made->descriptor_.resolver = made.get();
  const int predictions = descriptor->predictions ? 2 * descriptor->metadata->site_count : 0;
  made->slots_ = std::vector<Slot>(2 * static_cast<std::size_t>(LACUNA_FUNCTION_COUNT + descriptor->binding_count + predictions));
  lacuna_set_entries(&made->descriptor_, &made->table_);
  return made;
}

lacuna_compiled StoredModel::resolve(const lacuna_descriptor* self, std::int32_t function, std::int32_t block) {
  return static_cast<const StoredModel*>(self->resolver)->code(function, block != 0);
}

lacuna_compiled StoredModel::code(std::int32_t function, bool block) const {
  Slot& slot = slots_[2 * static_cast<std::size_t>(function) + (block ? 1 : 0)];
  if (slot.ready.load(std::memory_order_acquire)) return slot.code;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (slot.ready.load(std::memory_order_relaxed)) return slot.code;
  for (const cache::Piece& piece : entry_.pieces) {
    if (piece.function == function && (piece.block != 0) == block) slot.code = load(piece);
  }
  if (!slot.code.run) slot.code = compile_(function, block);
  slot.ready.store(true, std::memory_order_release);
  return slot.code;
}

lacuna_compiled StoredModel::load(const cache::Piece& piece) const {
  std::unique_ptr<cache::LoadedCode> made = cache::LoadedCode::load(piece.object, resolve_name);
  if (!made) return {};
  const lacuna_compiled code{reinterpret_cast<int (*)(const lacuna_frame*)>(made->find(piece.symbol)),
                             reinterpret_cast<std::int64_t (*)(const void*)>(made->find(piece.symbol + ".work"))};
  loaded_.push_back(std::move(made));
  return code;
}

}  // namespace lacuna::driver
