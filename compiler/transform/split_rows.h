// Splits the log density into the sum over rows of data and the rest, so that the rows can be shared out among calls, and the terms
// of sites scaled.
//
//   needs    @log_density, prepared for differentiation, with the scales of sites
//   leaves   @log_density_rows: the loops over data that the sum is linear in, which say `parts`, times their factors; none where
//            there is no such loop. @log_density_rest: everything else. @log_density itself without scales
//   shown by test/lit/transform/split_rows.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void split_rows(ir::Module& module);

}  // namespace lacuna::transform
