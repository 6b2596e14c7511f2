// Which buffers an instruction reads, writes and adds to, with the blocks nested in it.
//
//   needs    nothing
//   leaves   sets that say whether two instructions may change places
//   shown by test/unit/transform/passes_test.cpp
#pragma once
#include <set>

#include "compiler/ir/instruction.h"

namespace lacuna::analysis {

struct Effects {
  std::set<ir::BufferId> reads;
  std::set<ir::BufferId> writes;  // stored, filled, or made by a kernel
  std::set<ir::BufferId> adds;    // accumulated
  bool fixed = false;             // makes a space or ends the call: keeps its place

  bool none() const { return writes.empty() && adds.empty() && !fixed; }
};

Effects effects_of(const ir::Instruction& instruction);
Effects effects_of(const ir::Block& block);

// Whether the order of two instructions with these effects does not matter (but for the rounding of sums).
bool commute(const Effects& a, const Effects& b);

}  // namespace lacuna::analysis
