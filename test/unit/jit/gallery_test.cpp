// Gallery programs from text to machine code, against the interpreter: value, gradient and Hessian product, for one draw and for eight,
// without a schedule and with the one that is chosen, on three processors.
#include <gtest/gtest.h>

#include <cmath>

#include "compiler/autodiff/differentiate.h"
#include "compiler/codegen/target.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "compiler/jit/machine.h"
#include "compiler/schedule/choose.h"
#include "test/unit/density/lowered.h"

namespace lacuna::jit {
namespace {

using ir::BufferKind;

// Gives the same sizes and inputs to the interpreter and to machine code.
struct Both {
  ir::Interpreter& oracle;
  Machine& machine;

  void set_size(ir::DimId dim, std::int64_t size) {
    oracle.set_size(dim, size);
    machine.set_size(dim, size);
  }
  std::int64_t size(ir::DimId dim) const { return oracle.size(dim); }
  void set_input(ir::BufferId buffer, ir::InputArray array) {
    machine.set_input(buffer, {array.reals, array.whole, array.present});
    oracle.set_input(buffer, std::move(array));
  }
};

void expect_near(double got, long double expected, double scale, const std::string& what) {
  EXPECT_LE(std::abs(got - static_cast<double>(expected)), 1e-12 * scale)
      << what << ": " << got << ", not " << static_cast<double>(expected);
}

void compare(const ir::Module& module, Machine& machine, const density::Filling& filling) {
  SCOPED_TRACE("size " + std::to_string(filling.size) + ", share " + std::to_string(filling.share));
  ir::Interpreter oracle(module);
  Both both{oracle, machine};
  density::fill(both, module, filling);
  const ir::Outcome bound = oracle.bind();
  ASSERT_TRUE(bound.ok()) << bound.error << bound.failed_check;
  ASSERT_FALSE(machine.bind());
  const auto point = density::random_point(oracle.parameter_count(), filling.seed);
  oracle.set_vector(BufferKind::Parameter, point);
  const ir::Outcome exact = oracle.call("log_density_gradient");
  ASSERT_TRUE(exact.ok()) << exact.error;
  const auto slopes = oracle.vector(BufferKind::Gradient);
  double scale = std::max(1.0, static_cast<double>(std::abs(exact.results[0].real)));
  for (long double slope : slopes) scale = std::max(scale, static_cast<double>(std::abs(slope)));

  constexpr std::size_t kDraws = 8;
  std::vector<double> one(point.begin(), point.end()), gradient(point.size());
  std::vector<double> eight(point.size() * kDraws), gradients(eight.size());
  for (std::size_t i = 0; i < eight.size(); ++i) eight[i] = one[i / kDraws];
  const double value = machine.run("log_density_gradient", {.point = one.data(), .gradient = gradient.data()}, 1)[0];
  const auto values =
      machine.run("log_density_gradient.block", {.point = eight.data(), .gradient = gradients.data()}, kDraws);
  expect_near(value, exact.results[0].real, scale, "value");
  expect_near(machine.run("log_density", {.point = one.data()}, 1)[0], exact.results[0].real, scale, "log_density");
  for (std::size_t i = 0; i < slopes.size(); ++i) expect_near(gradient[i], slopes[i], scale, "gradient");
  for (std::size_t d = 0; d < kDraws; ++d) {
    expect_near(values[d], exact.results[0].real, scale, "block value");
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      expect_near(gradients[i * kDraws + d], slopes[i], scale, "block gradient");
    }
  }
}

// The Hessian times a direction, alone and in a block whose draws have directions of their own.
void compare_products(const ir::Module& module, Machine& machine, const density::Filling& filling) {
  SCOPED_TRACE("product, size " + std::to_string(filling.size) + ", share " + std::to_string(filling.share));
  constexpr std::size_t kDraws = 8;
  ir::Interpreter oracle(module);
  Both both{oracle, machine};
  density::fill(both, module, filling);
  ASSERT_TRUE(oracle.bind().ok());
  ASSERT_FALSE(machine.bind());
  const auto point = density::random_point(oracle.parameter_count(), filling.seed);
  const auto direction = density::random_point(oracle.parameter_count(), filling.seed + 1);
  oracle.set_vector(BufferKind::Parameter, point);
  oracle.set_vector(BufferKind::Direction, direction);
  const ir::Outcome exact = oracle.call("log_density_hvp");
  ASSERT_TRUE(exact.ok()) << exact.error;
  const auto products = oracle.vector(BufferKind::Product);
  double scale = std::max(1.0, static_cast<double>(std::abs(exact.results[0].real)));
  for (long double x : products) scale = std::max(scale, static_cast<double>(std::abs(x)));
  std::vector<double> one(point.begin(), point.end()), along(direction.begin(), direction.end());
  std::vector<double> gradient(one.size()), product(one.size()), eight(one.size() * kDraws);
  std::vector<double> alongs(eight.size()), gradients(eight.size()), many(eight.size());
  for (std::size_t i = 0; i < eight.size(); ++i) {
    eight[i] = one[i / kDraws];
    alongs[i] = along[i / kDraws] * static_cast<double>(i % kDraws);
  }
  machine.run("log_density_hvp", {.point = one.data(), .gradient = gradient.data(), .direction = along.data(), .product = product.data()}, 1);
  machine.run("log_density_hvp.block", {.point = eight.data(), .gradient = gradients.data(), .direction = alongs.data(), .product = many.data()}, kDraws);
  for (std::size_t i = 0; i < products.size(); ++i) {
    expect_near(product[i], products[i], scale, "product");
    for (std::size_t d = 0; d < kDraws; ++d)
      expect_near(many[i * kDraws + d], products[i] * static_cast<double>(d), scale * 8, "block product");
  }
}

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
