// Variational inference against posteriors that are known: in closed form, by quadrature
// (missing_outcome_posterior.py), by posteriordb. Further: it resumes to the digit, and does not depend on threads.
#include "runtime/infer/checkpoint.h"
#include "runtime/infer/start.h"
#include "test/unit/runtime/infer_fixture.h"

namespace lacuna::runtime::infer {
namespace {

Quality quality_of(const BoundModel& model, const SviState& state, int threads = 1) {
  Approximation approximation{"svi", state.guide->clone(), {}};
  return judge(model, approximation, 0, 1000, threads);
}

// log N(y; 0, I + 1 1') of the seen cells: det = n + 1, inverse I - 1 1' / (n + 1).
TEST(Svi, ConjugateNormalWithGaps) {
  for (const int every : {0, 5, 2, 1}) {
    std::vector<double> y;
    double sum = 0, squares = 0, seen = 0;
    for (int i = 0; i < 200; ++i) {
      const bool gap = every == 1 ? i != 37 && i != 150 : every > 0 && i % every == 0;
      y.push_back(gap ? std::numeric_limits<double>::quiet_NaN() : 0.8 + std::sin(3.0 * i));
      if (gap) continue;
      ++seen;
      sum += y.back();
      squares += y.back() * y.back();
    }
    const double evidence =
        -0.5 * seen * std::log(2 * M_PI) - 0.5 * std::log(seen + 1) - 0.5 * (squares - sum * sum / (seen + 1));
    const BoundModel model = bound_to(test::normal_mean(), {200}, {y});
    for (const GuideKind kind : {GuideKind::MeanField, GuideKind::FullRank}) {
      SviOptions options;
      options.guide = kind;
      const SviState state = fitted(model, options);
      const Moments m = moments_of(*state.guide);
      const double sd = 1 / std::sqrt(seen + 1);
      EXPECT_TRUE(state.converged);
      EXPECT_NEAR(m.mean[0], sum / (seen + 1), 0.01 * sd) << every;
      EXPECT_NEAR(m.sd[0], sd, 0.01 * sd) << every;
      EXPECT_NEAR(quality_of(model, state).elbo, evidence, 1e-3) << every;
    }
  }
}

TEST(Svi, WithNothingSeenThePosteriorIsThePrior) {
  const BoundModel model =
      bound_to(test::normal_mean(), {3}, {std::vector<double>(3, std::numeric_limits<double>::quiet_NaN())});
  const SviState state = fitted(model, {});
  const Moments m = moments_of(*state.guide);
  EXPECT_NEAR(m.mean[0], 0, 0.01);
  EXPECT_NEAR(m.sd[0], 1, 0.01);
  EXPECT_NEAR(quality_of(model, state).elbo, 0, 1e-3);
}

TEST(Svi, FullRankFindsACorrelatedNormal) {
  const KnownNormal known;
  const BoundModel model = known.bound();
  SviOptions options;
  options.guide = GuideKind::FullRank;
  const SviState state = fitted(model, options);
  const Moments m = moments_of(*state.guide);
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(m.mean[static_cast<std::size_t>(i)], known.mean[static_cast<std::size_t>(i)], 0.01 * known.sd(i));
    EXPECT_NEAR(m.sd[static_cast<std::size_t>(i)], known.sd(i), 0.01 * known.sd(i));
  }
  const Quality quality = quality_of(model, state);
  EXPECT_NEAR(quality.elbo, known.log_evidence(), 1e-3);
  EXPECT_LT(quality.pareto_k, 0.5);
}

// A mean-field guide's best standard deviations are those given the others: 1 / sqrt(diagonal of the precision).
TEST(Svi, MeanFieldFindsTheConditionalScales) {
  const KnownNormal known;
  const BoundModel model = known.bound();
  const SviState state = fitted(model, {});
  const Moments m = moments_of(*state.guide);
  Density density(model, kAll);
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<double> x = known.mean;
    x[i] += 1;
    const double conditional = 1 / std::sqrt(-2 * density.value(x.data()));
    EXPECT_NEAR(m.mean[i], known.mean[i], 0.25 * conditional);
    EXPECT_NEAR(m.sd[i], conditional, 0.05 * conditional);
  }
  EXPECT_LT(quality_of(model, state).elbo, known.log_evidence() - 0.5);
}

TEST(Svi, MissingOutcomeAgreesWithQuadrature) {
  const BoundModel model = missing_outcome();
  SviOptions options;
  options.guide = GuideKind::FullRank;
  const SviState state = fitted(model, options);
  const Moments m = moments_of(*state.guide);
  EXPECT_NEAR(m.mean[0], 1.5347208336385156, 0.05 * 0.05420924765946287);
  EXPECT_NEAR(m.mean[1], -0.702384336590009, 0.05 * 0.047094167066657006);
  EXPECT_NEAR(m.sd[0] / 0.05420924765946287, 1, 0.05);
  EXPECT_NEAR(m.sd[1] / 0.047094167066657006, 1, 0.05);
  EXPECT_NEAR(std::exp(m.mean[2] + 0.5 * m.sd[2] * m.sd[2]), 0.3038547745803842, 0.05 * 0.0413740781);
  const double gap = -18.250051520962167 - quality_of(model, state).elbo;
  EXPECT_GT(gap, -0.01);
  EXPECT_LT(gap, 0.05);
}

// The same check finds a density without its Jacobian.
TEST(Svi, AMissingJacobianIsFound) {
  const BoundModel model = missing_outcome();
  SviOptions options;
  options.guide = GuideKind::FullRank;
  const SviState state = fitted(model, options, LACUNA_NORMALISED);
  const Moments m = moments_of(*state.guide);
  EXPECT_GT(std::abs(std::exp(m.mean[2] + 0.5 * m.sd[2] * m.sd[2]) - 0.3038547745803842), 0.05 * 0.0413740781);
}

// posteriordb, eight_schools_noncentered: mu 4.41 +- 3.31; tau is far from normal, so only its order is asked for.
TEST(Svi, EightSchools) {
  const BoundModel model = eight_schools();
  for (const GuideKind kind : {GuideKind::MeanField, GuideKind::FullRank}) {
    SviOptions options;
    options.guide = kind;
    const SviState state = fitted(model, options);
    const Moments m = moments_of(*state.guide);
    EXPECT_TRUE(state.converged) << criterion_words(state);
    EXPECT_NEAR(m.mean[0], 4.41, 0.25 * 3.31);
    EXPECT_NEAR(m.sd[0] / 3.31, 1, 0.2);
    EXPECT_GT(std::exp(m.mean[1]), 1);
    EXPECT_LT(std::exp(m.mean[1]), 5);
  }
}

TEST(Svi, GoesOnFromACheckpointToTheSameDigits) {
  const BoundModel model = eight_schools();
  SviOptions options;
  const SviState whole = fitted(model, options);
  for (const std::int64_t stop : {150, 200, 450}) {
    SviOptions until = options;
    until.progress = [stop](const Progress& p) { return p.step < stop; };
    SviState part = fitted(model, until);
    ASSERT_FALSE(part.finished);
    ASSERT_EQ(part.step, stop);
    Problems problems;
    std::optional<SviState> again = load_state(save_state(part, "run"), "run", "x", problems);
    ASSERT_TRUE(again);
    Density density(model, kAll);
    run_svi(density, options, *again);
    EXPECT_EQ(again->guide->parameters, whole.guide->parameters);
    EXPECT_EQ(again->step, whole.step);
    EXPECT_EQ(again->elbo, whole.elbo);
  }
}

TEST(Svi, ACheckpointOfAnotherRunOrADamagedOneIsRefused) {
  const BoundModel model = eight_schools();
  SviOptions options;
  options.steps = 8;
  const SviState state = fitted(model, options);
  const std::string bytes = save_state(state, "run");
  Problems problems;
  EXPECT_FALSE(load_state(bytes, "other", "c", problems));
  EXPECT_NE(
      render(problems.list().back(), nullptr).find("error[R0707]: the checkpoint `c` is of another run: its program"),
      std::string::npos);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 97)
    EXPECT_FALSE(load_state(bytes.substr(0, cut), "run", "c", problems));
  for (std::size_t at = 0; at < bytes.size(); at += 13) {
    std::string wrong = bytes;
    wrong[at] = static_cast<char>(wrong[at] ^ 4);
    EXPECT_FALSE(load_state(wrong, "run", "c", problems)) << at;
  }
}

TEST(Svi, TakesExactlyTheStepsItIsGiven) {
  const BoundModel model = eight_schools();
  for (const std::int64_t steps : {1, 2, 3, 4, 999}) {
    SviOptions options;
    options.steps = steps;
    EXPECT_EQ(fitted(model, options).step, steps);
  }
}

TEST(Svi, QualityDoesNotDependOnThreads) {
  const BoundModel model = eight_schools();
  const SviState state = fitted(model, {});
  const Quality one = quality_of(model, state, 1), four = quality_of(model, state, 4);
  EXPECT_EQ(one.elbo, four.elbo);
  EXPECT_EQ(one.elbo_error, four.elbo_error);
  EXPECT_EQ(one.pareto_k, four.pareto_k);
}

TEST(Svi, APoorFitIsSaid) {
  const KnownNormal known;
  const BoundModel model = known.bound();
  Approximation narrow{"svi", make_mean_field({1, -2, 3}, {0.2, 0.1, 0.05}), {}};
  const Quality quality = judge(model, narrow, 0, 1000, 1);
  Problems problems;
  warn_of(quality, narrow, problems);
  ASSERT_EQ(problems.list().size(), 1u);
  EXPECT_NE(render(problems.list()[0], nullptr).find("warning[R0705]: the approximation is poor: Pareto k is"),
            std::string::npos);
  EXPECT_FALSE(problems.any_error());
}

TEST(Start, WhenNoPointIsFiniteTheTermsAreShown) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const BoundModel model = bound_to(test::gaussian(), {2, 4}, {{0, 0}, {1, nan, 0, 1}});
  Density density(model, kAll);
  Problems problems;
  EXPECT_FALSE(find_start(density, 0, problems));
  ASSERT_EQ(problems.list().size(), 1u);
  const std::string said = render(problems.list()[0], &model.metadata());
  EXPECT_NE(
      said.find(
          "error[R0701]: log density is nan at all 100 starting points\n   | site       line   contributes\n   | x "),
      std::string::npos)
      << said;
}

}  // namespace
}  // namespace lacuna::runtime::infer
