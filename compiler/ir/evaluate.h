// One pure elementwise operation on scalars: the interpreter's arithmetic, and the constant folder's.
#pragma once
#include <cstdint>
#include <vector>

#include "compiler/ir/ops.h"

namespace lacuna::ir {

// A scalar of any type: `real` is in use for reals, `whole` for ints, bools (0 or 1) and indices.
struct Cell {
  long double real = 0;
  std::int64_t whole = 0;

  static Cell of(long double value) { return {value, 0}; }
  static Cell of(std::int64_t value) { return {0, value}; }
  static Cell of(bool value) { return {0, value ? 1 : 0}; }
};

// The result of an operation that has the trait Elementwise. Whole arithmetic wraps around.
Cell evaluate(Op op, const std::vector<Cell>& operands);

}  // namespace lacuna::ir
