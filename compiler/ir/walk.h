// Visits of instructions, for analyses and passes.
#pragma once
#include "compiler/ir/instruction.h"

namespace lacuna::ir {

// Calls `visit(const Instruction&)` for every instruction of a block and of the blocks nested in it, outer before
// inner.
template <class Visit>
void for_each_instruction(const Block& block, const Visit& visit) {
  for (const Instruction& each : block.body) {
    visit(each);
    for (const Block& inner : each.blocks) for_each_instruction(inner, visit);
  }
}

template <class Visit>
void for_each_instruction(Block& block, const Visit& visit) {
  for (Instruction& each : block.body) {
    visit(each);
    for (Block& inner : each.blocks) for_each_instruction(inner, visit);
  }
}

// Calls `visit(ValueId)` for every value that an instruction uses and does not define itself: operands, and what its
// blocks capture from outside. A value may be visited more than once.
template <class Visit>
void for_each_use(const Instruction& each, const Visit& visit) {
  for (ValueId id : each.operands) visit(id);
  for (const Block& block : each.blocks) {
    for (const Instruction& inner : block.body) for_each_use(inner, visit);
    for (ValueId id : block.yields) visit(id);
  }
}

// Whether any instruction of a block is an elementary or special function, which takes many steps.
inline bool has_functions(const Block& block) {
  bool found = false;
  for_each_instruction(block, [&](const Instruction& each) { found = found || (each.op >= Op::Exp && each.op <= Op::BetaIncInverse); });
  return found;
}

}  // namespace lacuna::ir
