// What a loop adds up, as signed terms: a sum of sums and differences, taken apart and written again.
//
//   needs    the block of a loop
//   leaves   terms in the order in which they stand; `write_total` puts them together again
//   shown by test/lit/transform/split_sums.lir, sum_logs.lir, sum_over_values.lir
#pragma once
#include <functional>
#include <unordered_map>
#include <vector>

#include "compiler/ir/instruction.h"

namespace lacuna::transform {

struct Summand {
  ir::ValueId value;
  bool negative = false;
};

// What defines the values of one block: copies, since blocks grow.
using Definitions = std::unordered_map<ir::ValueId, ir::Instruction>;

// Elementwise operations and constants of a block, without the blocks nested there.
Definitions terms_of(const ir::Block& block);

// The terms of a value: `a - (b + c)` has a, -b and -c.
void for_each_summand(const Definitions& definitions, Summand sum, const std::function<void(Summand)>& visit);

// The signed sum of some terms, of which there must be one, written at the end of `to`.
ir::ValueId write_total(ir::Body& body, std::vector<ir::Instruction>& to, const std::vector<Summand>& summands);

}  // namespace lacuna::transform
