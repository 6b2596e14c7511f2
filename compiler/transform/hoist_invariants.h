// Moves pure instructions, whole loops too, out of loops that do not change what they use.
//
//   needs    a verified module
//   leaves   in loops, only what depends on their iterations; branches keep what they guard
//   shown by test/lit/transform/hoist_invariants.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void hoist_invariants(ir::Module& module);

}  // namespace lacuna::transform
