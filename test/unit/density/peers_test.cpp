// Numbers that the design gives for any correct implementation, and the promise that a gap never poisons.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/autodiff/differentiate.h"
#include "compiler/ir/verifier.h"
#include "test/unit/density/lowered.h"

namespace lacuna::density {
namespace {

using ir::BufferKind;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Result {
  double value = 0;
  std::vector<double> gradient;
  bool operator==(const Result&) const = default;
};

// The value and gradient of a differentiated module at a point, with natural values' Jacobians where it has them.
class Model {
 public:
  explicit Model(const std::string& text, bool natural = true)
      : point_(natural ? BufferKind::Natural : BufferKind::Parameter), function_(natural ? "natural_density_gradient" : "log_density_gradient") {
    Lowered lowered = lower_text("test.ppl", text, {.natural = natural});
    EXPECT_TRUE(lowered.complete) << lowered.mistakes;
    module_ = std::move(lowered.module);
    const autodiff::Reversed made = autodiff::differentiate(module_);
    EXPECT_TRUE(made.ok()) << made.error;
    EXPECT_EQ(ir::verify(module_), std::vector<std::string>{});
    run_ = std::make_unique<ir::Interpreter>(module_);
  }

  void size(std::string_view dim, std::int64_t n) { run_->set_size(module_.find_dim(dim), n); }
  void input(std::string_view name, std::vector<double> reals) {
    run_->set_input(module_.find_buffer(name), {.reals = std::move(reals)});
  }
  void whole(std::string_view name, std::vector<std::int64_t> values) {
    run_->set_input(module_.find_buffer(name), {.whole = std::move(values)});
  }

  Result at(const std::vector<long double>& point) {
    const ir::Outcome bound = run_->bind();
    EXPECT_TRUE(bound.ok()) << bound.error << bound.failed_check;
    run_->set_vector(point_, point);
    const ir::Outcome outcome = run_->call(function_);
    EXPECT_TRUE(outcome.ok()) << outcome.error;
    Result result;
    if (outcome.ok()) result.value = static_cast<double>(outcome.results[0].real);
    for (long double g : run_->vector(BufferKind::Gradient, point_)) result.gradient.push_back(static_cast<double>(g));
    return result;
  }

 private:
  BufferKind point_;
  std::string function_;
  ir::Module module_;
  std::unique_ptr<ir::Interpreter> run_;
};

// Logits that are the parameters themselves: B, E, C = 2, 3, 4.
Result categories(bool all, double unseen_score, std::int64_t unseen_label_shift) {
  Model run(R"(
model cells(score: real[B, E, C], label: C[B, E], seen: bool[B, E]) {
  sample shift ~ Flat()
  observe label[b in B, e in E] ~ Categorical(logits = shift * score[b, e, :] + score[b, e, :]) where seen[b, e]
})");
  run.size("B", 2);
  run.size("E", 3);
  run.size("C", 4);
  std::vector<double> score;
  std::vector<std::int64_t> label;
  std::vector<std::int64_t> seen;
  for (int b = 0; b < 2; ++b) {
    for (int e = 0; e < 3; ++e) {
      const bool here = (3 * b + e) % 3 != 0;
      seen.push_back(all || here ? 1 : 0);
      label.push_back((b + e + (seen.back() != 0 ? 0 : unseen_label_shift)) % 4);
      for (int c = 0; c < 4; ++c) {
        const double value = std::sin(1.0 + 7 * b + 3 * e + c);
        score.push_back(seen.back() != 0 || !std::isnan(unseen_score) ? value : unseen_score);
      }
    }
  }
  run.input("score", score);
  run.whole("label", label);
  run.whole("seen", seen);
  return run.at({0});
}

TEST(Peers, MaskedCategories) {
  EXPECT_NEAR(categories(false, 0, 0).value, -7.6450298598, 5e-11);
  EXPECT_NEAR(categories(true, 0, 0).value, -9.8899105399, 5e-11);
  // What stands in a cell that is not seen changes no bit.
  EXPECT_EQ(categories(false, kNan, 2), categories(false, 0, 0));
}

// Sum over seen cells of Beta(exp(x), 1) at x = 1: value -3.1040024523 and gradient -8.4023198189.
TEST(Peers, BetaWithNanData) {
  Model run(R"(
model gaps(y: unit?[R, K]) {
  sample x ~ Flat()
  observe y ~ Beta(exp(x), 1)
})");
  run.size("R", 2);
  run.size("K", 4);
  run.input("y", {.4, kNan, .2, kNan, .5, .5, .5, .5});
  const Result result = run.at({1});
  EXPECT_NEAR(result.value, -3.1040024523, 5e-11);
  ASSERT_EQ(result.gradient.size(), 1u);
  EXPECT_NEAR(result.gradient[0], -8.4023198189, 5e-10);
}

// Posterior of a normal mean with gaps: the log density is quadratic around sum(seen) / (n + 1) with precision n + 1.
TEST(Peers, ConjugateWithGaps) {
  Model run(R"(
model mean(y: real?[N], keep: bool[N]) {
  sample mu ~ Normal(0, 1)
  observe y ~ Normal(mu, 1) where keep
})");
  run.size("N", 5);
  run.input("y", {1.5, kNan, -0.5, 2.0, 7.0});
  run.whole("keep", {1, 1, 1, 1, 0});
  const double mean = 3.0 / 4;
  const Result at_mean = run.at({mean});
  EXPECT_NEAR(at_mean.gradient[0], 0, 1e-15);
  EXPECT_NEAR(run.at({mean + 1}).value - at_mean.value, -0.5 * 4, 1e-14);
}

TEST(Gaps, ContentOfMaskedCellsChangesNoBit) {
  auto result = [](double junk) {
    Model run(R"(
model line(x: real[N], y: real?[N], keep: bool[N]) {
  sample a     ~ Normal(0, 10)
  sample b     ~ Normal(0, 10)
  sample sigma ~ HalfNormal(1)
  observe y ~ Normal(a + b * x, sigma) where keep
})",
              false);
    run.size("N", 4);
    run.input("x", {0.5, junk, 1.5, -2});
    run.input("y", {1, junk, 2, 3});
    run.whole("keep", {1, 0, 1, 1});
    return run.at({0.3L, -0.7L, 0.2L});
  };
  const Result clean = result(0);
  EXPECT_TRUE(std::isfinite(clean.value));
  for (double junk : {kNan, std::numeric_limits<double>::infinity(), -1e300}) EXPECT_EQ(result(junk), clean);
}

// Imputed cells that something reads: the density of a known complete column, with the gaps as coordinates.
TEST(Imputation, GapsAreCoordinates) {
  const std::string text = R"(
model pair(x: real?[N], y: real[N]) {
  observe x ~ Normal(1, 2) else impute
  sample b ~ Normal(0, 1)
  observe y ~ Normal(b * x, 1)
})";
  Model gaps(text);
  gaps.size("N", 3);
  gaps.input("x", {0.5, kNan, 1.5});
  gaps.input("y", {1, 2, 3});
  Model whole(text);
  whole.size("N", 3);
  whole.input("x", {0.5, -0.7, 1.5});
  whole.input("y", {1, 2, 3});
  const Result with_gap = gaps.at({-0.7L, 0.4L});
  EXPECT_NEAR(with_gap.value, whole.at({0.4L}).value, 1e-14);
  // d/dx of log Normal(x | 1, 2) + log Normal(2 | 0.4 x, 1) at x = -0.7.
  ASSERT_EQ(with_gap.gradient.size(), 2u);
  EXPECT_NEAR(with_gap.gradient[0], -(-0.7 - 1) / 4 + 0.4 * (2 - 0.4 * -0.7), 1e-14);
}

}  // namespace
}  // namespace lacuna::density
