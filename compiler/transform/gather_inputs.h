// Copies inputs that a loop over a masked space reads into the order of its cells, once, when data are bound.
//
//   needs    a verified module, best before differentiation
//   leaves   loads at the cell's position, one after the other in memory; an input that only such loops read is not
//   kept. An
//            input is copied where its subscripts name every index of the space: then each cell has its own element or
//            row, and the copies take no more than the input
//   shown by test/lit/transform/gather_inputs.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void gather_inputs(ir::Module& module);

}  // namespace lacuna::transform
