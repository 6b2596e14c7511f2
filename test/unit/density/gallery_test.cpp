// Gallery programs from text to gradient, in the interpreter: every step keeps the value, the gradient is the
// difference quotient.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "compiler/autodiff/differentiate.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "test/unit/autodiff/differences.h"
#include "test/unit/density/lowered.h"

namespace lacuna::density {
namespace {

using ir::BufferKind;

class Gallery : public testing::TestWithParam<const char*> {};

std::vector<ir::Cell> no_arguments(const ir::Module& module, std::string_view function) {
  return std::vector<ir::Cell>(module.find_function(function)->body.block.arguments.size(), ir::Cell::of(true));
}

// The value at a point, and the sum of the magnitudes is at least this.
long double value_at(ir::Interpreter& run, const ir::Module& module, std::string_view function,
                     const std::vector<long double>& point) {
  run.set_vector(BufferKind::Parameter, point);
  const ir::Outcome outcome = run.call(function, no_arguments(module, function));
  EXPECT_TRUE(outcome.ok()) << function << ": " << outcome.error;
  return outcome.results.empty() ? NAN : outcome.results[0].real;
}

// The Hessian times a direction is the change of the gradient along it.
void check_product(ir::Interpreter& run, const ir::Module& module, const std::vector<long double>& point) {
  const auto direction = random_point(static_cast<std::int64_t>(point.size()), 99);
  constexpr long double kStep = 1e-4L;
  std::vector<std::vector<long double>> gradients;
  for (const long double steps : {-2.0L, -1.0L, 1.0L, 2.0L}) {
    std::vector<long double> moved = point;
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += steps * kStep * direction[i];
    value_at(run, module, "log_density_gradient", moved);
    gradients.push_back(run.vector(BufferKind::Gradient));
  }
  std::vector<long double> expected;
  for (std::size_t i = 0; i < point.size(); ++i)
    expected.push_back((gradients[0][i] - 8 * gradients[1][i] + 8 * gradients[2][i] - gradients[3][i]) / (12 * kStep));
  run.set_vector(BufferKind::Direction, direction);
  value_at(run, module, "log_density_hvp", point);
  EXPECT_LT(autodiff::distance(run.vector(BufferKind::Product), expected), 1e-9);
}

void check(const Lowered& lowered, const Filling& filling) {
  SCOPED_TRACE("size " + std::to_string(filling.size) + ", share " + std::to_string(filling.share));
  ir::Module module = lowered.module;
  const autodiff::Reversed made = autodiff::differentiate(module, {}, {.products = true});
  ASSERT_TRUE(made.ok()) << made.error;
  ASSERT_EQ(ir::verify(module), std::vector<std::string>{}) << ir::print(module);

  ir::Interpreter plain(lowered.module);
  ir::Interpreter run(module);
  fill(plain, lowered.module, filling);
  fill(run, module, filling);
  ir::Outcome bound = plain.bind();
  ASSERT_TRUE(bound.ok()) << bound.error << bound.failed_check;
  bound = run.bind();
  ASSERT_TRUE(bound.ok()) << bound.error << bound.failed_check << ir::print(module);

  const auto point = random_point(plain.parameter_count(), filling.seed);
  const long double expected = value_at(plain, lowered.module, "log_density", point);
  ASSERT_TRUE(std::isfinite(expected));
  const long double scale = std::max(1.0L, std::fabs(expected));
  EXPECT_LT(std::fabs(value_at(run, module, "log_density", point) - expected) / scale, 1e-15L);
  const auto slope = autodiff::differences(
      [&](const std::vector<long double>& p) { return value_at(plain, lowered.module, "log_density", p); }, point);
  EXPECT_LT(std::fabs(value_at(run, module, "log_density_gradient", point) - expected) / scale, 1e-15L);
  EXPECT_LT(autodiff::distance(run.vector(BufferKind::Gradient), slope), 1e-9);
  check_product(run, module, point);
}

TEST_P(Gallery, GradientIsTheDifferenceQuotient) {
  const Lowered lowered = lower_file(std::string(LACUNA_GALLERY) + "/" + GetParam() + ".ppl");
  ASSERT_TRUE(lowered.complete) << lowered.mistakes;
  ASSERT_EQ(ir::verify(lowered.module), std::vector<std::string>{}) << ir::print(lowered.module);
  check(lowered, {.size = 5, .share = 0.7, .seed = 1});
  check(lowered, {.size = 3, .share = 1.0, .seed = 2});
  check(lowered, {.size = 4, .share = 0.0, .seed = 3});
  check(lowered, {.size = 1, .share = 0.5, .seed = 4});
  check(lowered, {.size = 0, .share = 0.5, .seed = 5});
  check(lowered, {.size = 7, .share = 0.3, .seed = 6});
  check(lowered, {.size = 17, .share = 0.05, .seed = 7});
}

// Beyond any block of rows or parameters, where every coordinate would take minutes: along lines on which all coordinates move, and for
// some of them alone.
void check_large(const Lowered& lowered, const Filling& filling) {
  SCOPED_TRACE("size " + std::to_string(filling.size) + ", share " + std::to_string(filling.share));
  ir::Module module = lowered.module;
  ASSERT_TRUE(autodiff::differentiate(module).ok());
  ir::Interpreter plain(lowered.module), run(module);
  fill(plain, lowered.module, filling);
  fill(run, module, filling);
  ASSERT_TRUE(plain.bind().ok());
  ASSERT_TRUE(run.bind().ok());
  const auto point = random_point(plain.parameter_count(), filling.seed);
  const long double expected = value_at(plain, lowered.module, "log_density", point);
  EXPECT_LT(std::fabs(value_at(run, module, "log_density_gradient", point) - expected), 1e-15L * std::max(1.0L, std::fabs(expected)));
  const auto gradient = run.vector(BufferKind::Gradient);
  long double largest = 0, all = 0;
  for (const long double g : gradient) largest = std::max(largest, std::fabs(g)), all += std::fabs(g);
  const auto slope = [&](const std::vector<long double>& direction) {
    return autodiff::differences(
        [&](const std::vector<long double>& t) {
          std::vector<long double> moved = point;
          for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += t[0] * direction[i];
          return value_at(plain, lowered.module, "log_density", moved);
        },
        {0})[0];
  };
  std::mt19937 random(filling.seed);
  for (int line = 0; line < 4; ++line) {
    std::vector<long double> direction(point.size());
    long double along = 0;
    for (std::size_t i = 0; i < direction.size(); ++i) along += gradient[i] * (direction[i] = random() % 2 == 0 ? 1 : -1);
    EXPECT_LT(std::fabs(slope(direction) - along), 1e-9L * std::max(all, 1.0L));
  }
  for (int coordinate = 0; coordinate < 12 && !point.empty(); ++coordinate) {
    std::vector<long double> direction(point.size());
    const std::size_t i = random() % point.size();
    direction[i] = 1;
    EXPECT_LT(std::fabs(slope(direction) - gradient[i]), 1e-7L * std::max(largest, 1.0L)) << "coordinate " << i;
  }
}

TEST_P(Gallery, GradientIsTheDifferenceQuotientBeyondABlock) {
  const Lowered lowered = lower_file(std::string(LACUNA_GALLERY) + "/" + GetParam() + ".ppl");
  ASSERT_TRUE(lowered.complete) << lowered.mistakes;
  check_large(lowered, {.size = 71, .share = 0.7, .seed = 8});
  check_large(lowered, {.size = 83, .share = 0.05, .seed = 9});
}

// What is not built is said, not lowered to something else.
TEST(Lowering, RefusesWhatIsNotBuilt) {
  for (const char* name : {"mixture", "hidden_markov", "capture_recapture", "gaussian_process", "partly_seen_rows"}) {
    SCOPED_TRACE(name);
    const Lowered lowered = lower_file(std::string(LACUNA_GALLERY "/") + name + ".ppl");
    EXPECT_FALSE(lowered.complete);
    EXPECT_TRUE(lowered.mistakes.starts_with("E0910")) << lowered.mistakes;
  }
}

// An observed array that reads its own cells in no order: data while it is fitted, and never a draw of its own at prediction.
TEST(Lowering, OwnCellsInNoOrderAreNoDraws) {
  for (const char* read : {"y[t]", "y[t - 0 - k]", "y[t + k]", "y[i[t]]"}) {
    SCOPED_TRACE(read);
    const Lowered lowered = lower_text("own.ppl", fmt::format("dim K = 3\nmodel own(y: real[T], i: T[T]) {{\n  sample b[K] ~ Normal(0, 1)\n"
                                                              "  observe y[t in T where t >= 3 && t + 3 < size(T)] ~ Normal(sum(b[k] * {} for k in K), 1)\n}}\n", read),
                                       {.predict = true});
    ASSERT_TRUE(lowered.complete) << lowered.mistakes;
    EXPECT_EQ(ir::verify(lowered.module), std::vector<std::string>{});
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Gallery,
                         testing::Values("missing_outcome", "missing_outcome_imputed", "missing_covariate",
                                         "masked_categories", "nan_scores", "eight_schools", "radon", "logistic",
                                         "counts", "garch", "local_level", "item_response", "ratings", "survival"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
// Whole numbers stand where reals are meant: as log densities, factors, parameters, branches, results of functions.
TEST(Lowering, WidensWholeNumbers) {
  const Lowered lowered = lower_text("whole.ppl", R"(dist Line(n: int): int { log_density(x) = x - n }
fn twice(n: int): real = 2 * n
model m(y: real[N], g: int[N]) {
  sample sigma: positive ~ Flat()
  factor 2
  factor g
  let k[n in N] = if g[n] > 1 then 1 else 2
  observe g[n in N] ~ Line(3)
  observe y[n in N] ~ Normal(if g[n] == 2 then 1 else g[n], sigma * twice(g[n]) + k[n])
})",
                                     {.terms = true});
  ASSERT_TRUE(lowered.complete) << lowered.mistakes;
  EXPECT_TRUE(ir::verify(lowered.module).empty()) << ir::verify(lowered.module).front();
}

}  // namespace lacuna::density
