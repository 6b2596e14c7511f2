// Instructions, blocks and bodies: scalars in SSA form inside structured loops.
//
// Everything is a value: a block owns its instructions, an instruction its blocks, so copying a body copies the
// program. A value is defined once, by an instruction or as an argument of a block or function, and is visible after
// its definition in its block and in the blocks nested there. What a block hands out stands in `Block::yields`.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "compiler/ir/ops.h"
#include "compiler/ir/types.h"

namespace lacuna::ir {

struct ValueInfo {
  Type type;
  std::string name{};  // for people; may be empty, need not be unique
  bool operator==(const ValueInfo&) const = default;
};

using Literal = std::variant<double, std::int64_t, bool>;

// Where the lanes of a vector run, once a schedule is chosen.
enum class Lanes : std::uint8_t { None, Rows, Inner, Draws };

// How a loop is run. All empty: one iteration after the other. Chosen by compiler/schedule and printed behind the
// domain.
struct Schedule {
  BufferId by{};  // iterations sorted by this index buffer, in segments
  int parts = 0;  // the most parts the loop is cut into
  int tile = 0;   // iterations that share the loads of their inner loops
  Lanes lanes = Lanes::None;
  bool empty() const { return *this == Schedule{}; }
  bool operator==(const Schedule&) const = default;
};

// What a loop runs over: the cells of a space, or the full product of some dimensions (the last varies fastest).
struct Domain {
  SpaceId space{};            // none: the full product
  std::vector<DimId> dims{};  // one index each; for a space, the space's own
  bool position =
      false;  // the loop also has the ordinal of the cell in its space, an index of the space's `cells` dimension
  bool descending = false;  // scan only: from the last to the first
  bool operator==(const Domain&) const = default;
};

struct Instruction;

struct Block {
  std::vector<ValueId> arguments;
  std::vector<Instruction> body;
  std::vector<ValueId> yields;
  bool operator==(const Block&) const;
};

// One operation. Which attributes matter is said by the operation; the others keep their defaults.
//
// `for`:  operands = parameters of the space; block arguments = indices, then the position if asked for;
//         yields and results = one for each of `reducers`.
// `scan`: operands = parameters of the space, then the starts of the carried values; block arguments = indices,
// position,
//         carried values; yields = next carried values, then one for each reducer; results = last carried values, then
//         reductions.
// `if`:   one bool operand, two blocks without arguments that yield the same types; the results are theirs.
struct Instruction {
  Op op = Op::Constant;
  std::vector<ValueId> operands{};
  std::vector<ValueId> results{};
  Literal literal = 0.0;             // const
  DimId dim{};                       // size, index
  BufferId buffer{};                 // memory operations
  SpaceId space{};                   // build_space
  Domain domain{};                   // for, scan
  std::vector<Reducer> reducers{};   // for, scan
  Schedule schedule{};               // for, scan
  Kernel kernel = Kernel::Cholesky;  // kernel
  std::vector<BufferId> buffers{};   // kernel: results first
  std::string name{};                // external; check: the diagnostic's name
  int site = -1;                     // check; for: the site whose term this is, or -1
  std::vector<Block> blocks{};

  ValueId result() const { return results.front(); }
  bool operator==(const Instruction&) const = default;
};

inline bool Block::operator==(const Block&) const = default;

// A block and the table of its values.
struct Body {
  std::vector<ValueInfo> values;
  Block block;

  ValueId add(Type type, std::string name = {}) {
    values.push_back({type, std::move(name)});
    return {static_cast<std::uint32_t>(values.size() - 1)};
  }
  const ValueInfo& value(ValueId id) const { return values[id.index]; }
  Type type(ValueId id) const { return values[id.index].type; }
  bool operator==(const Body&) const = default;
};

}  // namespace lacuna::ir
