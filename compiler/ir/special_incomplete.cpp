// Incomplete gamma and beta functions: series and continued fractions, run until they stop changing.
#include <cmath>
#include <initializer_list>
#include <limits>

#include "compiler/ir/special_functions.h"

namespace lacuna::ir::special {
namespace {

constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();
constexpr Real kInfinity = std::numeric_limits<Real>::infinity();
constexpr Real kTiny = 1e-4000L;
constexpr Real kStop = 1e-20L;
constexpr int kLongest = 1'000'000;

// log of x^a e^-x / gamma(a + 1) = -kl_div(a, x) - lgamma_excess(a).
Real log_gamma_front(Real a, Real x) {
  return -kl_div(a, x) - lgamma_excess(a);
}

// P(a, x) = front * sum of x^k / ((a + 1) ... (a + k)); all terms positive.
Real gamma_series(Real a, Real x) {
  Real sum = 1;
  Real term = 1;
  for (int k = 1; k < kLongest && term > kStop * sum; ++k) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

// Q(a, x) = front * a * 1/(x + 1 - a - 1 (1 - a)/(x + 3 - a - ...)), by Lentz's algorithm; for x > a + 1.
Real gamma_fraction(Real a, Real x) {
  Real b = x + 1 - a;
  Real c = 1 / kTiny;
  Real d = 1 / b;
  Real h = d;
  for (int i = 1; i < kLongest; ++i) {
    const Real an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (std::fabs(d) < kTiny) d = kTiny;
    c = b + an / c;
    if (std::fabs(c) < kTiny) c = kTiny;
    d = 1 / d;
    const Real change = d * c;
    h *= change;
    if (std::fabs(change - 1) < kStop) break;
  }
  return a * h;
}

bool gamma_domain(Real a, Real x) {
  return a > 0 && x >= 0;
}

// I_x(a, b) = front / a * fraction; by Lentz's algorithm, for x < (a + 1) / (a + b + 2).
Real beta_fraction(Real a, Real b, Real x) {
  Real c = 1;
  Real d = 1 - (a + b) * x / (a + 1);
  if (std::fabs(d) < kTiny) d = kTiny;
  d = 1 / d;
  Real h = d;
  for (int m = 1; m < kLongest; ++m) {
    const Real even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const Real odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    Real change = 1;
    for (Real coefficient : {even, odd}) {
      d = 1 + coefficient * d;
      if (std::fabs(d) < kTiny) d = kTiny;
      c = 1 + coefficient / c;
      if (std::fabs(c) < kTiny) c = kTiny;
      d = 1 / d;
      change = d * c;
      h *= change;
    }
    if (std::fabs(change - 1) < kStop) break;
  }
  return h;
}

Real log_beta_lower(Real a, Real b, Real x, Real y) {
  return a * std::log(x) + b * (x < 0.5L ? std::log1p(-x) : std::log(y)) - lbeta(a, b) - std::log(a) +
         std::log(beta_fraction(a, b, x));
}

// log I_x(a, b) with y = 1 - x given too, so that neither is rounded away.
Real log_beta(Real a, Real b, Real x, Real y) {
  if (!(a > 0 && b > 0 && x >= 0 && y >= 0)) return kNan;
  if (x == 0) return -kInfinity;
  if (y == 0) return 0;
  if (x < (a + 1) / (a + b + 2)) return log_beta_lower(a, b, x, y);
  return log1mexp(log_beta_lower(b, a, y, x));
}

// The derivative at s > 0 of a smooth function: a sixth-order difference, extrapolated once; errors near 1e-14.
template <class Function>
Real slope(Real s, const Function& f) {
  auto difference = [&](Real h) {
    auto pair = [&](int k) { return f(s + k * h) - f(s - k * h); };
    return (45 * pair(1) - 9 * pair(2) + pair(3)) / (60 * h);
  };
  const Real h = s / (64 + 16 * std::sqrt(s));
  return (64 * difference(h / 2) - difference(h)) / 63;
}

// The root of a monotone function between low and high, by halving until nothing lies between.
template <class Below>
Real halve(Real low, Real high, const Below& below) {
  for (int i = 0; i < 20000; ++i) {
    const Real middle = low > 0 && high / low > 4 ? std::sqrt(low) * std::sqrt(high) : low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (below(middle) ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

template <class Below>
Real positive_root(const Below& below) {
  Real high = 1;
  while (below(high) && high < 1e300L) high *= 16;
  Real low = high / 16;
  while (!below(low) && low > 1e-4900L) low /= 16;
  return halve(low, high, below);
}

}  // namespace

Real log_gamma_p(Real a, Real x) {
  if (!gamma_domain(a, x)) return kNan;
  if (x == 0) return -kInfinity;
  if (std::isinf(x)) return 0;
  if (x <= a + 1) return log_gamma_front(a, x) + std::log(gamma_series(a, x));
  return log1mexp(log_gamma_front(a, x) + std::log(gamma_fraction(a, x)));
}

Real log_gamma_q(Real a, Real x) {
  if (!gamma_domain(a, x)) return kNan;
  if (x == 0) return 0;
  if (std::isinf(x)) return -kInfinity;
  if (x > a + 1) return log_gamma_front(a, x) + std::log(gamma_fraction(a, x));
  return log1mexp(log_gamma_front(a, x) + std::log(gamma_series(a, x)));
}

Real gamma_p(Real a, Real x) {
  return std::exp(log_gamma_p(a, x));
}
Real gamma_q(Real a, Real x) {
  return std::exp(log_gamma_q(a, x));
}

// Below: term by term, the mean of log x - digamma(a + k + 1) over the terms of the series. Above: from that of Q.
Real log_gamma_p_shape(Real a, Real x) {
  if (!gamma_domain(a, x)) return kNan;
  if (x == 0) return -kInfinity;
  if (std::isinf(x)) return 0;
  if (x > a + 1) return -std::exp(log_gamma_q(a, x) - log_gamma_p(a, x)) * log_gamma_q_shape(a, x);
  const Real log_x = std::log(x);
  Real term = 1;
  Real total = 1;
  Real psi = digamma(a + 1);
  Real sum = log_x - psi;
  for (int k = 1; k < kLongest && term > kStop * total; ++k) {
    term *= x / (a + k);
    psi += 1 / (a + k);
    total += term;
    sum += term * (log_x - psi);
  }
  return sum / total;
}

Real log_gamma_q_shape(Real a, Real x) {
  if (!gamma_domain(a, x)) return kNan;
  if (x == 0) return 0;
  if (std::isinf(x)) return kInfinity;
  if (x <= a + 1) return -std::exp(log_gamma_p(a, x) - log_gamma_q(a, x)) * log_gamma_p_shape(a, x);
  return slope(a, [&](Real s) { return log_gamma_front(s, x) + std::log(gamma_fraction(s, x)); });
}

Real gamma_p_inverse(Real a, Real p) {
  if (!(a > 0 && p >= 0 && p <= 1)) return kNan;
  if (p == 0) return 0;
  if (p == 1) return kInfinity;
  return positive_root([&](Real x) { return gamma_p(a, x) < p; });
}

Real gamma_q_inverse(Real a, Real q) {
  if (!(a > 0 && q >= 0 && q <= 1)) return kNan;
  if (q == 1) return 0;
  if (q == 0) return kInfinity;
  return positive_root([&](Real x) { return gamma_q(a, x) > q; });
}

Real log_beta_inc(Real a, Real b, Real x) {
  return log_beta(a, b, x, 1 - x);
}
Real beta_inc(Real a, Real b, Real x) {
  return std::exp(log_beta_inc(a, b, x));
}

// The smaller of the two tails is differenced, so that the derivative of its log keeps its digits.
Real log_beta_inc_first(Real a, Real b, Real x) {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return kNan;
  if (x == 0) return -kInfinity;
  if (x == 1) return 0;
  if (x < (a + 1) / (a + b + 2)) return slope(a, [&](Real s) { return log_beta_lower(s, b, x, 1 - x); });
  const Real tail = log_beta_lower(b, a, 1 - x, x);
  return slope(a, [&](Real s) { return log_beta_lower(b, s, 1 - x, x); }) / -std::expm1(-tail);
}

Real log_beta_inc_second(Real a, Real b, Real x) {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return kNan;
  if (x == 0) return std::log1p(-x);
  if (x == 1) return 0;
  if (x < (a + 1) / (a + b + 2)) return slope(b, [&](Real s) { return log_beta_lower(a, s, x, 1 - x); });
  const Real tail = log_beta_lower(b, a, 1 - x, x);
  return slope(b, [&](Real s) { return log_beta_lower(s, a, 1 - x, x); }) / -std::expm1(-tail);
}

Real beta_inc_inverse(Real a, Real b, Real p) {
  if (!(a > 0 && b > 0 && p >= 0 && p <= 1)) return kNan;
  if (p == 0 || p == 1) return p;
  return halve(kTiny, 1, [&](Real x) { return beta_inc(a, b, x) < p; });
}

}  // namespace lacuna::ir::special
