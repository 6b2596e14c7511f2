// Replaces division by a value that a loop does not change with multiplication by its reciprocal, taken before the
// loop; in a loop, several divisions by one value with multiplications by its reciprocal.
//
//   needs    a verified module; best after hoist_invariants
//   leaves   the same quotients within 1.5 ulp where the reciprocal is finite
//   shown by test/lit/transform/multiply_by_reciprocals.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void multiply_by_reciprocals(ir::Module& module);

}  // namespace lacuna::transform
