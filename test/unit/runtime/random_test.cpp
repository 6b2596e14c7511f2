// Philox against Random123's known answers; draws against the moments and probabilities of their distributions.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "runtime/random/draw.h"
#include "runtime/random/philox.h"

namespace lacuna::runtime::random {
namespace {

using Words = std::array<std::uint32_t, 4>;

// The file kat_vectors of Random123's distribution, philox4x32 with 10 rounds.
TEST(Philox, GivesTheKnownAnswers) {
  EXPECT_EQ(philox(0, 0, 0, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox(~0ull, ~0u, 0xFFFF, ~0ull, 0xFFFF), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox(0x299f31d0a4093822ull, 0x13198a2e, 0x0370, 0x85a308d3243f6a88ull, 0x7344),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, UniformsLieStrictlyInside) {
  EXPECT_GT(to_unit(0), 0.0);
  EXPECT_LT(to_unit(~0ull), 1.0);
  EXPECT_EQ(to_unit(0), 1 - to_unit(~0ull));
}

TEST(Philox, AStretchOfNormalsDoesNotDependOnItsLength) {
  std::vector<double> all(101), some(38);
  fill_normal(7, 3, Purpose::Guide, all);
  fill_normal(7, 3, Purpose::Guide, some);
  for (std::size_t i = 0; i < some.size(); ++i) EXPECT_EQ(all[i], some[i]);
  std::vector<double> other(101);
  fill_normal(7, 4, Purpose::Guide, other);
  EXPECT_NE(all, other);
}

// Mean and variance of `count` draws within 5 Monte Carlo errors, given the first four central moments.
void expect_moments(const char* name, const std::function<double(Stream&)>& draw, double mean, double variance,
                    double fourth) {
  constexpr int kCount = 200000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kCount; ++i) {
    Stream stream(11, static_cast<std::uint32_t>(i), 3, 5);
    const double x = draw(stream) - mean;
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kCount, 0, 5 * std::sqrt(variance / kCount)) << name;
  EXPECT_NEAR(squares / kCount, variance, 5 * std::sqrt((fourth - variance * variance) / kCount)) << name;
}

TEST(Draws, HaveTheirMoments) {
  expect_moments("uniform", [](Stream& s) { return s.uniform(); }, 0.5, 1.0 / 12, 1.0 / 80);
  expect_moments("normal", [](Stream& s) { return draw_normal(s); }, 0, 1, 3);
  expect_moments("exponential", [](Stream& s) { return draw_exponential(s); }, 1, 1, 9);
  for (const double a : {0.3, 1.0, 4.5, 200.0}) {
    expect_moments("gamma", [a](Stream& s) { return draw_gamma(s, a); }, a, a, 3 * a * a + 6 * a);
  }
  // The log of a gamma of small shape: mean digamma(0.01), variance trigamma(0.01), fourth moment psi'''(0.01) + 3
  // psi'(0.01)^2 (mpmath: psi(0, .01), psi(1, .01), psi(3, .01)).
  expect_moments(
      "log gamma", [](Stream& s) { return draw_log_gamma(s, 0.01); }, -100.56088545786867, 10001.621213528313,
      600000006.251062 + 3 * 10001.621213528313 * 10001.621213528313);
  expect_moments("beta", [](Stream& s) { return draw_beta(s, 2, 3); }, 0.4, 0.04, 0.04 * 0.04 * (3 - 9.0 / 14));
  for (const double r : {0.5, 9.9, 10.1, 300.0}) {
    expect_moments("poisson", [r](Stream& s) { return static_cast<double>(draw_poisson(s, r)); }, r, r, 3 * r * r + r);
  }
  for (const auto& [n, p] : {std::pair{7, 0.2}, {40, 0.5}, {1000, 0.004}, {1000, 0.7}}) {
    const double v = n * p * (1 - p);
    expect_moments(
        "binomial", [n = n, p = p](Stream& s) { return static_cast<double>(draw_binomial(s, n, p)); }, n * p, v,
        3 * v * v + v * (1 - 6 * p * (1 - p)));
  }
}

// A chi-squared test over 0 .. last and the rest, against the probability mass function; threshold z = 5 beyond the
// mean.
void expect_mass(const char* name, const std::function<std::int64_t(Stream&)>& draw, int first, int last,
                 const std::function<double(int)>& log_mass) {
  constexpr int kCount = 200000;
  std::vector<double> seen(static_cast<std::size_t>(last - first + 2));
  for (int i = 0; i < kCount; ++i) {
    Stream stream(13, static_cast<std::uint32_t>(i), 4, 6);
    const std::int64_t k = draw(stream);
    seen[k < first || k > last ? seen.size() - 1 : static_cast<std::size_t>(k - first)] += 1;
  }
  double chi = 0, rest = 1;
  for (int k = first; k <= last; ++k) {
    const double p = std::exp(log_mass(k)), d = seen[static_cast<std::size_t>(k - first)] - kCount * p;
    chi += d * d / (kCount * p);
    rest -= p;
  }
  const double d = seen.back() - kCount * rest, df = last - first + 1;
  chi += d * d / (kCount * rest);
  EXPECT_LT(chi, df + 5 * std::sqrt(2 * df)) << name;
}

TEST(Draws, HaveTheirProbabilities) {
  for (const double r : {3.0, 25.0}) {
    const int first = r > 10 ? 12 : 0, last = r > 10 ? 38 : 8;
    expect_mass(
        "poisson", [r](Stream& s) { return draw_poisson(s, r); }, first, last,
        [r](int k) { return k * std::log(r) - r - std::lgamma(k + 1.0); });
  }
  for (const auto& [n, p, first, last] : {std::tuple{9, 0.3, 0, 6}, {60, 0.4, 15, 33}}) {
    expect_mass(
        "binomial", [n = n, p = p](Stream& s) { return draw_binomial(s, n, p); }, first, last,
        [n = n, p = p](int k) {
          return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) + k * std::log(p) +
                 (n - k) * std::log1p(-p);
        });
  }
  const std::vector<double> weights = {1, 0, 3, 2, 4};
  expect_mass(
      "categorical", [&](Stream& s) { return draw_categorical(s, weights); }, 2, 3,
      [](int k) { return std::log(k == 2 ? 0.3 : 0.2); });
}

TEST(Draws, EdgesAreAnswered) {
  Stream stream(1, 2, 3, 4);
  EXPECT_EQ(draw_poisson(stream, 0), 0);
  EXPECT_EQ(draw_poisson(stream, -1), -1);
  EXPECT_EQ(draw_poisson(stream, NAN), -1);
  EXPECT_EQ(draw_binomial(stream, 5, 0), 0);
  EXPECT_EQ(draw_binomial(stream, 5, 1), 5);
  EXPECT_EQ(draw_binomial(stream, 0, 0.5), 0);
  EXPECT_EQ(draw_binomial(stream, 5, 1.5), -1);
  EXPECT_TRUE(std::isnan(draw_gamma(stream, 0)));
  const std::vector<double> none = {0, 0}, one = {0, 1, 0};
  EXPECT_EQ(draw_categorical(stream, none), -1);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(draw_categorical(stream, one), 1);
}

}  // namespace
}  // namespace lacuna::runtime::random
