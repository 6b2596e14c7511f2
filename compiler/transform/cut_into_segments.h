// Cuts sums over rows into segments: a loop that reads latents by an index that is data becomes a loop over that
// index's dimension, and in it one over the rows that have the index.
//
//   needs    a verified module, before differentiation; best after hoist_invariants and split_sums
//   leaves   `for (%j) in [J] { for (%n) in @rows.by.county[%j] { … } }`, where @bind sorts the rows, stably. What is
//            read by the index is then invariant in the inner loop, and its adjoint is added once a segment. Loops that
//            store, that read rows of data matrices, or that read more latents by their own index stay whole
//   shown by test/lit/transform/cut_into_segments.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void cut_into_segments(ir::Module& module);

}  // namespace lacuna::transform
