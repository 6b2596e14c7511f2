// The interpreter's functions against numbers of 25 digits from mpmath.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/ir/evaluate.h"
#include "compiler/ir/special_functions.h"

namespace lacuna::ir {
namespace {

struct Row {
  const char* name;
  long double value;
  std::vector<double> operands;
};

template <class... Operands>
Row row(const char* name, long double value, Operands... operands) {
  return {name, value, {operands...}};
}

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
#define LACUNA_VALUE(name, value, ...) row(name, value, __VA_ARGS__),
#include "test/unit/ir/special_functions.def"
#undef LACUNA_VALUE
  };
  return table;
}

// How far a function may be off, relatively: derivatives by a shape are differences.
long double tolerance(std::string_view name) {
  if (name.ends_with("_shape") || name.ends_with("_first") || name.ends_with("_second")) return 1e-13L;
  return 3e-17L;
}

TEST(SpecialFunctions, AgreeWithHighPrecision) {
  for (const Row& each : rows()) {
    std::vector<Cell> operands;
    long double scale = std::fabs(each.value);
    for (double x : each.operands) operands.push_back(Cell::of(static_cast<long double>(x)));
    const long double value = evaluate(*op_by_mnemonic(each.name), operands).real;
    // Logs of tiny numbers and incomplete functions carry the rounding of exponents of size up to |log value|.
    scale *= 1 + std::fabs(std::log(std::fmax(std::fabs(each.value), 1e-300L)));
    EXPECT_LE(std::fabs(value - each.value), tolerance(each.name) * scale)
        << each.name << "(" << each.operands[0] << (each.operands.size() > 1 ? ", ..." : "")
        << ") = " << static_cast<double>(value) << ", relative error "
        << static_cast<double>((value - each.value) / each.value);
  }
}

TEST(SpecialFunctions, InversesUndoTheirFunctions) {
  for (double a : {0.3, 1.0, 4.5, 80.0}) {
    for (double p : {1e-10, 0.01, 0.5, 0.9}) {
      EXPECT_NEAR(static_cast<double>(special::gamma_p(a, special::gamma_p_inverse(a, p)) / p), 1, 1e-14);
      EXPECT_NEAR(static_cast<double>(special::gamma_q(a, special::gamma_q_inverse(a, p)) / p), 1, 1e-14);
      EXPECT_NEAR(static_cast<double>(special::beta_inc(a, 2.5, special::beta_inc_inverse(a, 2.5, p)) / p), 1, 1e-14);
    }
  }
}

TEST(SpecialFunctions, HaveTheirLimitsAtTheEdges) {
  const long double infinity = std::numeric_limits<long double>::infinity();
  EXPECT_EQ(special::normal_log_cdf(infinity), 0);
  EXPECT_EQ(special::normal_log_cdf(-infinity), -infinity);
  EXPECT_EQ(special::normal_quantile(0), -infinity);
  EXPECT_TRUE(std::isnan(special::normal_quantile(1.5L)));
  EXPECT_EQ(special::logaddexp(-infinity, -infinity), -infinity);
  EXPECT_EQ(special::logaddexp(-infinity, 2), 2);
  EXPECT_EQ(special::softplus(infinity), infinity);
  EXPECT_EQ(special::softplus(-infinity), 0);
  EXPECT_EQ(special::xlogy(0, 0), 0);
  EXPECT_EQ(special::xlog1py(0, -1), 0);
  EXPECT_EQ(special::kl_div(0, 3), 3);
  EXPECT_EQ(special::kl_div(2, 0), infinity);
  EXPECT_EQ(special::log_ratio(0, 3), -infinity);
  EXPECT_EQ(special::log_ratio(2, 0), infinity);
  EXPECT_TRUE(std::isnan(special::log_ratio(0, 0)));
  EXPECT_EQ(special::lgamma_excess(0), 0);
  EXPECT_EQ(special::log1pmx(-1), -infinity);
  EXPECT_EQ(special::log_gamma_q(3, infinity), -infinity);
  EXPECT_EQ(special::log_beta_inc(2, 3, 0), -infinity);
  EXPECT_EQ(special::log_beta_inc(2, 3, 1), 0);
}

}  // namespace
}  // namespace lacuna::ir
