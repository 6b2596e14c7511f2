// Functions that are formulas in exp and log, written so that nothing cancels.
#include <cmath>
#include <limits>

#include "compiler/ir/special_functions.h"

namespace lacuna::ir::special {
namespace {

constexpr Real kInfinity = std::numeric_limits<Real>::infinity();
constexpr Real kLog2 = 0.693147180559945309417232121458176568L;
constexpr Real kHalfLog2Pi = 0.918938533204672741780329736405617640L;

}  // namespace

Real sigmoid(Real x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

Real logit(Real x) {
  return x > 0.3L && x < 0.7L ? std::log1p((2 * x - 1) / (1 - x)) : std::log(x) - std::log1p(-x);
}

Real softplus(Real x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

Real log1mexp(Real x) {
  return x > -kLog2 ? std::log(-std::expm1(x)) : std::log1p(-std::exp(x));
}

Real logaddexp(Real a, Real b) {
  const Real high = std::fmax(a, b);
  if (std::isnan(a) || std::isnan(b)) return a + b;
  if (std::isinf(high)) return high;
  return high + std::log1p(std::exp(std::fmin(a, b) - high));
}

Real xlogy(Real a, Real b) {
  return a == 0 && !std::isnan(b) ? 0 : a * std::log(b);
}

Real xlog1py(Real a, Real b) {
  return a == 0 && !std::isnan(b) ? 0 : a * std::log1p(b);
}

// Near 0 the series -x^2/2 + x^3/3 - ...; elsewhere the difference loses a digit or two of nineteen.
Real log1pmx(Real x) {
  if (x == kInfinity) return -kInfinity;
  if (!(std::fabs(x) < 0.125L)) return std::log1p(x) - x;
  Real sum = 0;
  Real power = -x;
  for (int k = 2; k < 40; ++k) {
    power *= -x;
    sum -= power / k;
  }
  return sum;
}

Real expm1mx(Real x) {
  if (std::isinf(x)) return kInfinity;
  if (!(std::fabs(x) < 0.25L)) return std::expm1(x) - x;
  Real sum = 0;
  Real term = x;
  for (int k = 2; k < 30; ++k) {
    term *= x / k;
    sum += term;
  }
  return sum;
}

// Near x = m as x (d - log1p(d)) with d = (m - x) / x.
Real kl_div(Real x, Real m) {
  if (!(x >= 0) || !(m >= 0)) return std::numeric_limits<Real>::quiet_NaN();
  if (x == 0) return m;
  if (m == 0 || std::isinf(x) || std::isinf(m)) return kInfinity;
  const Real d = (m - x) / x;
  if (std::fabs(d) < 0.125L) return -x * log1pmx(d);
  return x * (std::log(x) - std::log(m)) - x + m;
}

// Near x = m as log1p, with the quotient's exact numerator.
Real log_ratio(Real x, Real m) {
  if (!(x >= 0) || !(m >= 0)) return std::numeric_limits<Real>::quiet_NaN();
  const Real d = (x - m) / m;
  return std::fabs(d) < 0.5L ? std::log1p(d) : std::log(x) - std::log(m);
}

Real normal_cdf(Real x) {
  return std::erfc(-x * std::sqrt(0.5L)) / 2;
}

// Far below 0, where the function itself would underflow: Phi(x) = phi(x) / |x| (1 - 1/x^2 + 3/x^4 - 15/x^6 + ...).
Real normal_log_cdf(Real x) {
  if (x > 0) return std::log1p(-normal_cdf(-x));
  if (!(x < -100)) return std::log(normal_cdf(x));
  Real sum = 1;
  Real term = 1;
  for (int k = 1; k < 12; ++k) {
    term *= -(2 * k - 1) / (x * x);
    sum += term;
  }
  return -x * x / 2 - kHalfLog2Pi - std::log(-x) + std::log(sum);
}

// Newton on log Phi, which is concave: from the left of the root it cannot overshoot twice.
Real normal_quantile(Real p) {
  if (!(p >= 0 && p <= 1)) return std::numeric_limits<Real>::quiet_NaN();
  if (p == 0) return -kInfinity;
  if (p == 1) return kInfinity;
  if (p > 0.5L) return -normal_quantile(1 - p);
  const Real target = std::log(p);
  Real x = -std::sqrt(-2 * target + 0.0L);
  for (int i = 0; i < 100; ++i) {
    const Real value = normal_log_cdf(x);
    const Real slope = std::exp(-x * x / 2 - kHalfLog2Pi - value);
    const Real step = (value - target) / slope;
    x -= step;
    if (std::fabs(step) <= 4e-19L * std::fabs(x)) break;
  }
  return p == 0.5L ? 0 : x;
}

}  // namespace lacuna::ir::special
