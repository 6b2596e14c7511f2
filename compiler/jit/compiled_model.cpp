#include "compiler/jit/compiled_model.h"

#include "compiler/schedule/choose.h"

namespace lacuna::jit {
namespace {

lacuna_compiled resolve(const lacuna_descriptor* self, std::int32_t function, std::int32_t block) {
  return static_cast<const CompiledModel*>(self->resolver)->code(function, block != 0);
}

ir::Module scheduled(ir::Module module, const codegen::Target& target) {
  schedule::choose(module, {.lanes = target.lanes()});
  return module;
}

}  // namespace

CompiledModel::CompiledModel(ir::Module module, const lacuna_metadata& metadata, codegen::Target target)
    : module_(scheduled(std::move(module), target)),
      layout_(module_),
      target_(std::move(target)),
      description_(module_, layout_, metadata),
      slots_(2 * (LACUNA_FUNCTION_COUNT + description_.bindings().size() + description_.predictions().size())) {
  description_.get().resolve = resolve;
  description_.get().resolver = this;
  lacuna_set_entries(&description_.get(), &table_);
}

CompiledModel::~CompiledModel() = default;

std::string CompiledModel::failure() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failure_;
}

std::vector<MadeCode> CompiledModel::made() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return made_;
}

lacuna_compiled CompiledModel::code(int function, bool block) const {
  Slot& slot = slots_[slot_of(function, block)];
  if (slot.compiled.load(std::memory_order_acquire)) return slot.code;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!slot.compiled.load(std::memory_order_relaxed)) {
    slot.code = compile(function, name_of(function), block);
    slot.compiled.store(true, std::memory_order_release);
  }
  return slot.code;
}

std::string CompiledModel::name_of(int function) const {
  if (function < LACUNA_FUNCTION_COUNT) return entries::function_name(function);
  const auto number = static_cast<std::size_t>(function - LACUNA_FUNCTION_COUNT);
  const std::size_t bindings = description_.bindings().size();
  return number < bindings ? description_.bindings()[number] : description_.predictions()[number - bindings];
}

void CompiledModel::begin(int function, bool block) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::size_t slot = slot_of(function, block);
  const std::string name = name_of(function);
  if (slots_[slot].compiled.load(std::memory_order_relaxed) || begun_.contains(slot) || module_.find_function(name) == nullptr) return;
  begun_[slot] = std::async([this, name, block] { return generate(name, block); });
}

codegen::Compiled CompiledModel::generate(const std::string& function, bool block) const {
  return codegen::compile(module_, target_, {.functions = {function}, .plain = !block, .block_draws = block ? LACUNA_BLOCK_DRAWS : 0u});
}

lacuna_compiled CompiledModel::compile(int number, const std::string& function, bool block) const {
  if (module_.find_function(function) == nullptr) return {};
  const auto begun = begun_.extract(slot_of(number, block));
  codegen::Compiled compiled = begun ? begun.mapped().get() : generate(function, block);
  const std::string symbol = block ? function + ".block" : function;
  std::string why = compiled.error;
  if (why.empty()) why = jit_.add(compiled.bytes, symbol);
  if (!why.empty()) {
    failure_ = why;
    return {};
  }
  made_.push_back({number, block, symbol, std::move(compiled.bytes)});
  return {reinterpret_cast<int (*)(const lacuna_frame*)>(jit_.find(symbol)),
          reinterpret_cast<std::int64_t (*)(const void*)>(jit_.find(symbol + ".work"))};
}

}  // namespace lacuna::jit
