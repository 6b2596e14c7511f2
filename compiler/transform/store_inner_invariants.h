// Computes before a loop what its inner loops compute in each of its iterations again, from their own index alone: the log of each
// component's weight, the reciprocal of each component's scale.
//
//   needs    a verified module, before differentiation, so that the derivative is taken once for each index too
//   leaves   `for (%k) in [K] { store @each.log[%k], … }` before the loop, and loads of it inside. Only functions and quotients
//            are worth it; loops over lists and what stands under a condition stay
//   shown by test/lit/transform/store_inner_invariants.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void store_inner_invariants(ir::Module& module);

}  // namespace lacuna::transform
