// Predictions through the table of functions: what is drawn, for which cells, and that a cell's digits depend on its key only.
#include "test/unit/jit/predicted.h"

namespace lacuna::jit {
namespace {

constexpr const char* kMissingOutcome = R"(
model missing_outcome(x: real[N], y: real?[N], keep: bool[N]) {
  sample a     ~ Normal(0, 10)
  sample b     ~ Normal(0, 10)
  sample sigma ~ HalfNormal(1)
  observe y ~ Normal(a + b * x, sigma) where keep
})";

std::vector<double> ramp(std::int64_t n) {
  std::vector<double> x;
  for (std::int64_t i = 0; i < n; ++i) x.push_back(static_cast<double>(i % 17) * 0.25 - 2);
  return x;
}

// Draws of a, b, sigma.
std::vector<double> line_draws(std::int64_t draws) {
  std::vector<double> values;
  for (const double start : {1.0, -0.5, 0.3})
    for (std::int64_t d = 0; d < draws; ++d) values.push_back(start + 0.01 * static_cast<double>(d % 10));
  return values;
}

TEST(Prediction, DrawsNewRowsAboutTheirMeans) {
  const Predicted model(kMissingOutcome);
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 3}}, {{"x", {0, 1, 2}}, {"y", {1, kGap, 2}}, {"keep", {1, 1, 0}}}});
  for (const std::int64_t rows : {0, 1, 7, 64, 511, 512, 513, 1031}) {
    const TestBound target = model.bind({{{"N", rows}}, {{"x", ramp(rows)}}}, true);
    constexpr std::int64_t kDraws = 53;
    const auto drawn = model.predict({&training, &target, line_draws(kDraws), kDraws, 0, kDraws, 7, LACUNA_MISSING_NAN,
                                      {{"N", std::vector<std::int64_t>(static_cast<std::size_t>(rows), -1)}}}, {"y"})[0];
    double sum = 0, squares = 0;
    for (std::int64_t d = 0; d < kDraws; ++d) {
      const double shift = 0.01 * static_cast<double>(d % 10);
      for (std::int64_t n = 0; n < rows; ++n) {
        const double x = ramp(rows)[static_cast<std::size_t>(n)];
        const double z = (drawn[static_cast<std::size_t>(d * rows + n)] - (1 + shift) - (-0.5 + shift) * x) / (0.3 + shift);
        ASSERT_TRUE(std::isfinite(z)) << rows << " " << d << " " << n;
        sum += z;
        squares += z * z;
      }
    }
    const double count = static_cast<double>(std::max<std::int64_t>(1, kDraws * rows));
    EXPECT_LT(std::abs(sum), 5 * std::sqrt(count) + 1e-9) << rows;
    EXPECT_LT(std::abs(squares - (rows > 0 ? count : 0)), 5 * std::sqrt(2 * count)) << rows;
  }
}

}  // namespace
}  // namespace lacuna::jit
