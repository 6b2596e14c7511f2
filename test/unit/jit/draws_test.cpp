// Draws of every distribution of the library through `predict`, against moments and chances that draw_table.py took from scipy;
// and those of events, against closed forms.
#include <fstream>
#include <sstream>

#include "test/unit/jit/predicted.h"

namespace lacuna::jit {
namespace {

constexpr std::int64_t kRows = 4001, kDraws = 50;
constexpr double kCount = static_cast<double>(kRows * kDraws);

struct Law {
  std::string call, kind;
  double mean, variance, kurtosis;
  std::vector<std::pair<double, double>> chances;
};

std::vector<Law> laws() {
  std::ifstream file(LACUNA_DRAW_TABLE);
  std::vector<Law> all;
  for (std::string line; std::getline(file, line);) {
    std::stringstream stream(line);
    std::string part[6];
    for (std::string& each : part) std::getline(stream, each, ';');
    Law law{part[0], part[1], std::stod(part[2]), std::stod(part[3]), std::stod(part[4]), {}};
    std::stringstream pairs(part[5]);
    for (double q = 0, p = 0; pairs >> q >> p;) law.chances.emplace_back(q, p);
    all.push_back(law);
  }
  return all;
}

std::string program(const Law& law) {
  return "dim K = 4 model m(y: " + law.kind + "?[N], late: bool[N], far: real[N]) { sample z ~ Normal(0, 1) observe y[n in N] ~ " + law.call + " }";
}

// All draws of site `y` for `rows` new rows.
std::vector<double> drawn(const Predicted& model, std::int64_t rows, std::uint64_t seed) {
  const TestBound target = model.bind({{{"N", rows}}, {}}, true);
  return model.predict({nullptr, &target, {}, 0, 0, kDraws, seed}, {"y"})[0];
}

class Library : public testing::TestWithParam<Law> {};

TEST_P(Library, DrawsItsDistribution) {
  const Law& law = GetParam();
  SCOPED_TRACE(law.call);
  const Predicted model(program(law));
  ASSERT_EQ(model.mistake(), "");
  const std::vector<double> y = drawn(model, kRows, 20260101);
  double mean = 0, variance = 0;
  for (const double x : y) ASSERT_TRUE(std::isfinite(x));
  for (const double x : y) mean += x / kCount;
  for (const double x : y) variance += (x - law.mean) * (x - law.mean) / kCount;
  if (!std::isnan(law.mean)) {
    EXPECT_LT(std::abs(mean - law.mean), 5 * std::sqrt(law.variance / kCount));
    EXPECT_LT(std::abs(variance - law.variance), 5 * law.variance * std::sqrt((law.kurtosis - 1) / kCount) + 1e-12);
  }
  for (const auto& [q, p] : law.chances) {
    double below = 0;
    for (const double x : y) below += x <= q ? 1 : 0;
    EXPECT_LT(std::abs(below / kCount - p), 5 * std::sqrt(p * (1 - p) / kCount) + 1e-9) << "P(Y <= " << q << ")";
  }
}

std::string name_of(const testing::TestParamInfo<Law>& info) {
  std::string name = std::to_string(info.index) + "_";
  for (const char c : info.param.call.substr(0, info.param.call.find('('))) name += c;
  return name;
}

INSTANTIATE_TEST_SUITE_P(Table, Library, testing::ValuesIn(laws()), name_of);

// Each component's mean and variance, and the covariance of the first two.
void expect_moments(const std::vector<double>& y, std::size_t k, const std::vector<double>& mean, const std::vector<double>& variance, double covariance) {
  const double cells = static_cast<double>(y.size() / k);
  double both = 0;
  for (std::size_t i = 0; i < k; ++i) {
    double m = 0, v = 0;
    for (std::size_t c = i; c < y.size(); c += k) m += y[c] / cells;
    for (std::size_t c = i; c < y.size(); c += k) v += (y[c] - mean[i]) * (y[c] - mean[i]) / cells;
    EXPECT_LT(std::abs(m - mean[i]), 5 * std::sqrt(variance[i] / cells)) << i;
    // Fourth moments of these are below 15 variances squared.
    EXPECT_LT(std::abs(v - variance[i]), 5 * variance[i] * std::sqrt(14 / cells)) << i;
  }
  for (std::size_t c = 0; c < y.size(); c += k) both += (y[c] - mean[0]) * (y[c + 1] - mean[1]) / cells;
  EXPECT_LT(std::abs(both - covariance), 5 * std::sqrt(15 * variance[0] * variance[1] / cells));
}

TEST(LibraryEvents, Multinomial) {
  const Predicted model("dim K = 3 model m(y: count[N, K]) { sample z ~ Normal(0, 1) observe y[n in N] ~ Multinomial(20, [0.2, 0.3, 0.5]) }");
  ASSERT_EQ(model.mistake(), "");
  const std::vector<double> y = drawn(model, kRows, 3);
  for (std::size_t c = 0; c < y.size(); c += 3) ASSERT_EQ(y[c] + y[c + 1] + y[c + 2], 20);
  expect_moments(y, 3, {4, 6, 10}, {20 * 0.2 * 0.8, 20 * 0.3 * 0.7, 5}, -20 * 0.2 * 0.3);
}

TEST(LibraryEvents, Dirichlet) {
  const Predicted model("dim K = 3 model m(y: simplex[N, K]) { sample z ~ Normal(0, 1) observe y[n in N] ~ Dirichlet([1.0, 2, 3]) }");
  ASSERT_EQ(model.mistake(), "");
  const std::vector<double> y = drawn(model, kRows, 4);
  for (std::size_t c = 0; c < y.size(); c += 3) ASSERT_NEAR(y[c] + y[c + 1] + y[c + 2], 1, 1e-14);
  expect_moments(y, 3, {1.0 / 6, 2.0 / 6, 3.0 / 6}, {5.0 / 252, 8.0 / 252, 9.0 / 252}, -2.0 / 252);
}

}  // namespace
}  // namespace lacuna::jit
