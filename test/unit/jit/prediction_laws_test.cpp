// Predictions against closed forms: conjugate models, a forecast, groups that the fit has not seen, cells that nothing observes.
#include <fstream>
#include <random>
#include <sstream>

#include "compiler/ir/interpreter.h"
#include "test/unit/density/lowered.h"
#include "test/unit/jit/predicted.h"

namespace lacuna::jit {
namespace {

constexpr std::int64_t kDraws = 40000;
constexpr double kCount = static_cast<double>(kDraws);

// Mean and variance within 5 Monte Carlo errors; `kurtosis` of the law.
void expect_law(const std::vector<double>& y, double mean, double variance, double kurtosis, const std::string& what) {
  const double n = static_cast<double>(y.size());
  double m = 0, v = 0;
  for (const double x : y) m += x / n;
  for (const double x : y) v += (x - mean) * (x - mean) / n;
  EXPECT_LT(std::abs(m - mean), 5 * std::sqrt(variance / n)) << what;
  EXPECT_LT(std::abs(v - variance), 5 * variance * std::sqrt((kurtosis - 1) / n)) << what;
}

void expect_share(const std::vector<double>& y, double q, double p) {
  double below = 0;
  for (const double x : y) below += x <= q ? 1 : 0;
  EXPECT_LT(std::abs(below / static_cast<double>(y.size()) - p), 5 * std::sqrt(p * (1 - p) / static_cast<double>(y.size()))) << "P(Y <= " << q << ")";
}

// One new row, for draws of the only latent.
std::vector<double> one_row(const Predicted& model, const std::vector<double>& draws, const TestData& data, const TestData& row) {
  const TestBound training = model.bind(data);
  const TestBound target = model.bind(row, true);
  return model.predict({&training, &target, draws, kDraws, 0, kDraws, 99, LACUNA_MISSING_NAN, {{"N", {-1}}}}, {"y"})[0];
}

double normal_share(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

TEST(Conjugate, NormalMean) {
  const Predicted model("model m(y: real?[N]) { sample mu ~ Normal(0, 2) observe y ~ Normal(mu, 0.5) }");
  ASSERT_EQ(model.mistake(), "");
  // Three values of sum 2.1: precision 1/4 + 12, mean 4 * 2.1 / 12.25.
  const double precision = 0.25 + 12, mean = 4 * 2.1 / precision, variance = 1 / precision + 0.25;
  std::mt19937 random(1);
  std::normal_distribution<double> posterior(mean, std::sqrt(1 / precision));
  std::vector<double> draws(kDraws);
  for (double& x : draws) x = posterior(random);
  const auto y = one_row(model, draws, {{{"N", 3}}, {{"y", {0.2, 0.9, 1.0}}}}, {{{"N", 1}}, {}});
  expect_law(y, mean, variance, 3, "normal");
  for (const double z : {-2.0, 1.0, 2.5}) expect_share(y, mean + z * std::sqrt(variance), normal_share(z));
}

TEST(Conjugate, BetaBinomial) {
  const Predicted model("model m(y: count?[N]) { sample p ~ Beta(2, 3) observe y ~ Binomial(12, p) }");
  ASSERT_EQ(model.mistake(), "");
  const double a = 2 + 7, b = 3 + 5;  // 7 of 12
  std::mt19937 random(2);
  std::gamma_distribution<double> first(a, 1), second(b, 1);
  std::vector<double> draws(kDraws);
  for (double& x : draws) {
    const double g = first(random);
    x = g / (g + second(random));
  }
  const auto y = one_row(model, draws, {{{"N", 1}}, {{"y", {7}}}}, {{{"N", 1}}, {}});
  const double n = 12, mean = n * a / (a + b), variance = n * a * b * (a + b + n) / ((a + b) * (a + b) * (a + b + 1));
  expect_law(y, mean, variance, 3, "beta-binomial");  // its kurtosis is below that of the normal
  double below = 0;
  for (int k = 0; k <= 3; ++k)
    below += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1) + std::lgamma(k + a) + std::lgamma(n - k + b) - std::lgamma(n + a + b) +
                      std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b));
  expect_share(y, 3, below);
}

TEST(Conjugate, GammaPoisson) {
  const Predicted model("model m(y: count?[N]) { sample rate ~ Gamma(3, 2) observe y ~ Poisson(rate) }");
  ASSERT_EQ(model.mistake(), "");
  const double a = 3 + 9, b = 2 + 2;  // two counts of sum 9
  std::mt19937 random(3);
  std::gamma_distribution<double> posterior(a, 1 / b);
  std::vector<double> draws(kDraws);
  for (double& x : draws) x = posterior(random);
  const auto y = one_row(model, draws, {{{"N", 2}}, {{"y", {4, 5}}}}, {{{"N", 1}}, {}});
  const double mean = a / b, variance = mean * (1 + 1 / b);
  expect_law(y, mean, variance, 3 + 6 / a + 1 / variance, "gamma-Poisson");
  const double p = b / (b + 1);
  expect_share(y, 0, std::pow(p, a));
  expect_share(y, 1, std::pow(p, a) * (1 + a * (1 - p)));
}

std::string gallery(const std::string& name) {
  std::ifstream stream(std::string(LACUNA_GALLERY) + "/" + name + ".ppl");
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

// A forecast of the local level: the last level of a Kalman filter, then h steps of variance drift^2.
TEST(Forecast, LocalLevelGoesOnFromTheLastLevel) {
  const Predicted model(gallery("local_level"));
  ASSERT_EQ(model.mistake(), "");
  const double drift = 0.3, noise = 0.5;
  const std::vector<double> y = {0.1, kGap, 0.7, 0.9, kGap};
  double mean = 0, variance = 100;
  for (std::size_t t = 0; t < y.size(); ++t) {
    if (t > 0) variance += drift * drift;
    if (std::isnan(y[t])) continue;
    const double gain = variance / (variance + noise * noise);
    mean += gain * (y[t] - mean);
    variance *= 1 - gain;
  }
  std::mt19937 random(4);
  std::normal_distribution<double> last(mean, std::sqrt(variance)), other(0, 1);
  std::vector<double> draws;
  for (const double fixed : {drift, noise}) draws.insert(draws.end(), kDraws, fixed);
  for (std::size_t t = 0; t < y.size(); ++t)
    for (std::int64_t d = 0; d < kDraws; ++d) draws.push_back(t + 1 == y.size() ? last(random) : other(random));
  const TestBound training = model.bind({{{"T", 5}}, {{"y", y}}});
  std::vector<double> longer = y;
  longer.resize(9, kGap);
  const TestBound target = model.bind({{{"T", 9}}, {{"y", longer}}}, true);
  const auto drawn = model.predict({&training, &target, draws, kDraws, 0, kDraws, 17, LACUNA_MISSING_NAN, {{"T", {0, 1, 2, 3, 4, -1, -1, -1, -1}}}}, {"level", "y"});
  for (std::size_t h = 1; h <= 4; ++h) {
    std::vector<double> level, observed;
    for (std::size_t d = 0; d < kDraws; ++d) {
      level.push_back(drawn[0][d * 9 + 4 + h]);
      observed.push_back(drawn[1][d * 9 + 4 + h]);
    }
    const double ahead = variance + static_cast<double>(h) * drift * drift;
    expect_law(level, mean, ahead, 3, "level");
    expect_law(observed, mean, ahead + noise * noise, 3, "y");
  }
  for (std::size_t d = 0; d < kDraws; ++d)
    for (std::size_t t = 0; t < 5; ++t) ASSERT_EQ(drawn[0][d * 9 + t], draws[(2 + t) * kDraws + d]);
}

// A new county's slopes come from the population of the same draw.
TEST(NewGroups, RadonCounties) {
  const Predicted model(gallery("radon"));
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 2}, {"County", 2}}, {{"county", {0, 1}}, {"floor", {0, 1}}, {"log_radon", {1, 2}}}});
  const TestBound target = model.bind({{{"N", 3}, {"County", 4}}, {{"county", {0, 2, 3}}, {"floor", {1, 1, 0}}}}, true);
  std::vector<double> draws;
  const double at[] = {1.5, -0.6, 0.4, 0.2, 1.1, 1.2, -0.5, -0.7, 0.3};  // mu_a mu_b tau_a tau_b a[2] b[2] sigma
  for (const double x : at) draws.insert(draws.end(), kDraws, x);
  const auto drawn = model.predict({&training, &target, draws, kDraws, 0, kDraws, 5, LACUNA_MISSING_NAN, {{"N", {-1, -1, -1}}, {"County", {0, -1, 1, -1}}}},
                                   {"a", "b", "log_radon"});
  std::vector<double> a[4], b[4], y[3];
  for (std::size_t d = 0; d < kDraws; ++d) {
    for (std::size_t j = 0; j < 4; ++j) a[j].push_back(drawn[0][d * 4 + j]), b[j].push_back(drawn[1][d * 4 + j]);
    for (std::size_t n = 0; n < 3; ++n) y[n].push_back(drawn[2][d * 3 + n]);
    ASSERT_EQ(a[0].back(), 1.1);
    ASSERT_EQ(a[2].back(), 1.2);
    ASSERT_EQ(b[2].back(), -0.7);
  }
  for (const std::size_t fresh : {1, 3}) {
    expect_law(a[fresh], 1.5, 0.16, 3, "a");
    expect_law(b[fresh], -0.6, 0.04, 3, "b");
  }
  double together = 0;
  for (std::size_t d = 0; d < kDraws; ++d) together += (a[1][d] - 1.5) * (a[3][d] - 1.5) / 0.16 / kCount;
  EXPECT_LT(std::abs(together), 5 / std::sqrt(kCount));  // counties are independent
  expect_law(y[0], 1.1 - 0.5, 0.09, 3, "known county");
  expect_law(y[1], 1.2 - 0.7, 0.09, 3, "known county, another code");
  expect_law(y[2], 1.5, 0.16 + 0.09, 3, "new county");
}

// A cell that nothing reads is drawn from its own distribution; scored cells are data; an output reads both.
TEST(Imputed, LeafCells) {
  const Predicted model(gallery("missing_outcome_imputed"));
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 3}}, {{"x", {0, 1, 2}}, {"y", {0.5, kGap, 2.5}}}});
  std::vector<double> draws;
  for (const double x : {1.0, 2.0, 0.5}) draws.insert(draws.end(), kDraws, x);
  const auto drawn = model.predict({&training, &training, draws, kDraws, 0, kDraws, 8}, {"y", "y.imputed", "total"});
  std::vector<double> cell, total;
  for (std::size_t d = 0; d < kDraws; ++d) {
    ASSERT_EQ(drawn[1][d * 3], 0.5);
    ASSERT_EQ(drawn[1][d * 3 + 2], 2.5);
    ASSERT_EQ(drawn[1][d * 3 + 1], drawn[0][d * 3 + 1]);
    cell.push_back(drawn[1][d * 3 + 1]);
    total.push_back(drawn[2][d]);
  }
  expect_law(cell, 3, 0.25, 3, "imputed");
  expect_law(total, 3 + 3, 0.25, 3, "output");
}

TEST(Imputed, ReadCellsComeFromTheFit) {
  const Predicted model(gallery("missing_covariate"));
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 3}}, {{"age", {1, kGap, kGap}}, {"bmi", {0, 0, 1}}, {"y", {1, 0, 1}}}});
  std::vector<double> draws;
  for (const double x : {0.3, 0.7, 4.25, -4.5, 0.0, 1.0, 0.0}) draws.insert(draws.end(), kDraws, x);  // m s age.imputed[2] a b_age b_bmi
  const auto check = model.predict({&training, &training, draws, kDraws, 0, kDraws, 8}, {"age.imputed", "y"});
  double ones[3] = {0, 0, 0};
  for (std::size_t d = 0; d < kDraws; ++d) {
    ASSERT_EQ(check[0][d * 3], 1);
    ASSERT_EQ(check[0][d * 3 + 1], 4.25);
    ASSERT_EQ(check[0][d * 3 + 2], -4.5);
    for (std::size_t n = 0; n < 3; ++n) ones[n] += check[1][d * 3 + n] / kCount;
  }
  const double ages[] = {1, 4.25, -4.5};
  for (std::size_t n = 0; n < 3; ++n) {
    const double p = 1 / (1 + std::exp(-ages[n]));
    EXPECT_LT(std::abs(ones[n] - p), 5 * std::sqrt(p * (1 - p) / kCount)) << n;
  }
  // New rows: a gap is drawn, a value is read.
  const TestBound target = model.bind({{{"N", 2}}, {{"age", {kGap, 2}}, {"bmi", {0, 0}}}}, true);
  const auto fresh = model.predict({&training, &target, draws, kDraws, 0, kDraws, 8, LACUNA_MISSING_NAN, {{"N", {-1, -1}}}}, {"age.imputed", "y"});
  std::vector<double> drawn;
  for (std::size_t d = 0; d < kDraws; ++d) {
    drawn.push_back(fresh[0][d * 2]);
    ASSERT_EQ(fresh[0][d * 2 + 1], 2);
  }
  expect_law(drawn, 0.3, 0.49, 3, "new cell");
}

TEST(Prior, DrawsEverything) {
  const Predicted model(gallery("radon"));
  ASSERT_EQ(model.mistake(), "");
  const TestBound target = model.bind({{{"N", 1}, {"County", 2}}, {{"county", {1}}, {"floor", {0}}}}, true);
  const auto drawn = model.predict({nullptr, &target, {}, 0, 0, kDraws, 12}, {"mu_a", "tau_a", "a", "log_radon"});
  expect_law(drawn[0], 0, 25, 3, "mu_a");
  std::vector<double> z;
  for (std::size_t d = 0; d < kDraws; ++d) z.push_back((drawn[2][d * 2 + 1] - drawn[0][d]) / drawn[1][d]);
  expect_law(z, 0, 1, 3, "a given its parameters");
  expect_law(drawn[1], std::sqrt(2 / 3.14159265358979), 1 - 2 / 3.14159265358979, 3.87, "tau_a");
  expect_law(drawn[3], 0, 25 + 1 + 1, 3.3, "log_radon");  // a little heavier than a normal
}

// A support that was narrowed is what is left of the distribution.
TEST(Prior, OfNarrowedLatents) {
  const Predicted model("model m(y: real?[N]) { sample s: positive ~ Normal(0, 2) observe y ~ Normal(0, s) }");
  ASSERT_EQ(model.mistake(), "");
  const TestBound target = model.bind({{{"N", 1}}, {}}, true);
  const auto drawn = model.predict({nullptr, &target, {}, 0, 0, kDraws, 31}, {"s"});
  const double pi = 3.14159265358979;
  expect_law(drawn[0], 2 * std::sqrt(2 / pi), 4 * (1 - 2 / pi), 3.87, "half of a normal");
}

// Ordered elements are order statistics; by the interpreter, since no density of such latents is needed for it.
TEST(Prior, OfOrderedLatents) {
  const density::Lowered lowered = density::lower_text(
      "test.ppl", "dim K = 3 model m(y: real?[N]) { sample c: ordered[K] ~ Normal(1, 1) observe y ~ Normal(c[0] + c[1] + c[2], 1) }", {.log_density = false, .predict = true});
  ASSERT_EQ(lowered.mistakes, "");
  const ir::Module& module = lowered.module;
  ir::Interpreter run(module);
  run.set_size(module.find_dim("N"), 1);
  run.set_size(module.find_dim("K"), 3);
  const auto whole = [&](const char* name, std::vector<std::int64_t> values) {
    std::vector<ir::Cell> cells;
    for (const std::int64_t v : values) cells.push_back(ir::Cell::of(v));
    run.set_given(module.find_buffer(name), cells);
  };
  whole("prediction.seed", {5});
  whole("key.K", {0, 1, 2});
  whole("map.K", {-1, -1, -1});
  run.set_given(module.find_buffer("known.c"), std::vector<ir::Cell>(3, ir::Cell::of(std::nanl(""))));
  std::vector<double> of[3];
  for (std::int64_t d = 0; d < 4000; ++d) {
    whole("prediction.draw", {d});
    const ir::Outcome outcome = run.call("predict.0.c");
    ASSERT_TRUE(outcome.ok()) << outcome.error;
    for (std::size_t k = 0; k < 3; ++k) of[k].push_back(static_cast<double>(run.contents(module.find_buffer("known.c"))[k].real));
    ASSERT_LE(of[0].back(), of[1].back());
    ASSERT_LE(of[1].back(), of[2].back());
  }
  // Of three standard normals: means 3 / (2 sqrt(pi)) from the middle, variances by quadrature.
  const double mean = 1.5 / std::sqrt(3.14159265358979);
  expect_law(of[0], 1 - mean, 0.5594672, 3.12, "least");
  expect_law(of[1], 1, 0.4486711, 3.04, "middle");
  expect_law(of[2], 1 + mean, 0.5594672, 3.12, "largest");
}

// The size of a Laplace draw is exponential: the ordered sizes are sums of exponentials of scales 1/3, 1/2 and 1.
TEST(Prior, OfPositiveOrderedLatents) {
  for (const std::string of : {"positive_ordered[K] ~ Laplace(0, 1)", "ordered[K] ~ Exponential(1)"}) {
    const Predicted model("dim K = 3 model m(y: real?[N]) { sample c: " + of + " observe y ~ Normal(c[0] + c[1] + c[2], 1) }");
    ASSERT_EQ(model.mistake(), "");
    const TestBound target = model.bind({{{"N", 1}, {"K", 3}}, {}}, true);
    const std::vector<double> drawn = model.predict({nullptr, &target, {}, 0, 0, kDraws, 32}, {"c"})[0];
    double mean = 0, variance = 0, fourth = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const double scale = 1 / static_cast<double>(3 - k);
      mean += scale;
      variance += scale * scale;
      fourth += std::pow(scale, 4);
      std::vector<double> each;
      for (std::size_t d = 0; d < kDraws; ++d) each.push_back(drawn[3 * d + k]);
      expect_law(each, mean, variance, 3 + 6 * fourth / (variance * variance), of + " " + std::to_string(k));
    }
  }
}

}  // namespace
}  // namespace lacuna::jit
