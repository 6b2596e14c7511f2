// The gamma function's family: Stirling's series above 16, recurrences and libm below.
#include <cmath>
#include <limits>

#include "compiler/ir/special_functions.h"

namespace lacuna::ir::special {
namespace {

constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();
constexpr Real kInfinity = std::numeric_limits<Real>::infinity();
constexpr Real kPi = 3.141592653589793238462643383279502884L;
constexpr Real kHalfLog2Pi = 0.918938533204672741780329736405617640L;
constexpr Real kLarge = 16;

// Bernoulli numbers B2, B4, ..., B24.
constexpr Real kBernoulli[] = {1.0L / 6,       -1.0L / 30,       1.0L / 42,       -1.0L / 30,
                               5.0L / 66,      -691.0L / 2730,   7.0L / 6,        -3617.0L / 510,
                               43867.0L / 798, -174611.0L / 330, 854513.0L / 138, -236364091.0L / 2730};
constexpr int kTerms = 12;

// lgamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2) for x >= 16: the sum of B2k / (2k (2k - 1) x^(2k - 1)).
Real stirling(Real x) {
  Real sum = 0;
  Real power = 1 / x;
  for (int k = 1; k <= kTerms; ++k) {
    sum += kBernoulli[k - 1] / (2.0L * k * (2 * k - 1)) * power;
    power /= x * x;
  }
  return sum;
}

// The Riemann zeta function at k >= 2: 19 terms and the Euler-Maclaurin correction of the rest.
Real zeta(int k) {
  constexpr Real n = 20;
  Real sum = 0;
  for (int i = 1; i < 20; ++i) sum += std::pow(static_cast<Real>(i), -k);
  const Real last = std::pow(n, -k);
  Real tail = last * n / (k - 1) + last / 2;
  Real factor = last * k / n;  // k (k + 1) ... / n^(k + 2j - 1)
  Real factorial = 2;
  for (int j = 1; j <= 8; ++j) {
    tail += kBernoulli[j - 1] / factorial * factor;
    factor *= (k + 2 * j - 1.0L) * (k + 2.0L * j) / (n * n);
    factorial *= (2.0L * j + 1) * (2.0L * j + 2);
  }
  return sum + tail;
}

// lgamma(1 + x) for 0 <= x <= 1/4: -gamma x + the sum of zeta(k) (-x)^k / k.
Real lgamma1p(Real x) {
  constexpr Real euler = 0.577215664901532860606512090082402431L;
  Real sum = 0;
  Real power = -x;
  for (int k = 2; k < 40; ++k) {
    power *= -x;
    sum += zeta(k) * power / k;
  }
  return sum - euler * x;
}

// Without the C library's record of the sign, which all threads share.
Real log_gamma(Real x) {
  int sign = 0;
  return ::lgammal_r(x, &sign);
}

}  // namespace

Real lgamma(Real x) {
  return x == -kInfinity ? kInfinity : log_gamma(x);
}

Real lgamma_excess(Real x) {
  if (!(x >= 0)) return kNan;
  if (x == 0) return 0;
  if (x < 0.25L) return lgamma1p(x) - x * std::log(x) + x;
  if (x < kLarge) return log_gamma(x + 1) - x * std::log(x) + x;
  return kHalfLog2Pi + std::log(x) / 2 + stirling(x);
}

// Reflection below 0, recurrence to 16, then log x - 1/(2x) - sum of B2k / (2k x^2k).
Real digamma(Real x) {
  if (x <= 0) {
    if (x == std::floor(x)) return kNan;
    return digamma(1 - x) - kPi / std::tan(kPi * (x - std::round(x)));
  }
  Real shift = 0;
  for (; x < kLarge; x += 1) shift -= 1 / x;
  if (std::isinf(x)) return x;
  Real sum = 0;
  Real power = 1 / (x * x);
  for (int k = 1; k <= kTerms; ++k) {
    sum += kBernoulli[k - 1] / (2.0L * k) * power;
    power /= x * x;
  }
  return shift + std::log(x) - 1 / (2 * x) - sum;
}

// Above 16: 1/(2x) - sum of B2k / (2k x^2k).
Real digamma_excess(Real x) {
  if (!(x > 0)) return x == 0 ? kInfinity : kNan;
  if (x < kLarge) return digamma(x + 1) - std::log(x);
  Real sum = 0;
  Real power = 1 / (x * x);
  for (int k = 1; k <= kTerms; ++k) {
    sum += kBernoulli[k - 1] / (2.0L * k) * power;
    power /= x * x;
  }
  return 1 / (2 * x) - sum;
}

// Above 16: 1/x + 1/(2x^2) + sum of B2k / x^(2k + 1).
Real trigamma(Real x) {
  if (x <= 0) {
    if (x == std::floor(x)) return kInfinity;
    const Real sine = std::sin(kPi * x);
    return kPi * kPi / (sine * sine) - trigamma(1 - x);
  }
  Real shift = 0;
  for (; x < kLarge; x += 1) shift += 1 / (x * x);
  Real sum = 0;
  Real power = 1 / (x * x * x);
  for (int k = 1; k <= kTerms; ++k) {
    sum += kBernoulli[k - 1] * power;
    power /= x * x;
  }
  return shift + 1 / x + 1 / (2 * x * x) + sum;
}

// With the larger argument above 16 its two gammas are taken together, so that nothing cancels.
Real lbeta(Real a, Real b) {
  if (a > b) std::swap(a, b);
  if (!(a >= 0)) return kNan;
  if (a == 0) return kInfinity;
  if (std::isinf(b)) return -kInfinity;
  const Real sum = a + b;
  if (b < kLarge) return log_gamma(a) + log_gamma(b) - log_gamma(sum);
  if (a < kLarge) {
    return log_gamma(a) + stirling(b) - stirling(sum) - (b - 0.5L) * std::log1p(a / b) - a * std::log(sum) + a;
  }
  return kHalfLog2Pi - std::log(b) / 2 + stirling(a) + stirling(b) - stirling(sum) + (a - 0.5L) * std::log(a / sum) -
         b * std::log1p(a / b);
}

Real log_choose(Real n, Real k) {
  if (k == 0 || k == n) return 0;
  return -std::log1p(n) - lbeta(n - k + 1, k + 1);
}

}  // namespace lacuna::ir::special
