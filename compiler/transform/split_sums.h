// Takes terms that a loop does not change out of its sums (times the number of iterations), constant factors too, and
// gives terms of data alone a loop of their own, which separate_stages then moves into binding.
//
//   needs    a verified module; best after hoist_invariants
//   leaves   the same sums but for rounding; a term times an empty loop's count is 0, whatever the term
//   shown by test/lit/transform/split_sums.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void split_sums(ir::Module& module);

}  // namespace lacuna::transform
