// A text that is equal for instructions that compute equal results from equal operands.
#pragma once
#include <map>
#include <string>

#include "compiler/ir/instruction.h"

namespace lacuna::transform {

// `versions` counts the writes to each buffer so far: loads on both sides of a write differ. Instructions without
// results (which only have effects) are left out, and so are names and the numbers of values that the instruction
// defines itself.
std::string value_key(const ir::Instruction& instruction, const std::map<ir::BufferId, int>& versions);

}  // namespace lacuna::transform
