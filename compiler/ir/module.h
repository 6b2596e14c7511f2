// A module: one compiled model as named dimensions, buffers, spaces and functions.
//
//   needs    nothing
//   leaves   a value that printer.h prints, parser.h reads, verifier.h checks and interpreter.h runs
//   shown by test/lit/ir/, README.md
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/instruction.h"
#include "compiler/ir/types.h"

namespace lacuna::ir {

// A dimension. Its size is given with the data, follows from other sizes, or is the number of cells of a space.
struct Dim {
  enum class Kind : std::uint8_t { Given, Derived, Cells };
  std::string name{};
  Kind kind = Kind::Given;
  std::optional<std::int64_t> preset{};  // given: the size when the data do not say
  // Derived: a polynomial, or what becomes of that and another one.
  enum class Rule : std::uint8_t { Sum, Quotient, Least, Greatest };
  Rule rule = Rule::Sum;
  SizeExpr size{};
  SizeExpr other{};
  SpaceId cells{};                       // cells: all cells of this space, over all its parameters
  // Derived: the size for given ones.
  std::int64_t follow(const std::function<std::int64_t(DimId)>& size_of) const;
  // Derived: every dimension that it follows from.
  void for_each_source(const std::function<void(DimId)>& visit) const;
  bool operator==(const Dim&) const = default;
};

// As texts name it: `quotient`, `least`, `greatest`; nothing for a sum.
std::string_view rule_name(Dim::Rule rule);

enum class BufferKind : std::uint8_t {
  Input,      // given by the caller when data are bound; cells may be missing if `optional`
  Data,       // made by `bind`, kept in the bound model
  Parameter,  // a stretch of the unconstrained vector; stretches follow each other in the order of declaration
  Natural,    // a stretch of a vector of natural values, laid out likewise: the point of functions that start from those
  Gradient,   // the same stretch of the gradient, of the parameter or natural values `of`
  Direction,  // the same stretch of a direction (Hessian times a vector)
  Product,    // the same stretch of the Hessian's product with the direction
  Work,       // scratch of one call; undefined at its start
  Scratch,    // of one iteration of the loops around its uses: each has its own, undefined at its start
  Output,     // a result that is an array
  Given,      // values of one draw that the caller hands in and the call may replace: latents at a prediction's elements
  Shared,     // what the caller hands in for all draws of a call: keys of labels, maps to known elements
};

// An array over named axes, the last varying fastest. No axes: one scalar.
struct Buffer {
  std::string name{};
  BufferKind kind = BufferKind::Data;
  Type element{};
  bool optional = false;  // input only
  std::vector<DimId> axes{};
  BufferId of{};  // gradient, direction, product: their parameter, or natural values
  // Data made by bind: laid out in blocks of this many elements of the first axis, in which that axis runs fastest; 0:
  // row by row. It changes no meaning.
  int tile = 0;
  bool operator==(const Buffer&) const = default;
};

// What a function's point consists of.
constexpr bool is_point(BufferKind kind) { return kind == BufferKind::Parameter || kind == BufferKind::Natural; }

// The stage of a buffer's contents: data for inputs and what bind makes, draw for the rest.
Stage stage_of(BufferKind kind);

// The cells of some dimensions where a predicate of stage data holds; listed when data are bound, in row-major order
// unless `by` says that cells come sorted (stably) by a data index. With parameters it is one such list for each value
// of them; with both, one list for each value of the indices in `by`: a segment.
struct Space {
  std::string name{};
  std::vector<DimId> parameters{};
  std::vector<DimId> dims{};
  std::optional<Body> predicate{};  // arguments: parameters, then indices; yields one bool. None: every cell
  std::vector<BufferId> by{};       // index buffers over exactly `dims`
  bool operator==(const Space&) const = default;
};

struct Function {
  std::string name{};
  Stage stage = Stage::Draw;  // data: part of binding; draw: called for each point
  Body body{};                // block arguments: scalar parameters; yields: the results

  std::vector<Type> results() const {
    std::vector<Type> types;
    for (ValueId id : body.block.yields) types.push_back(body.type(id));
    return types;
  }
  bool operator==(const Function&) const = default;
};

// A statement of the model that contributes a term, for messages about it.
struct Site {
  std::string name{};
  std::uint32_t line = 0;
  bool operator==(const Site&) const = default;
};

struct Module {
  std::string name{};
  std::vector<Dim> dims{};
  std::vector<Site> sites{};
  std::vector<Buffer> buffers{};
  std::vector<Space> spaces{};
  std::vector<Function> functions{};

  DimId add(Dim dim);
  BufferId add(Buffer buffer);
  SpaceId add(Space space);

  const Dim& dim(DimId id) const { return dims[id.index]; }
  const Buffer& buffer(BufferId id) const { return buffers[id.index]; }
  const Space& space(SpaceId id) const { return spaces[id.index]; }
  DimId find_dim(std::string_view dim_name) const;
  BufferId find_buffer(std::string_view buffer_name) const;
  SpaceId find_space(std::string_view space_name) const;
  const Function* find_function(std::string_view function_name) const;
  Function* find_function(std::string_view function_name);

  // `wanted`, or `wanted.1`, `wanted.2`, ... if a buffer has that name.
  std::string fresh_buffer_name(std::string_view wanted) const;

  // The number of elements before a parameter or natural value (or its gradient, direction, product) in its vector.
  SizeExpr offset(BufferId slice) const;
  // The number of all coordinates, and of all natural values.
  SizeExpr parameter_count() const;
  SizeExpr natural_count() const;

  bool operator==(const Module&) const = default;
};

}  // namespace lacuna::ir
