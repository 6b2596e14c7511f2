#include "compiler/autodiff/differentiate.h"

#include <initializer_list>
#include <string>

#include "compiler/transform/carry_recurrences.h"
#include "compiler/transform/cut_into_segments.h"
#include "compiler/transform/eliminate_common_subexpressions.h"
#include "compiler/transform/eliminate_dead_code.h"
#include "compiler/transform/flatten_branches.h"
#include "compiler/transform/fuse_loops.h"
#include "compiler/transform/gather_inputs.h"
#include "compiler/transform/hoist_invariants.h"
#include "compiler/transform/multiply_by_reciprocals.h"
#include "compiler/transform/separate_stages.h"
#include "compiler/transform/share_bound_data.h"
#include "compiler/transform/share_softmax.h"
#include "compiler/transform/simplify.h"
#include "compiler/transform/split_branches.h"
#include "compiler/transform/split_rows.h"
#include "compiler/transform/split_sums.h"
#include "compiler/transform/store_first_sums.h"
#include "compiler/transform/store_inner_invariants.h"
#include "compiler/transform/sum_logs.h"
#include "compiler/transform/sum_over_values.h"
#include "compiler/transform/take_reciprocals_of_data.h"

namespace lacuna::autodiff {
namespace {

struct Step {
  std::string_view name;
  void (*run)(ir::Module& module);
};

#define LACUNA_STEP(pass)  \
  Step {                   \
    #pass, transform::pass \
  }

void run(ir::Module& module, std::initializer_list<Step> steps, const AfterStep& after) {
  for (const Step& step : steps) {
    step.run(module);
    if (after) after(step.name, module);
  }
}

// Products are taken of the gradient as reversal leaves it, before branches become selects and sums of logs products. Where the
// gradient has no derivative they are absent.
Reversed reverse(ir::Module& module, const std::string& function, Derivatives wanted) {
  if (!module.find_function(function)) return {};
  const std::string gradient = function + "_gradient";
  const Reversed made = add_gradient(module, function, gradient);
  if (!made.ok() || !wanted.products) return made;
  ir::Module without = module;
  if (!add_hessian_product(module, gradient, function + "_hvp").ok()) module = std::move(without);
  return made;
}

Reversed reverse_natural(ir::Module& module) {
  if (!module.find_function("natural_density")) return {};
  return add_gradient(module, "natural_density", "natural_density_gradient", ir::BufferKind::Natural);
}

}  // namespace

// Sums are split while they are still sums of terms; what depends on data leaves before it could be computed twice.
void prepare(ir::Module& module, const AfterStep& after) {
  run(module,
      {LACUNA_STEP(simplify), LACUNA_STEP(eliminate_common_subexpressions), LACUNA_STEP(hoist_invariants),
       LACUNA_STEP(split_branches), LACUNA_STEP(eliminate_dead_code), LACUNA_STEP(split_sums), LACUNA_STEP(sum_over_values), LACUNA_STEP(cut_into_segments), LACUNA_STEP(hoist_invariants), LACUNA_STEP(simplify),
       LACUNA_STEP(store_inner_invariants), LACUNA_STEP(eliminate_dead_code), LACUNA_STEP(fuse_loops), LACUNA_STEP(take_reciprocals_of_data), LACUNA_STEP(separate_stages),
       LACUNA_STEP(share_bound_data), LACUNA_STEP(gather_inputs)},
      after);
}

Reversed reverse_all(ir::Module& module, Derivatives wanted) {
  Reversed made = reverse(module, "log_density", wanted);
  if (made.ok()) made = reverse_natural(module);
  for (const char* part : {"log_density_rows", "log_density_rest"}) {
    if (made.ok()) made = reverse(module, part, {});
  }
  return made;
}

Reversed differentiate(ir::Module& module, const AfterStep& after, Derivatives wanted) {
  prepare(module, after);
  run(module, {LACUNA_STEP(split_rows), LACUNA_STEP(simplify), LACUNA_STEP(eliminate_dead_code)}, after);
  Reversed made = reverse_all(module, wanted);
  if (!made.ok()) return made;
  if (after) after("add_gradient", module);
  run(module,
      {LACUNA_STEP(simplify), LACUNA_STEP(fuse_loops), LACUNA_STEP(eliminate_common_subexpressions),
       LACUNA_STEP(eliminate_dead_code), LACUNA_STEP(hoist_invariants), LACUNA_STEP(multiply_by_reciprocals),
       LACUNA_STEP(fuse_loops), LACUNA_STEP(flatten_branches), LACUNA_STEP(eliminate_common_subexpressions), LACUNA_STEP(share_softmax),
       LACUNA_STEP(sum_logs), LACUNA_STEP(carry_recurrences), LACUNA_STEP(store_first_sums), LACUNA_STEP(simplify),
       LACUNA_STEP(eliminate_common_subexpressions),
       LACUNA_STEP(eliminate_dead_code)},
      after);
  return made;
}

}  // namespace lacuna::autodiff
