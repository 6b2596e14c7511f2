// Optional inputs of which a bound model keeps the present cells only, one after the other.
//
//   needs    a module whose draw-stage loops read gathered copies (transform/gather_inputs.h), scheduled
//   leaves   which inputs, in which buffer of cells, over which space
//   shown by test/unit/jit/memory_test.cpp, test/unit/jit/prediction_test.cpp
//
// Where all present cells of an array are scored, the copy in the order of the cells holds all that the array did. So the
// copy is made where the array is: cell k of the list is never behind place k, and a loop in the list's order overwrites
// only what it has read. Predictions, which read by row, spread the cells out again in their workspace (predict.c).
#pragma once
#include <vector>

#include "compiler/ir/module.h"

namespace lacuna::entries {

struct PackedInput {
  ir::BufferId input;
  ir::BufferId cells;
  ir::SpaceId space;
};

std::vector<PackedInput> packed_inputs(const ir::Module& module);

}  // namespace lacuna::entries
