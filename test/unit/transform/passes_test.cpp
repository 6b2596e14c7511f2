// Every pass keeps value and gradient of every sample, alone and in the order of a compile; some shapes are looked at.
#include "compiler/transform/passes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compiler/autodiff/reversal.h"
#include "compiler/ir/parser.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "compiler/ir/walk.h"
#include "test/unit/autodiff/models.h"

namespace lacuna::transform {
namespace {

using autodiff::kSamples;
using autodiff::Sample;
using ir::Module;

// Value and gradient at the samples' point, as one vector.
autodiff::Point results(const Module& module) {
  ir::Interpreter run(module);
  autodiff::bind(run, module);
  run.set_vector(ir::BufferKind::Parameter, autodiff::kPoint);
  const ir::Outcome outcome = run.call("gradient");
  EXPECT_TRUE(outcome.ok()) << outcome.error << "\n" << ir::print(module);
  autodiff::Point all = run.vector(ir::BufferKind::Gradient);
  if (!outcome.results.empty()) all.push_back(outcome.results[0].real);
  return all;
}

void run_pass(std::string_view name, Module& module) {
  for (const Pass& pass : passes()) {
    if (pass.name == name) pass.run(module);
  }
  ASSERT_EQ(ir::verify(module), std::vector<std::string>{}) << name << "\n" << ir::print(module);
}

Module with_gradient(std::string_view body) {
  Module module = autodiff::model_of(body);
  EXPECT_TRUE(autodiff::add_gradient(module, "f", "gradient").ok());
  return module;
}

TEST(Passes, KeepValuesAlone) {
  for (const Sample& sample : kSamples) {
    const autodiff::Point expected = results(with_gradient(sample.body));
    for (const Pass& pass : passes()) {
      SCOPED_TRACE(std::string(sample.name) + ", " + std::string(pass.name));
      Module module = with_gradient(sample.body);
      run_pass(pass.name, module);
      EXPECT_LT(autodiff::distance(results(module), expected), 1e-17);
    }
  }
}

TEST(Passes, KeepValuesInTheOrderOfACompile) {
  for (const Sample& sample : kSamples) {
    SCOPED_TRACE(sample.name);
    const autodiff::Point expected = results(with_gradient(sample.body));
    Module module = autodiff::model_of(sample.body);
    for (const char* pass : {"hoist_invariants", "simplify", "eliminate_common_subexpressions", "split_sums",
                             "simplify", "eliminate_dead_code", "separate_stages"}) {
      run_pass(pass, module);
    }
    ASSERT_TRUE(autodiff::add_gradient(module, "f", "gradient").ok());
    for (const char* pass : {"simplify", "fuse_loops", "eliminate_common_subexpressions", "eliminate_dead_code",
                             "hoist_invariants", "multiply_by_reciprocals", "flatten_branches", "simplify",
                             "eliminate_common_subexpressions", "eliminate_dead_code"}) {
      run_pass(pass, module);
    }
    EXPECT_LT(autodiff::distance(results(module), expected), 1e-17);
  }
}

int count(const Module& module, std::string_view function, ir::Op op) {
  int found = 0;
  ir::for_each_instruction(module.find_function(function)->body.block,
                           [&](const ir::Instruction& each) { found += each.op == op ? 1 : 0; });
  return found;
}

// One pass over the space for value and gradient, and one evaluation of the row's linear predictor.
TEST(FuseLoops, MakesOneLoopOfAValueAndItsGradient) {
  Module module = with_gradient(R"(
    %t = for (%n) in @seen -> (sum) {
      %eta = for (%p) in [P] -> (sum) { %x = load @x[%n, %p] %b = load @b[%p] %q = mul %x, %b yield %q }
      %l = softplus %eta yield %l }
    return %t)");
  for (const char* pass : {"simplify", "fuse_loops", "eliminate_common_subexpressions", "eliminate_dead_code"})
    run_pass(pass, module);
  EXPECT_EQ(count(module, "gradient", ir::Op::For), 3) << ir::print(module);  // rows; forward and backward over columns
  EXPECT_EQ(count(module, "gradient", ir::Op::Softplus), 1);
}

TEST(SeparateStages, ComputesDataOnce) {
  Module module = autodiff::model_of(R"(
    %s = load @s[] %one = const 1.0
    %t = for (%n) in @seen -> (sum) {
      %y = load @y[%n] %e = exp %y %y1 = add %e, %one %l = lgamma %y1 %q = mul %e, %s %d = sub %q, %l yield %d }
    return %t)");
  for (const char* pass : {"hoist_invariants", "split_sums", "eliminate_dead_code", "separate_stages"})
    run_pass(pass, module);
  EXPECT_EQ(count(module, "f", ir::Op::Lgamma), 0) << ir::print(module);
  EXPECT_EQ(count(module, "f", ir::Op::Exp), 0);
  EXPECT_EQ(count(module, "bind", ir::Op::Lgamma), 1);
}

TEST(SplitSums, CountsConstantTerms) {
  Module module = autodiff::model_of(R"(
    %s = load @s[]
    %t = for (%n) in @seen -> (sum) { %y = load @y[%n] %q = mul %y, %s %d = sub %q, %s yield %d }
    return %t)");
  run_pass("split_sums", module);
  const ir::Function& f = *module.find_function("f");
  const ir::Block& loop = f.body.block.body[1].blocks.front();
  ASSERT_EQ(loop.yields.size(), 1u);
  EXPECT_EQ(f.body.value(loop.yields[0]).name, "q") << ir::print(module);
}

// Counts with and without a place of their own, negative ones, and what a masked row holds: the sum over values is the sum
// over cells.
TEST(SumOverValues, IsTheSumOverCells) {
  constexpr std::string_view text = R"(module m {
    dim N
    input @y : int?[N] param @phi : real gradient @d_phi of @phi
    space @seen (%n in N) where { %p = present @y[%n] yield %p }
    func data @bind() { build_space @seen }
    func draw @f() {
      %phi = load @phi[]
      %t = for (%n) in @seen -> (sum) { %y = load @y[%n] %r = real %y %a = mul %r, %phi %c = cos %a yield %c }
      return %t
    } })";
  const std::vector<std::int64_t> counts = {0, 3, 1023, 3, 1024, 7, 5000, 5000, -2, 0, 3};
  long double expected = 0, slope = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i == 5) continue;  // missing
    const auto y = static_cast<long double>(counts[i]);
    expected += std::cos(y * 0.25L);
    slope -= y * std::sin(y * 0.25L);
  }
  ir::Parsed parsed = ir::parse(std::string(text));
  ASSERT_TRUE(parsed.module) << parsed.error;
  Module& module = *parsed.module;
  run_pass("sum_over_values", module);
  run_pass("eliminate_dead_code", module);
  ASSERT_TRUE(autodiff::add_gradient(module, "f", "gradient").ok());
  ir::Interpreter run(module);
  run.set_size(module.find_dim("N"), static_cast<std::int64_t>(counts.size()));
  ir::InputArray y{.whole = counts, .present = std::vector<std::uint8_t>(counts.size(), 1)};
  y.present[5] = 0;
  run.set_input(module.find_buffer("y"), y);
  ASSERT_TRUE(run.bind().ok());
  run.set_vector(ir::BufferKind::Parameter, {0.25L});
  const ir::Outcome outcome = run.call("gradient");
  ASSERT_TRUE(outcome.ok()) << outcome.error;
  EXPECT_NEAR(static_cast<double>(outcome.results[0].real), static_cast<double>(expected), 1e-15);
  EXPECT_NEAR(static_cast<double>(run.vector(ir::BufferKind::Gradient)[0]), static_cast<double>(slope), 1e-11);
  // 0, 3, 1023 and four cells whose counts have no place.
  EXPECT_EQ(run.cells(module.find_space("y.occurring")).size(), 7u);
  EXPECT_EQ(count(module, "f", ir::Op::For), 1) << ir::print(module);
}

}  // namespace
}  // namespace lacuna::transform
