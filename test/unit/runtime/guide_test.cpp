// Gradients of the evidence bound against differences with common random numbers; entropies against closed forms; and
// mutants of both, which these very checks must find.
#include "runtime/infer/guide.h"

#include <numbers>

#include "runtime/infer/dadvi.h"
#include "runtime/random/philox.h"
#include "test/unit/runtime/infer_fixture.h"

namespace lacuna::runtime::infer {
namespace {

constexpr int kParticles = 3;
constexpr std::int64_t kStep = 17;

// The estimate of the bound itself, from the same noise.
double bound(Density& density, const Guide& guide) {
  std::vector<double> gradient(guide.parameter_count());
  return elbo_gradient(density, guide, Estimator::ClosedEntropy, 5, kStep, kParticles, gradient);
}

double worst_difference(Density& density, Guide& guide) {
  std::vector<double> gradient(guide.parameter_count());
  elbo_gradient(density, guide, Estimator::ClosedEntropy, 5, kStep, kParticles, gradient);
  double worst = 0, largest = 1;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double at = guide.parameters[i], h = 1e-5;
    guide.parameters[i] = at + h;
    const double up = bound(density, guide);
    guide.parameters[i] = at - h;
    const double down = bound(density, guide);
    guide.parameters[i] = at;
    worst = std::max(worst, std::abs(gradient[i] - (up - down) / (2 * h)));
    largest = std::max(largest, std::abs(gradient[i]));
  }
  return worst / largest;
}

std::unique_ptr<Guide> some_guide(GuideKind kind, std::size_t n) {
  std::vector<double> centre(n), base(kind == GuideKind::MeanField ? n : n * n);
  for (std::size_t i = 0; i < n; ++i) {
    centre[i] = 0.3 * std::sin(static_cast<double>(i));
    for (std::size_t j = 0; j <= i && kind == GuideKind::FullRank; ++j)
      base[i * n + j] = i == j ? 0.5 : 0.1 * std::cos(static_cast<double>(i + 2 * j));
    if (kind == GuideKind::MeanField) base[i] = 0.4 + 0.05 * static_cast<double>(i);
  }
  auto guide = kind == GuideKind::MeanField ? make_mean_field(centre, base) : make_full_rank(centre, base);
  for (std::size_t i = 0; i < guide->parameters.size(); ++i)
    guide->parameters[i] = 0.2 * std::sin(1.0 + static_cast<double>(i));
  return guide;
}

// Guides that are wrong on purpose.
template <class Change>
class Mutant final : public Guide {
 public:
  Mutant(const Guide& right, Change change) : right_(right.clone()), change_(change) {
    parameters = right.parameters;
    centre = right.centre;
    base = right.base;
  }
  GuideKind kind() const override { return right_->kind(); }
  void point(const double* noise, double* theta) const override { synced().point(noise, theta); }
  double entropy() const override { return synced().entropy(); }
  void add_gradient(const double* noise, const double* slope, Estimator estimator, double* out) const override {
    std::vector<double> own(parameter_count());
    synced().add_gradient(noise, slope, estimator, own.data());
    change_(noise, slope, *this, own);
    for (std::size_t i = 0; i < own.size(); ++i) out[i] += own[i];
  }
  void moments(double* mean, double* sd) const override { synced().moments(mean, sd); }
  std::unique_ptr<Guide> clone() const override { return std::make_unique<Mutant>(*right_, change_); }

 private:
  const Guide& synced() const {
    right_->parameters = parameters;
    return *right_;
  }
  std::unique_ptr<Guide> right_;
  Change change_;
};

TEST(Guide, GradientsAgreeWithDifferences) {
  const BoundModel schools = eight_schools(), outcome = missing_outcome();
  for (const BoundModel* model : {&schools, &outcome}) {
    Density density(*model, kAll);
    for (const GuideKind kind : {GuideKind::MeanField, GuideKind::FullRank}) {
      EXPECT_LT(worst_difference(density, *some_guide(kind, density.size())), 1e-7) << guide_name(kind);
    }
  }
}

// The objective of `dadvi`: the bound of a mean-field guide over draws that stay the same.
TEST(Guide, TheBoundOverFixedDrawsAgreesWithDifferences) {
  const BoundModel model = eight_schools();
  Density density(model, kAll);
  const auto guide = some_guide(GuideKind::MeanField, density.size());
  constexpr int kDraws = 6;
  const std::vector<double> noise = balanced_noise(3, density.size(), kDraws);
  std::vector<double> gradient(guide->parameter_count()), ignored(guide->parameter_count());
  const auto value = [&](std::vector<double>& out) {
    return elbo_gradient(density, *guide, Estimator::ClosedEntropy, noise, kDraws, out);
  };
  value(gradient);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double at = guide->parameters[i], h = 1e-5;
    guide->parameters[i] = at + h;
    const double up = value(ignored);
    guide->parameters[i] = at - h;
    const double down = value(ignored);
    guide->parameters[i] = at;
    EXPECT_NEAR(gradient[i], (up - down) / (2 * h), 1e-7 * std::max(1.0, std::abs(gradient[i]))) << i;
  }
}

// A point has no entropy, and its bound is the density of natural values: tau = exp(u) and eight theta = mu + tau z, so
// along u its slope is that of the density with the Jacobian less 9, which a mutant that keeps the Jacobian does not have.
TEST(Guide, ThePointClimbsTheDensityOfNaturalValues) {
  const BoundModel model = eight_schools();
  Density natural(model, LACUNA_NORMALISED), moved(model, kAll);
  std::vector<double> at(natural.size()), gradient(natural.size()), with(natural.size());
  for (std::size_t i = 0; i < at.size(); ++i) at[i] = 0.3 * std::sin(1.0 + static_cast<double>(i));
  natural.gradient(at.data(), gradient.data());
  moved.gradient(at.data(), with.data());
  double worst = 0, mutant = 0;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double here = at[i], h = 1e-5;
    at[i] = here + h;
    const double up = natural.value(at.data());
    at[i] = here - h;
    const double down = natural.value(at.data());
    at[i] = here;
    worst = std::max(worst, std::abs(gradient[i] - (up - down) / (2 * h)));
    mutant = std::max(mutant, std::abs(with[i] - (up - down) / (2 * h)));
  }
  EXPECT_LT(worst, 1e-6);
  EXPECT_NEAR(mutant, 9, 1e-6);
  EXPECT_NEAR(moved.value(at.data()) - natural.value(at.data()), 9 * at[1], 1e-12);
}

TEST(Guide, AWrongSignOfTheEntropyIsFound) {
  const BoundModel model = eight_schools();
  Density density(model, kAll);
  const auto flip = [](const double*, const double*, const Guide& guide, std::vector<double>& gradient) {
    for (std::size_t i = 0; i < guide.size(); ++i) gradient[guide.size() + i] -= 2;
  };
  for (const GuideKind kind : {GuideKind::MeanField, GuideKind::FullRank}) {
    Mutant mutant(*some_guide(kind, density.size()), flip);
    EXPECT_GT(worst_difference(density, mutant), 1e-3);
  }
}

TEST(Guide, AForgottenScaleIsFound) {
  const BoundModel model = eight_schools();
  Density density(model, kAll);
  const auto forget = [](const double* noise, const double* slope, const Guide& guide, std::vector<double>& gradient) {
    for (std::size_t i = 0; i < guide.size(); ++i) gradient[guide.size() + i] = slope[i] * noise[i] + 1;
  };
  Mutant mutant(*some_guide(GuideKind::MeanField, density.size()), forget);
  EXPECT_GT(worst_difference(density, mutant), 1e-3);
}

TEST(Guide, BothEstimatorsHaveTheSameMean) {
  const BoundModel model = missing_outcome();
  Density density(model, kAll);
  for (const GuideKind kind : {GuideKind::MeanField, GuideKind::FullRank}) {
    const auto guide = some_guide(kind, density.size());
    const std::size_t count = guide->parameter_count();
    constexpr int kRounds = 4000;
    std::vector<double> sum(count), squares(count), closed(count), path(count);
    for (int r = 0; r < kRounds; ++r) {
      elbo_gradient(density, *guide, Estimator::ClosedEntropy, 9, r, 1, closed);
      elbo_gradient(density, *guide, Estimator::PathOnly, 9, r, 1, path);
      for (std::size_t i = 0; i < count; ++i) {
        sum[i] += closed[i] - path[i];
        squares[i] += (closed[i] - path[i]) * (closed[i] - path[i]);
      }
    }
    for (std::size_t i = 0; i < count; ++i)
      EXPECT_LT(std::abs(sum[i]), 5 * std::sqrt(squares[i])) << guide_name(kind) << i;
  }
}

// At the posterior the path estimator has no noise at all: the gradient is 0 for any draw.
TEST(Guide, AlongThePathThePosteriorHasNoNoise) {
  const KnownNormal known;
  const BoundModel model = known.bound();
  Density density(model, kAll);
  std::vector<double> triangle;
  for (const auto& row : known.triangle) triangle.insert(triangle.end(), row, row + 3);
  const auto guide = make_full_rank(known.mean, triangle);
  std::vector<double> gradient(guide->parameter_count());
  elbo_gradient(density, *guide, Estimator::PathOnly, 2, 3, 1, gradient);
  for (const double g : gradient) EXPECT_NEAR(g, 0, 1e-10);
  elbo_gradient(density, *guide, Estimator::ClosedEntropy, 2, 3, 1, gradient);
  EXPECT_GT(std::abs(gradient[3]), 1e-3);
}

TEST(Guide, EntropiesAreTheClosedForms) {
  // 1/2 log det(2 pi e covariance): diagonal, and 2 x 2 with covariance B S S' B'.
  const auto diagonal = make_mean_field({0, 0}, {2, 3});
  diagonal->parameters = {5, -5, std::log(0.5), std::log(4)};
  const double unit = 0.5 * std::log(2 * std::numbers::pi * std::numbers::e);
  EXPECT_NEAR(diagonal->entropy(), 2 * unit + std::log(1.0 * 12.0), 1e-14);
  const auto full = make_full_rank({0, 0}, {2, 0, 1, 3});
  full->parameters = {0, 0, std::log(0.5), std::log(4), 0.7};
  // B S = [[1, 0], [0.5 + 2.1, 12]]: determinant 12.
  EXPECT_NEAR(full->entropy(), 2 * unit + std::log(12.0), 1e-14);
  const Moments m = moments_of(*full);
  EXPECT_NEAR(m.sd[0], 1, 1e-14);
  EXPECT_NEAR(m.sd[1], std::sqrt(2.6 * 2.6 + 144), 1e-13);
  // log q by the density of a normal with that covariance at the point of some noise.
  const double noise[2] = {0.3, -1.2};
  double theta[2];
  full->point(noise, theta);
  EXPECT_NEAR(theta[0], 0.3, 1e-14);
  EXPECT_NEAR(theta[1], 2.6 * 0.3 - 12 * 1.2, 1e-13);
  EXPECT_NEAR(full->log_density(noise), -std::log(2 * std::numbers::pi) - std::log(12.0) - 0.5 * (0.09 + 1.44), 1e-13);
}

}  // namespace
}  // namespace lacuna::runtime::infer
