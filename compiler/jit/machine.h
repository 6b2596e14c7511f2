// A module compiled in memory, with memory for one bound model: what tests, benchmarks and the table of functions call.
//
//   needs    a verified module
//   leaves   the same interface as the interpreter's: sizes and inputs in, bind, calls
//   shown by test/unit/codegen/module_test.cpp
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/codegen/layout.h"
#include "compiler/codegen/target.h"
#include "compiler/ir/module.h"
#include "compiler/jit/jit.h"

namespace lacuna::jit {

// Zeroed memory that begins at a multiple of 64 bytes; in large pages where it is large.
class AlignedMemory {
 public:
  AlignedMemory() = default;
  explicit AlignedMemory(std::size_t bytes);
  void* data() const { return memory_.get(); }
  std::size_t size() const { return bytes_; }

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<void, Free> memory_;
  std::size_t bytes_ = 0;
};

// One input, row by row. Reals in `reals`, all else in `whole`; `present` empty: every cell is there.
struct Input {
  std::vector<double> reals{};
  std::vector<std::int64_t> whole{};
  std::vector<std::uint8_t> present{};
};

class Machine {
 public:
  Machine(const ir::Module& module, const codegen::Target& target, unsigned block_draws = 0,
          std::vector<std::string> functions = {});

  // Empty when the module was compiled.
  const std::string& error() const { return error_; }

  void set_size(ir::DimId dim, std::int64_t size) { sizes_[dim] = size; }
  void set_input(ir::BufferId buffer, Input input) { inputs_[buffer] = std::move(input); }
  // Runs the functions of stage data. The number of the check that failed, or nothing.
  std::optional<std::int64_t> bind();

  std::int64_t size(ir::DimId dim) const;
  std::int64_t coordinates() const;
  std::int64_t bound_bytes() const;

  // One call of a draw function; `results` has 8 bytes for each result (times the lanes of a block).
  struct Call {
    const double* point = nullptr;
    double* gradient = nullptr;
    const double* direction = nullptr;
    double* product = nullptr;
    std::vector<void*> outputs{};
    std::vector<std::int64_t> arguments{};
    bool without_jacobian = false;
  };
  using Entry = int (*)(const codegen::Frame*);
  // The function, to be called with a frame that `frame` has made; null if there is none.
  Entry entry(const std::string& function) const;
  // A frame with workspace for `function`; valid until the next call of `frame`.
  codegen::Frame frame(const std::string& function, const Call& call, void* results);
  // Both in one.
  std::vector<double> run(const std::string& function, const Call& call, std::size_t results);

 private:
  std::int64_t upper_bound() const;
  std::int64_t most(ir::DimId dim) const;
  void import_inputs();

  const ir::Module& module_;
  codegen::Layout layout_;
  Jit jit_;
  std::string error_;
  std::map<ir::DimId, std::int64_t> sizes_;
  std::map<ir::BufferId, Input> inputs_;
  AlignedMemory bound_;
  AlignedMemory work_;
  Call call_;
};

}  // namespace lacuna::jit
