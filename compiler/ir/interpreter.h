// The slow, obvious interpreter: what a module means, and the oracle for generated code, derivatives and passes.
//
//   needs    a verified module
//   leaves   contents of buffers and results of functions, in extended precision or rounded to double after each
//   operation shown by test/unit/ir/interpreter_test.cpp
//
// It notices what generated code would not: an index out of range, an element read before it is written or stored
// twice, a missing cell that is loaded. Such a mistake ends the call with a message.
//
//   Interpreter run(module);
//   run.set_size(n, 3);
//   run.set_input(y, {.reals = {1, 2, NAN}, .present = {1, 1, 0}});
//   run.bind();
//   run.set_vector(BufferKind::Parameter, {0.1, 0.2});
//   Outcome out = run.call("log_density");
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/evaluate.h"
#include "compiler/ir/module.h"

namespace lacuna::ir {

enum class Precision : std::uint8_t { Extended, Double };

// The elements of one input, the last axis varying fastest. Reals go to `reals`, everything else to `whole`.
struct InputArray {
  std::vector<double> reals{};
  std::vector<std::int64_t> whole{};
  std::vector<std::uint8_t>
      present{};  // empty: every cell is there (a NaN of an optional real is missing all the same)
};

// How a call ended. A failed `check` says its name, site and index; `error` is for mistakes in the module.
struct Outcome {
  std::vector<Cell> results{};
  std::string error{};
  std::string failed_check{};
  int site = -1;
  std::vector<std::int64_t> index{};

  bool ok() const { return error.empty() && failed_check.empty(); }
};

class Interpreter {
 public:
  using External = std::function<long double(const std::vector<long double>&)>;

  explicit Interpreter(const Module& module, Precision precision = Precision::Extended);

  void set_size(DimId dim, std::int64_t size) { sizes_[dim] = size; }
  void set_input(BufferId buffer, InputArray array);
  void set_external(const std::string& name, External function) { externals_[name] = std::move(function); }
  // Runs all functions of stage data, in the module's order.
  Outcome bind();

  // The size of a dimension, once what it depends on is known.
  std::int64_t size(DimId dim) const;
  // How many coordinates the unconstrained vector has, and how many natural values.
  std::int64_t parameter_count() const;
  std::int64_t natural_count() const;
  // Sets all parameters (or natural values, or directions) from one vector in the module's layout. `of`: what directions
  // are of.
  void set_vector(BufferKind kind, const std::vector<long double>& values, BufferKind of = BufferKind::Parameter);
  // All gradients (or products) as one vector.
  std::vector<long double> vector(BufferKind kind, BufferKind of = BufferKind::Parameter) const;
  // The contents of a given or shared array, or of an output that an earlier call made, in every call from here on.
  void set_given(BufferId buffer, std::vector<Cell> cells) { given_[buffer] = std::move(cells); }
  const std::vector<Cell>& given(BufferId buffer) const { return given_.at(buffer); }
  // As in new data of a prediction: missing cells may be loaded (a real is NaN, anything else 0), and no check is made.
  void allow_gaps() { gaps_ = true; }
  // Whether calls from here on ask for log-Jacobians; at first they do.
  void ask_for_jacobian(bool wanted) { jacobian_ = wanted; }
  // What calls from here on multiply the terms of each site by; empty, as at first: 1.
  void scale_sites(std::vector<double> scales) { scales_ = std::move(scales); }
  // Runs a function of stage draw. Work and outputs start undefined.
  Outcome call(std::string_view function, const std::vector<Cell>& arguments = {});

  // The elements of a buffer; undefined ones are NaN or 0.
  const std::vector<Cell>& contents(BufferId buffer) const { return buffers_[buffer.index].cells; }
  // The cells of a space for given parameters, each as its indices.
  std::vector<std::vector<std::int64_t>> cells(SpaceId space, const std::vector<std::int64_t>& parameters = {}) const;

 private:
  enum class Mark : std::uint8_t { Undefined, Filled, Stored };
  struct Contents {
    std::vector<Cell> cells;
    std::vector<Mark> marks;
    std::vector<std::uint8_t> present;
    bool allocated = false;
  };
  // One list of cells for each value of the parameters, and the position of the first of them among all.
  struct Cells {
    std::vector<std::vector<std::vector<std::int64_t>>> lists;
    std::vector<std::int64_t> starts;
    std::int64_t total = 0;
    bool built = false;
  };
  using Frame = std::vector<Cell>;

  void fail(const std::string& what);
  bool failed() const { return !outcome_.ok(); }
  void allocate(BufferId buffer);
  std::size_t element(const Instruction& each, const Frame& frame, std::size_t count);

  Outcome run(const Function& function, const std::vector<Cell>& arguments);
  void block(const Block& block, Frame& frame);
  void instruction(const Instruction& each, Frame& frame);
  Cell rounded(Cell cell, Type type) const;
  void load(const Instruction& each, Frame& frame);
  void write(const Instruction& each, Frame& frame);
  void fill(const Instruction& each, Frame& frame);
  void build(SpaceId space);
  void check(const Instruction& each, const Frame& frame);
  void external(const Instruction& each, Frame& frame);
  void kernel(const Instruction& each);
  void loop(const Instruction& each, Frame& frame);
  Cell reduce(Reducer reducer, const std::vector<Cell>& operands) const;

  const Module& module_;
  Precision precision_;
  std::map<DimId, std::int64_t> sizes_;
  std::vector<Contents> buffers_;
  std::vector<Cells> spaces_;
  std::map<std::string, External> externals_;
  std::map<BufferId, std::vector<Cell>> given_;
  bool gaps_ = false;
  bool jacobian_ = true;
  std::vector<double> scales_;
  const Body* body_ = nullptr;
  Outcome outcome_;
};

}  // namespace lacuna::ir
