// Reverse-mode differentiation, from IR to IR.
//
//   needs    a verified module and a function of stage draw whose first result is a real: the value to differentiate
//   leaves   a new function that returns the same results and overwrites the gradient buffer of every parameter
//   shown by test/unit/autodiff/reversal_test.cpp, test/lit/autodiff/
//
// Forward instructions are kept; behind them stand their adjoints in reverse order. A loop's adjoint is a loop over the
// same domain that computes again what it needs; transform/fuse_loops.h then joins the two where nothing stands between
// them, so that value and gradient come out of one pass. A gather's adjoint is an `accumulate`; a work buffer has an
// adjoint buffer; a scan is reversed from its last iteration, with the carried values stored on the way forward.
#pragma once
#include <string>
#include <string_view>

#include "compiler/ir/module.h"

namespace lacuna::autodiff {

// What could not be differentiated; empty if all could.
struct [[nodiscard]] Reversed {
  std::string error;
  bool ok() const { return error.empty(); }
};

// Adds `gradient_name`, the value and gradient of `function_name`, with one gradient buffer `d_<name>` for each
// parameter, or for each buffer of natural values.
Reversed add_gradient(ir::Module& module, std::string_view function_name, const std::string& gradient_name,
                      ir::BufferKind point = ir::BufferKind::Parameter);

// Adds `product_name`: for the function that add_gradient made, its results, the gradient, and the Hessian times the
// direction, in product buffers. Reverse over reverse: the adjoint of each gradient buffer is the direction.
Reversed add_hessian_product(ir::Module& module, std::string_view gradient_function, const std::string& product_name);

}  // namespace lacuna::autodiff
