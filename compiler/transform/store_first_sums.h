// Stores the first share of each element instead of filling a buffer with zeros and adding to them.
//
//   needs    a verified module, after differentiation and fusion, before schedules
//   leaves   one `accumulate` of an element in an iteration where there were several; a `fill` with 0 whose elements are
//            next added to once each, by a loop over all of them or (a scalar) by one instruction, is gone, and those
//            additions are stores
//   shown by test/lit/transform/store_first_sums.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void store_first_sums(ir::Module& module);

}  // namespace lacuna::transform
