// Computes equal values once: scalars, loads with no write between, and whole loops whose results are equal.
//
//   needs    a verified module
//   leaves   one computation of each value in a block and the blocks nested there
//   shown by test/lit/transform/eliminate_common_subexpressions.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void eliminate_common_subexpressions(ir::Module& module);

}  // namespace lacuna::transform
