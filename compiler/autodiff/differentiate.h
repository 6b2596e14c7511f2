// The order of a compile between lowering and schedule: passes, the gradient, passes.
//
//   needs    a verified module whose function @log_density returns the log density first
//   leaves   @log_density prepared, what depends on data alone in @bind, and @log_density_gradient: value and gradient
//   in one pass
//            over each space; with products also @log_density_hvp, where the gradient can be differentiated; the gradient of @natural_density, where the module has it
//   shown by test/lit/autodiff/one_pass.lir, test/unit/density/gallery_test.cpp
#pragma once
#include <functional>
#include <string_view>

#include "compiler/autodiff/reversal.h"

namespace lacuna::autodiff {

// Called after each step with its name: for --dump-after, --verify-each and --time-passes.
using AfterStep = std::function<void(std::string_view step, const ir::Module& module)>;

// Which derivatives are made beside the gradient.
struct Derivatives {
  bool products = false;  // of the Hessian with a direction
};

Reversed differentiate(ir::Module& module, const AfterStep& after = {}, Derivatives wanted = {});

// The derivatives alone, of a module as it is.
Reversed reverse_all(ir::Module& module, Derivatives wanted);

// The first half alone, for functions that are not differentiated.
void prepare(ir::Module& module, const AfterStep& after = {});

}  // namespace lacuna::autodiff
