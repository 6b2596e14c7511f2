// Takes terms out of branches on data: `if seen then f(y) + g(theta) else 0` is `if seen then f(y) else 0` plus the same of g, so that
// what depends on data alone, or on one whole number of the data, is a term of its own.
//
//   needs    a verified module, before split_sums and sum_over_values, which take such terms out of the loop
//   leaves   branches whose results are sums that depend on the same of the data, each with all that the first one held, of which most
//            is dead; the sum of these in its place
//   shown by test/lit/transform/split_branches.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void split_branches(ir::Module& module);

}  // namespace lacuna::transform
