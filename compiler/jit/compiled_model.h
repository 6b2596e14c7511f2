// A model as the table of functions of lacuna/model.h, run by machine code that is made in memory when an entry is
// first asked for.
//
//   needs    the module of a model, transformed, with the functions that Functions names; its metadata
//   leaves   a table whose bound models refer to this object, which must outlive them
//   shown by test/lit/command/log_density_with_gaps.test
#pragma once
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "compiler/codegen/layout.h"
#include "compiler/codegen/target.h"
#include "compiler/ir/module.h"
#include "compiler/jit/jit.h"
#include "lacuna/model.h"

namespace lacuna::jit {

class CompiledModel {
 public:
  // The functions of the module behind the entries; those it has not are absent entries.
  //   log_density, log_density_mode  with the log-Jacobians and without
  //   log_density_gradient, log_density_mode_gradient  the same with gradients
  //   terms, constrain, pointwise    as density/density.h says
  // `metadata` must outlive the model.
  CompiledModel(ir::Module module, const lacuna_metadata& metadata, codegen::Target target);
  ~CompiledModel();
  CompiledModel(const CompiledModel&) = delete;
  CompiledModel& operator=(const CompiledModel&) = delete;

  const lacuna_model* table() const { return &table_; }
  const ir::Module& module() const { return module_; }
  const codegen::Layout& layout() const { return layout_; }

  enum class Function : unsigned {
    LogDensity,
    LogDensityMode,
    Gradient,
    GradientMode,
    Terms,
    Constrain,
    Pointwise,
    Count
  };
  static const char* name(Function function);

  // The machine code of a function of the module.
  struct Entry {
    int (*run)(const codegen::Frame*) = nullptr;
    std::int64_t (*work)(const void* bound) = nullptr;
  };
  static constexpr unsigned kBlock = 8;  // draws in one call of a block version
  // Compiled now if it was not; null functions when it cannot be (see `failure`). Safe for any number of threads.
  const Entry& entry(Function function, bool block = false) const;
  // The functions of stage data, in order.
  Entry binding(const std::string& function) const;
  // Why code could not be made: a bug of ours, or what is not compiled yet. Empty while all went well.
  std::string failure() const;

 private:
  ir::Module module_;
  codegen::Layout layout_;
  codegen::Target target_;
  lacuna_model table_{};
  mutable std::mutex mutex_;
  mutable Jit jit_;
  mutable std::string failure_;
  Entry compile(const std::string& function, bool block) const;

  static constexpr std::size_t kEntries = 2 * static_cast<std::size_t>(Function::Count);
  mutable std::array<Entry, kEntries> entries_{};
  mutable std::array<std::atomic<bool>, kEntries> compiled_{};
};

}  // namespace lacuna::jit
