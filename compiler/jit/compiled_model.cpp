#include "compiler/jit/compiled_model.h"

#include "compiler/codegen/module_code.h"
#include "compiler/jit/entries.h"

namespace lacuna::jit {

CompiledModel::CompiledModel(ir::Module module, const lacuna_metadata& metadata, codegen::Target target)
    : module_(std::move(module)), layout_(module_), target_(std::move(target)) {
  table_.struct_size = sizeof table_;
  table_.version = LACUNA_ABI_VERSION;
  table_.metadata = &metadata;
  table_.context = this;
  set_entries(*this, table_);
}

CompiledModel::~CompiledModel() = default;

std::string CompiledModel::failure() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failure_;
}

const char* CompiledModel::name(Function function) {
  constexpr const char* kNames[] = {"log_density", "log_density_mode", "log_density_gradient", "log_density_mode_gradient",
                                    "terms",       "constrain",        "pointwise"};
  return kNames[static_cast<unsigned>(function)];
}

const CompiledModel::Entry& CompiledModel::entry(Function function, bool block) const {
  const std::size_t at = 2 * static_cast<std::size_t>(function) + (block ? 1 : 0);
  if (compiled_[at].load(std::memory_order_acquire)) return entries_[at];
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!compiled_[at].load(std::memory_order_relaxed)) {
    entries_[at] = compile(name(function), block);
    compiled_[at].store(true, std::memory_order_release);
  }
  return entries_[at];
}

CompiledModel::Entry CompiledModel::binding(const std::string& function) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (void* known = jit_.find(function)) return {reinterpret_cast<int (*)(const codegen::Frame*)>(known), nullptr};
  return compile(function, false);
}

CompiledModel::Entry CompiledModel::compile(const std::string& function, bool block) const {
  if (module_.find_function(function) == nullptr) return {};
  const codegen::ModuleOptions options{.functions = {function}, .plain = !block, .block_draws = block ? kBlock : 0};
  const codegen::Compiled compiled = codegen::compile(module_, target_, options);
  const std::string symbol = block ? function + ".block" : function;
  std::string why = compiled.error;
  if (why.empty()) why = jit_.add(compiled.bytes, symbol);
  if (!why.empty()) {
    failure_ = why;
    return {};
  }
  return {reinterpret_cast<int (*)(const codegen::Frame*)>(jit_.find(symbol)),
          reinterpret_cast<std::int64_t (*)(const void*)>(jit_.find(symbol + ".work"))};
}

}  // namespace lacuna::jit
