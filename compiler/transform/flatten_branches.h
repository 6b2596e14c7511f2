// Turns branches into selects: those on conditions of stage draw, whose additions to buffers are selected against 0,
// and those on data that load nothing and compute little.
//
//   needs    a verified module, after differentiation
//   leaves   branches on conditions of stage data, which guard loads or much work, on conditions that all iterations of the loops
//            around share, which guard functions, and on whether a call asks for log-Jacobians, outside loops
//   shown by test/lit/transform/flatten_branches.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void flatten_branches(ir::Module& module);

}  // namespace lacuna::transform
