// Every form that is lowered, as machine code and by the interpreter, without a schedule and with the one that is chosen.
#include <gtest/gtest.h>

#include "compiler/autodiff/differentiate.h"
#include "compiler/codegen/target.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "compiler/schedule/choose.h"
#include "test/unit/density/forms.h"
#include "test/unit/jit/compared.h"

namespace lacuna::jit {
namespace {

struct Way {
  const char* cpu;
  bool scheduled;
};

class Forms : public testing::TestWithParam<std::tuple<Way, density::Form>> {};

TEST_P(Forms, MachineCodeIsTheInterpreter) {
  const auto [way, form] = GetParam();
  const auto [cpu, scheduled] = way;
  const codegen::Target target = codegen::named_target(cpu);
  if (!codegen::runs_here(target)) GTEST_SKIP() << "this machine has no " << cpu;
  constexpr density::Options kAll{.terms = true, .pointwise = true, .constrain = true, .unconstrain = true, .natural = true};
  density::Lowered lowered = density::lower_text("form.ppl", form.text, kAll);
  ASSERT_TRUE(lowered.complete) << lowered.mistakes;
  const autodiff::Reversed made = autodiff::differentiate(lowered.module, {}, {.products = true});
  ASSERT_TRUE(made.ok()) << made.error;
  if (scheduled) schedule::choose(lowered.module, {.lanes = target.lanes()});
  ASSERT_EQ(ir::verify(lowered.module), std::vector<std::string>{}) << ir::print(lowered.module);
  Machine machine(lowered.module, target, 8);
  ASSERT_EQ(machine.error(), "") << ir::print(lowered.module);
  for (const density::Filling& filling : {density::Filling{.size = 5, .share = 0.7, .seed = 1}, {.size = 19, .share = 0.6, .seed = 2}, {.size = 3, .share = 0.0, .seed = 3}, {.size = 1, .share = 1.0, .seed = 4}}) {
    compare(lowered.module, machine, filling);
    compare_products(lowered.module, machine, filling);
    compare_functions(lowered.module, machine, filling);
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Forms,
                         testing::Combine(testing::Values(Way{"x86-64-v4", true}, Way{"x86-64-v4", false}, Way{"x86-64-v3", true}, Way{"x86-64", true}),
                                          testing::ValuesIn(density::kForms)),
                         [](const auto& each) {
                           const Way way = std::get<0>(each.param);
                           const std::string cpu = way.cpu;
                           return std::string(std::get<1>(each.param).name) + (way.scheduled ? "_scheduled_" : "_plain_") + (cpu == "x86-64" ? "v1" : cpu.substr(7));
                         });

}  // namespace
}  // namespace lacuna::jit
