// Turns branches on conditions of stage draw into selects; what they add to buffers is selected against 0.
//
//   needs    a verified module, after differentiation
//   leaves   branches on conditions of stage data only
//   shown by test/lit/transform/flatten_branches.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void flatten_branches(ir::Module& module);

}  // namespace lacuna::transform
