// Joins branches on one condition: what the value and its derivative do where it holds is then computed once.
//
//   needs    a verified module
//   leaves   one branch at the first one's place, with the results of both. A branch stays where it is if it has effects, or
//            needs something that is made between the two
//   shown by test/lit/transform/join_branches.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void join_branches(ir::Module& module);

}  // namespace lacuna::transform
