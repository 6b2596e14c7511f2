// What is worth sparing: functions and quotients, not sums and products.
//
//   needs    nothing
//   leaves   numbers that passes compare with thresholds of their own
//   shown by test/lit/transform/sum_over_values.lir, flatten_branches.lir
#pragma once
#include "compiler/ir/instruction.h"

namespace lacuna::analysis {

// Whether one more evaluation is worth sparing.
bool is_dear(ir::Op op);

// How many dear operations a block holds, with those nested in it.
int dear_operations(const ir::Block& block);

}  // namespace lacuna::analysis
