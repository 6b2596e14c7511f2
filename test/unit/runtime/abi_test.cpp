// The table of functions, called from C99, against numbers from elsewhere.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "test/unit/runtime/models/models.h"

extern "C" double lacuna_test_density_from_c(const lacuna_model* model, const double* y, const double* sigma,
                                             std::int64_t schools, const double* point, void* memory,
                                             std::int64_t bytes, int* code);

namespace lacuna::test {
namespace {

const std::vector<double> kY = {28, 8, -3, 7, -1, 1, 18, 12}, kSigma = {15, 10, 16, 11, 9, 11, 10, 18};
alignas(64) char memory[4096];

TEST(Abi, IsCalledFromC) {
  const std::vector<double> point = {4.0, 1.2, 0.1, -0.2, 0.3, -0.4, 0.5, -0.6, 0.7, -0.8};
  int code = -1;
  const double value = lacuna_test_density_from_c(&eight_schools(), kY.data(), kSigma.data(), 8, point.data(), memory,
                                                  sizeof memory, &code);
  EXPECT_EQ(code, LACUNA_OK);
  // scipy.stats: norm(0, 5).logpdf(mu) + halfcauchy(scale=5).logpdf(tau) + log tau + sum of norm.logpdf(z) and of
  // norm(mu + tau z, sigma).logpdf(y); see eight_schools_density.py.
  EXPECT_NEAR(value, -42.457646502714624, 1e-11);
}

TEST(Abi, ReportsWhatIsWrongByArgumentAndElement) {
  std::vector<double> sigma = kSigma;
  sigma[5] = -1;
  const std::vector<double> point(10, 0.0);
  int code = -1;
  lacuna_test_density_from_c(&eight_schools(), kY.data(), sigma.data(), 8, point.data(), memory, sizeof memory, &code);
  EXPECT_EQ(code, LACUNA_VALUE);
  lacuna_test_density_from_c(&eight_schools(), kY.data(), kSigma.data(), 8, point.data(), memory, 16, &code);
  EXPECT_EQ(code, LACUNA_WORKSPACE);
}

}  // namespace
}  // namespace lacuna::test
