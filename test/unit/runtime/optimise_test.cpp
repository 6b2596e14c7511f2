#include "runtime/infer/optimise.h"

#include "runtime/infer/lbfgs.h"
#include "test/unit/runtime/infer_fixture.h"

namespace lacuna::runtime::infer {
namespace {

TEST(Lbfgs, ClimbsTheNegativeOfRosenbrock) {
  const auto f = [](const double* x, double* g) {
    const double a = 1 - x[0], b = x[1] - x[0] * x[0];
    g[0] = 2 * a + 400 * b * x[0];
    g[1] = -200 * b;
    return -a * a - 100 * b * b;
  };
  const LbfgsResult result = maximise(f, {-1.2, 1}, {});
  EXPECT_EQ(result.end, LbfgsEnd::Converged);
  EXPECT_NEAR(result.x[0], 1, 1e-6);
  EXPECT_NEAR(result.x[1], 1, 1e-6);
  EXPECT_LT(result.iterations, 60);
}

TEST(Lbfgs, TakesValuesThatAreNotFiniteAsWorse) {
  const auto f = [](const double* x, double* g) {
    g[0] = 1 / x[0] - 1;
    return std::log(x[0]) - x[0];  // NaN below 0
  };
  EXPECT_NEAR(maximise(f, {0.01}, {}).x[0], 1, 1e-6);
}

// missing_outcome_posterior.py: scipy's optimum of the density of a, b, sigma.
TEST(Map, IsTheModeOfNaturalValues) {
  const BoundModel model = missing_outcome();
  Density density(model, LACUNA_NORMALISED);
  Problems problems;
  const auto mode = find_mode(density, 0, problems);
  ASSERT_TRUE(mode && problems.list().empty());
  EXPECT_NEAR(mode->point[0], 1.53472783, 1e-6);
  EXPECT_NEAR(mode->point[1], -0.70238676, 1e-6);
  EXPECT_NEAR(std::exp(mode->point[2]), 0.28186353, 1e-6);
  EXPECT_NEAR(mode->value, -11.645930354840303, 1e-9);
}

// The density of (mu, tau, theta) of eight schools has no mode: it goes as tau^-8.
TEST(Map, ADensityThatGrowsWithoutBoundIsReported) {
  const BoundModel model = eight_schools();
  Density density(model, LACUNA_NORMALISED);
  Problems problems;
  find_mode(density, 0, problems);
  ASSERT_TRUE(problems.any_error());
  const std::string said = render(problems.list()[0], &model.metadata());
  EXPECT_NE(said.find("error[R0702]: the density grows without bound: `tau` runs away"), std::string::npos) << said;
}

TEST(Laplace, IsExactForANormal) {
  const KnownNormal known;
  const BoundModel model = known.bound();
  Density density(model, kAll);
  Problems problems;
  const auto fit = laplace(density, 0, problems);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->log_evidence, known.log_evidence(), 1e-6);
  const Moments m = moments_of(*fit->guide);
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(m.mean[static_cast<std::size_t>(i)], known.mean[static_cast<std::size_t>(i)], 1e-5);
    EXPECT_NEAR(m.sd[static_cast<std::size_t>(i)], known.sd(i), 1e-5);
  }
}

TEST(Laplace, NeedsCurvature) {
  // A normal that is flat along the difference of its coordinates.
  const BoundModel model = bound_to(test::gaussian(), {2, 4}, {{0, 0}, {1, 1, 1, 1}});
  Density density(model, kAll);
  Problems problems;
  EXPECT_FALSE(laplace(density, 0, problems));
  ASSERT_TRUE(problems.any_error());
  EXPECT_NE(
      render(problems.list()[0], nullptr)
          .find("error[R0706]: there is no normal approximation at the mode: the curvature is not negative along `x`"),
      std::string::npos);
}

}  // namespace
}  // namespace lacuna::runtime::infer
