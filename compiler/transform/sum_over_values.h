// Takes out of sums over cells what depends, of data, on one whole number, bool or index alone, and sums it over the
// values that occur, each times how often it does: `lgamma(y[n] + phi)` has sixty values where N has a million cells.
//
//   needs    a verified module, before differentiation and cut_into_segments; best after split_sums
//   leaves   `for (%v) in @y.occurring { … yield count * f(value) }` beside the loop, and in @bind a table of values and
//            counts (value_table.h). A table is never longer than the loop, so this pays whatever the data; terms that
//            are cheap stay, and so do loops over lists that belong to loops around them
//   shown by test/lit/transform/sum_over_values.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void sum_over_values(ir::Module& module);

}  // namespace lacuna::transform
