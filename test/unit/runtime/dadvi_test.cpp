// Fixed draws: exact where the posterior is normal, and elsewhere an optimum with the response of its means to a change.
#include "runtime/infer/dadvi.h"

#include "test/unit/runtime/infer_fixture.h"

namespace lacuna::runtime::infer {
namespace {

Dadvi optimised(const BoundModel& model, const DadviOptions& options = {}) {
  Density density(model, kAll);
  Problems problems;
  std::optional<Dadvi> made = run_dadvi(density, options, problems);
  EXPECT_TRUE(made && made->guide) << (problems.list().empty() ? "" : render(problems.list()[0], nullptr));
  return std::move(*made);
}

// A mean-field normal cannot have this posterior's correlations; linear response finds all of them.
TEST(Dadvi, LinearResponseFindsTheCorrelationsOfANormal) {
  const KnownNormal known;
  const BoundModel model = known.bound();
  const Dadvi fit = optimised(model, {0, 30, {}});
  EXPECT_TRUE(fit.converged);
  const Moments m = moments_of(*fit.guide), field = moments_of(*fit.optimum);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(m.sd[i], known.sd(static_cast<int>(i)), 1e-6);
    EXPECT_NEAR(m.mean[i], known.mean[i], 1e-5);
  }
  EXPECT_LT(field.sd[2], 0.5 * m.sd[2]);
}

// The covariance is the derivative of the optimum's means when a linear function is added to the log density, which is
// what the name says: the Hessian here is by differences of gradients with the same draws, inverted by elimination.
TEST(Dadvi, TheCovarianceIsTheBlockOfTheInverseHessian) {
  const BoundModel model = missing_outcome();
  Density density(model, kAll);
  const DadviOptions options{3, 20, {}};
  const Dadvi fit = optimised(model, options);
  Guide& guide = *fit.optimum;
  const std::size_t count = guide.parameter_count();
  std::vector<std::vector<double>> rows(count, std::vector<double>(2 * count));
  std::vector<double> up(count), down(count);
  const std::vector<double> noise = balanced_noise(options.seed, guide.size(), 20);
  for (std::size_t k = 0; k < count; ++k) {
    const double at = guide.parameters[k], h = 1e-5;
    guide.parameters[k] = at + h;
    elbo_gradient(density, guide, Estimator::ClosedEntropy, noise, 20, up);
    guide.parameters[k] = at - h;
    elbo_gradient(density, guide, Estimator::ClosedEntropy, noise, 20, down);
    guide.parameters[k] = at;
    for (std::size_t i = 0; i < count; ++i) rows[i][k] = (down[i] - up[i]) / (2 * h);
    rows[k][count + k] = 1;
  }
  for (std::size_t p = 0; p < count; ++p) {
    const double pivot = rows[p][p];
    ASSERT_GT(pivot, 0);
    for (double& x : rows[p]) x /= pivot;
    for (std::size_t i = 0; i < count; ++i) {
      const double factor = i == p ? 0 : rows[i][p];
      for (std::size_t j = 0; j < 2 * count; ++j) rows[i][j] -= factor * rows[p][j];
    }
  }
  const std::size_t n = guide.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double covariance = 0;
      for (std::size_t k = 0; k < n; ++k) covariance += fit.guide->base[i * n + k] * fit.guide->base[j * n + k];
      const double wanted = guide.base[i] * rows[i][count + j] * guide.base[j];
      EXPECT_NEAR(covariance, wanted, 1e-5 * std::abs(guide.base[i] * guide.base[j])) << i << j;
    }
  }
}

// The gradient of the objective is 0 to what convergence means, and one evaluation more finds no more.
TEST(Dadvi, IsOptimisedToConvergence) {
  const BoundModel model = missing_outcome();
  Density density(model, kAll);
  const DadviOptions options{1, 30, {}};
  const Dadvi fit = optimised(model, options);
  std::vector<double> gradient(fit.optimum->parameter_count());
  const double bound = elbo_gradient(density, *fit.optimum, Estimator::ClosedEntropy, balanced_noise(1, density.size(), 30),
                                     30, gradient);
  EXPECT_DOUBLE_EQ(bound, fit.elbo);
  for (const double g : gradient) EXPECT_LT(std::abs(g), 1e-4);
}

TEST(Dadvi, DrawsAreBalanced) {
  const std::vector<double> noise = balanced_noise(9, 3, 8);
  for (std::size_t i = 0; i < 3; ++i) {
    double sum = 0, square = 0;
    for (std::size_t d = 0; d < 8; ++d) {
      sum += noise[d * 3 + i];
      square += noise[d * 3 + i] * noise[d * 3 + i];
    }
    EXPECT_EQ(sum, 0);
    EXPECT_NEAR(square, 8, 1e-12);
  }
}

// E exp(x) = exp(mean + variance / 2): with g more variance, the mean must be g / 2 less. Linear values need nothing.
TEST(Dadvi, NaturalMeansAreKeptWhenVariancesGrow) {
  const BoundModel model = missing_outcome();
  const std::vector<double> shift = mean_keeping_shift(model, {0.3, -1, 0.7}, {0.4, 0.4, 0.4});
  EXPECT_NEAR(shift[0], 0, 1e-6);
  EXPECT_NEAR(shift[1], 0, 1e-6);
  EXPECT_NEAR(shift[2], -0.2, 1e-6);
}

TEST(Dadvi, SaysWhatItNeeds) {
  const BoundModel model = eight_schools();
  Density density(model, kAll);
  Problems problems;
  EXPECT_FALSE(run_dadvi(density, {}, problems));
  ASSERT_TRUE(problems.any_error());
  EXPECT_EQ(problems.list()[0].id, Id::NoResponse);
}

TEST(Dadvi, StopsWhenAsked) {
  const BoundModel model = missing_outcome();
  Density density(model, kAll);
  Problems problems;
  DadviOptions options;
  options.progress = [](const Progress& p) { return p.step < 2; };
  const auto fit = run_dadvi(density, options, problems);
  ASSERT_TRUE(fit);
  EXPECT_FALSE(fit->guide);
}

}  // namespace
}  // namespace lacuna::runtime::infer
