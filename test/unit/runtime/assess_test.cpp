// Diagnostics of draws against assess_reference.py, which computes them from the papers' formulas with numpy and scipy.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "runtime/assess/pareto.h"
#include "runtime/assess/summary.h"

namespace lacuna::runtime::assess {
namespace {

// As the script makes them.
std::vector<double> draws(const std::string& kind) {
  std::vector<double> x;
  double value = 0;
  for (int t = 0; t < 1000; ++t) {
    const double noise = std::sin(1000.0 * std::pow(t + 1.0, 1.5));
    if (t % 250 == 0) value = 0;
    value = kind == "white" ? noise : (kind == "sticky" ? 0.9 : -0.5) * value + noise;
    x.push_back(value + (kind == "shifted" ? 0.5 * (t / 250) : 0));
  }
  return x;
}

struct Row {
  const char* kind;
  double numbers[7];  // mean, sd, mcse, q05, ess_bulk, ess_tail, rhat
};
constexpr Row kRows[] = {
    {"white",
     {0.006533507012693041, 0.7115721889597763, 0.02265466291582366, -0.9893104501179188, 942.2381581242942,
      1036.8071363679348, 1.0017999636782884}},
    {"sticky",
     {0.033694829481706774, 1.5454012458081559, 0.19063411625527274, -2.5483586517094756, 70.15686183474374,
      127.1491955712897, 1.0503975806427956}},
    {"shifted",
     {0.7555553623082206, 0.9942832839851554, 0.27491895819178674, -0.9203488048489279, 13.13437502917375,
      72.18999816275192, 1.2145317390555335}},
};

TEST(Assess, AgreesWithTheReference) {
  for (const Row& row : kRows) {
    const Summary s = summarise(draws(row.kind), 4);
    const double got[7] = {s.mean, s.sd, s.mcse, s.q05, s.ess_bulk, s.ess_tail, s.rhat};
    for (int i = 0; i < 7; ++i) EXPECT_NEAR(got[i] / row.numbers[i], 1, 1e-8) << row.kind << " " << i;
  }
}

struct Tail {
  double shape, k;
};
constexpr Tail kTails[] = {
    {0.2, 0.23678773585750806},
    {0.5, 0.49708596126252214},
    {0.9, 0.8442664334030667},
};

TEST(Assess, ParetoKAgreesWithTheReference) {
  for (const Tail& tail : kTails) {
    std::vector<double> ratios;
    for (int i = 0; i < 1000; ++i) ratios.push_back(-tail.shape * std::log1p(-(i + 0.5) / 1000));
    EXPECT_NEAR(pareto_k(ratios), tail.k, 1e-9);
    for (double& r : ratios) r += 1000;  // a constant in the log changes nothing
    EXPECT_NEAR(pareto_k(ratios), tail.k, 1e-9);
  }
}

TEST(Assess, ParetoKAtItsEdges) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(pareto_k(std::vector<double>(100, 3.5)), -infinity);
  EXPECT_TRUE(std::isnan(pareto_k(std::vector<double>(10, 0.0))));
  EXPECT_TRUE(std::isnan(pareto_k(std::vector<double>(100, -infinity))));
  std::vector<double> broken(100, 0.0);
  broken[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(pareto_words(pareto_k(broken), 100), "poor");
  EXPECT_NEAR(pareto_k_threshold(1000), 1 - 1.0 / 3, 1e-15);
  EXPECT_EQ(pareto_words(pareto_k(std::vector<double>(20, 0.5)), 20), "not known from so few draws");
  EXPECT_EQ(pareto_words(0.3, 1000), "good");
}

TEST(Assess, NormalQuantilesAgreeWithScipy) {
  const double p[] = {1e-300, 1e-20, 1e-5, 0.02, 0.3, 0.999};
  const double z[] = {-37.0470962993612,  -9.262340089798409,  -4.264890793922825,
                      -2.053748910631823, -0.5244005127080409, 3.090232306167813};
  for (int i = 0; i < 6; ++i) EXPECT_NEAR(normal_quantile(p[i]) / z[i], 1, 1e-14);
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_TRUE(std::isinf(normal_quantile(0)));
  EXPECT_TRUE(std::isnan(normal_quantile(1.5)));
}

TEST(Assess, ConstantAndBrokenDrawsHaveNoSize) {
  const Summary constant = summarise(std::vector<double>(100, 2.0), 1);
  EXPECT_EQ(constant.mean, 2);
  EXPECT_EQ(constant.sd, 0);
  EXPECT_TRUE(std::isnan(constant.ess_bulk));
  std::vector<double> broken(100, 1.0);
  broken[7] = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(std::isnan(summarise(broken, 1).rhat));
}

}  // namespace
}  // namespace lacuna::runtime::assess
