// A model as the table of functions of lacuna/model.h, run by machine code that is made in memory when an entry is
// first asked for.
//
//   needs    the module of a model, transformed, with the functions that entries/describe.h names; its metadata
//   leaves   a table whose bound models refer to this object, which must outlive them
//   shown by test/lit/command/log_density_with_gaps.test
#pragma once
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "compiler/codegen/layout.h"
#include "compiler/codegen/module_code.h"
#include "compiler/codegen/target.h"
#include "compiler/entries/describe.h"
#include "compiler/ir/module.h"
#include "compiler/jit/jit.h"
#include "compiler/jit/library.h"
#include "lacuna/model.h"

namespace lacuna::jit {

class CompiledModel {
 public:
  // The functions of the module behind the entries are those that entries::function_name names; those it has not are
  // absent entries. `metadata` must outlive the model.
  CompiledModel(ir::Module module, const lacuna_metadata& metadata, codegen::Target target);
  ~CompiledModel();
  CompiledModel(const CompiledModel&) = delete;
  CompiledModel& operator=(const CompiledModel&) = delete;

  const lacuna_model* table() const { return &table_; }
  const ir::Module& module() const { return module_; }
  const codegen::Layout& layout() const { return layout_; }
  const codegen::Target& target() const { return target_; }

  // The machine code of one of enum lacuna_function, or of a function of stage data (LACUNA_FUNCTION_COUNT and on).
  // Compiled now if it was not; null functions when it cannot be (see `failure`). Safe for any number of threads.
  lacuna_compiled code(int function, bool block) const;
  // Begins to compile a function on a thread of its own, so that it is there, or nearly, when its code is asked for. Where no
  // thread can be had it is compiled when it is asked for.
  void begin(int function, bool block) const;
  // The objects of all functions that were compiled so far.
  std::vector<MadeCode> made() const;
  // Why code could not be made: a bug of ours, or what is not compiled yet. Empty while all went well.
  std::string failure() const;

 private:
  ir::Module module_;
  codegen::Layout layout_;
  codegen::Target target_;
  entries::Description description_;
  lacuna_model table_{};
  mutable std::mutex mutex_;
  mutable Jit jit_;
  mutable std::string failure_;
  mutable std::vector<MadeCode> made_;
  std::size_t slot_of(int function, bool block) const { return 2 * static_cast<std::size_t>(function) + (block ? 1 : 0); }
  codegen::Compiled generate(const std::string& function, bool block) const;
  lacuna_compiled compile(int number, const std::string& function, bool block) const;
  std::string name_of(int function) const;

  // By function, then by block or not.
  struct Slot {
    lacuna_compiled code{};
    std::atomic<bool> compiled{false};
  };
  mutable std::vector<Slot> slots_;
  mutable std::map<std::size_t, std::future<codegen::Compiled>> begun_;  // by slot; the last member: its threads read the others
};

}  // namespace lacuna::jit
