// Takes a logsumexp in a loop apart into the largest operand and a sum of exponentials, which are kept where a later loop
// wants them again as exp(operand - logsumexp): one exponential serves the value and its derivative.
//
//   needs    a verified module, after differentiation; before sum_logs, which then sums the logs of many cells as one
//   leaves   logsumexp as shift + log(sum of exp(operand - shift)), its weights as quotients; scratch buffers `weights`
//   shown by test/lit/transform/share_softmax.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void share_softmax(ir::Module& module);

}  // namespace lacuna::transform
