// Sums logs as the log of a product: one log for many rows.
//
//   needs    a verified module, after differentiation
//   leaves   softplus(x) in a sum as max(x, 0) plus a `sum_log` of 1 + e with e = exp(-|x|), which sigmoid(x) shares;
//   log(x) in a sum as a
//            `sum_log` of x, of NaN where x < 0; log1p(x) as one of 1 + x. The log of 1 + e then has an absolute error of
//            one rounding of 1
//   shown by test/lit/transform/sum_logs.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void sum_logs(ir::Module& module);

}  // namespace lacuna::transform
