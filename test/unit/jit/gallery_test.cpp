// Gallery programs from text to machine code, against the interpreter: value, gradient and Hessian product, for one draw and for eight,
// without a schedule and with the one that is chosen, on three processors.
#include <gtest/gtest.h>

#include "compiler/autodiff/differentiate.h"
#include "compiler/codegen/target.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "compiler/schedule/choose.h"
#include "test/unit/jit/compared.h"

namespace lacuna::jit {
namespace {

class Gallery : public testing::TestWithParam<std::tuple<const char*, bool, const char*>> {};

TEST_P(Gallery, MachineCodeIsTheInterpreter) {
  const auto [cpu, scheduled, program] = GetParam();
  const codegen::Target target = codegen::named_target(cpu);
  if (!codegen::runs_here(target)) GTEST_SKIP() << "this machine has no " << cpu;
  density::Lowered lowered = density::lower_file(std::string(LACUNA_GALLERY) + "/" + program + ".ppl");
  ASSERT_TRUE(lowered.complete) << lowered.mistakes;
  const autodiff::Reversed made = autodiff::differentiate(lowered.module, {}, {.products = true});
  ASSERT_TRUE(made.ok()) << made.error;
  if (scheduled) schedule::choose(lowered.module, {.lanes = target.lanes()});
  ASSERT_EQ(ir::verify(lowered.module), std::vector<std::string>{}) << ir::print(lowered.module);
  Machine machine(lowered.module, target, 8);
  ASSERT_EQ(machine.error(), "") << ir::print(lowered.module);
  compare(lowered.module, machine, {.size = 5, .share = 0.7, .seed = 1});
  compare(lowered.module, machine, {.size = 37, .share = 0.6, .seed = 2});
  compare(lowered.module, machine, {.size = 4, .share = 0.0, .seed = 3});
  compare(lowered.module, machine, {.size = 1, .share = 1.0, .seed = 4});
  compare(lowered.module, machine, {.size = 0, .share = 0.5, .seed = 7});
  // More than any block: of rows (32), of draws (8), of cells that stand side by side; dense, nearly empty, and all seen.
  for (const double share : {1.0, 0.5, 0.03}) compare(lowered.module, machine, {.size = 71, .share = share, .seed = 8});
  compare_products(lowered.module, machine, {.size = 5, .share = 0.7, .seed = 5});
  compare_products(lowered.module, machine, {.size = 37, .share = 0.6, .seed = 6});
}

INSTANTIATE_TEST_SUITE_P(Programs, Gallery,
                         testing::Combine(testing::Values("x86-64-v4", "x86-64-v3", "x86-64"), testing::Bool(),
                                          testing::Values("missing_outcome", "missing_outcome_imputed", "missing_covariate",
                                                          "masked_categories", "nan_scores", "eight_schools", "radon",
                                                          "logistic", "counts", "garch", "local_level", "item_response",
                                                          "ratings", "survival")));

}  // namespace
}  // namespace lacuna::jit
