// Joins loops over one domain, and branches on one condition, where what stands between can move out of the way.
//
//   needs    a verified module, before schedules
//   leaves   one loop with the reductions of both; value and gradient of a term in one pass. What the second reads of the same
//            iteration of the first it then has as a value: a `let` with several readers is not stored for them
//   shown by test/lit/transform/fuse_loops.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void fuse_loops(ir::Module& module);

}  // namespace lacuna::transform
