// Splits the log density into the sum over rows of data and the rest, so that the rows can be shared out among calls.
//
//   needs    @log_density, prepared for differentiation
//   leaves   @log_density_rows: the loops over data that the sum is linear in, which say `parts`, times their factors;
//            @log_density_rest: everything else. None where no such loop is
//   shown by test/lit/transform/split_rows.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void split_rows(ir::Module& module);

}  // namespace lacuna::transform
