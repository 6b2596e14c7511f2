// Copies of instructions and blocks with fresh values for all that they define.
//
//   needs    a source within the same body, or another body of the same module
//   leaves   copies whose captured values are those of the map, or the same where the map has none
//   shown by test/unit/transform/passes_test.cpp
#pragma once
#include <unordered_map>

#include "compiler/ir/instruction.h"

namespace lacuna::ir {

using ValueMap = std::unordered_map<ValueId, ValueId>;

// What `id` became.
ValueId mapped(const ValueMap& map, ValueId id);

// A copy that defines its values in `to`, taking types and names from `from` (which may be the same); `map` learns
// them.
Instruction clone(const Instruction& each, const Body& from, Body& to, ValueMap& map);
// The same for a block; arguments that `map` has already are kept out of the copy's (they were bound to something).
Block clone(const Block& block, const Body& from, Body& to, ValueMap& map);

// Replaces operands and yields within a block, and in blocks nested there, by what they are mapped to.
void substitute(Block& block, const ValueMap& map);

}  // namespace lacuna::ir
