// Carries the last element of a recurrence from one iteration of a scan to the next, instead of loading what was just
// stored.
//
//   needs    a verified module, after differentiation
//   leaves   in a scan over one dimension that stores `b[t]` and loads `b[t - 1]`: the load is a carried value; in its
//   reversal, which
//            loads `d_b[t]` and adds to `d_b[t - 1]`: what is added is carried to the next load, and no longer stored
//   shown by test/lit/transform/carry_recurrences.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void carry_recurrences(ir::Module& module);

}  // namespace lacuna::transform
