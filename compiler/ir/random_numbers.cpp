#include "compiler/ir/random_numbers.h"

#include <Random123/philox.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "compiler/ir/special_functions.h"

namespace lacuna::ir::random {
namespace {

using Real = long double;

constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();
constexpr Real kNone = -std::numeric_limits<Real>::infinity();
constexpr std::uint64_t kStride = std::uint64_t{64} << 32;
// Inversion adds probabilities up to here; what lies behind is below the spacing of uniforms.
constexpr int kLastByInversion = 110;

// The uniforms of the two halves of a block.
struct Uniforms {
  Real first, second;
};

Real to_unit(std::uint32_t low, std::uint32_t high) {
  const std::uint64_t bits = std::uint64_t{high} << 32 | low;
  return (static_cast<Real>(bits >> 12) + 0.5L) * 0x1p-52L;
}

Uniforms uniforms(const Source& source, std::uint64_t round = 0) {
  const auto cell = static_cast<std::uint64_t>(source.cell), seed = static_cast<std::uint64_t>(source.seed);
  const std::uint64_t counter = static_cast<std::uint64_t>(source.counter) + round * kStride;
  const philox4x32_ctr_t input = {{static_cast<std::uint32_t>(cell), static_cast<std::uint32_t>(cell >> 32),
                                   static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32)}};
  const philox4x32_key_t key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const philox4x32_ctr_t words = philox4x32(input, key);
  return {to_unit(words[0], words[1]), to_unit(words[2], words[3])};
}

Real normal(const Uniforms& u) {
  return std::sqrt(-2 * std::log(u.first)) * std::cos(2 * std::numbers::pi_v<Real> * u.second);
}

// log P(k) of a Poisson distribution, without cancellation.
Real poisson_log_mass(Real k, Real rate) { return -special::kl_div(k, rate) - special::lgamma_excess(k); }

Real poisson_by_inversion(Real u, Real rate) {
  Real mass = std::exp(-rate);
  Real k = 0;
  for (; u > mass && k < kLastByInversion; mass *= rate / k) {
    u -= mass;
    ++k;
  }
  return k;
}

Real poisson_by_rejection(const Source& source, Real rate) {
  const Real b = 0.931L + 2.53L * std::sqrt(rate);
  const Real a = -0.059L + 0.02483L * b;
  const Real inverse_alpha = 1.1239L + 1.1328L / (b - 3.4L);
  const Real squeeze = 0.9277L - 3.6224L / (b - 2);
  for (std::uint64_t round = 0;; ++round) {
    const Uniforms block = uniforms(source, round);
    const Real u = block.first - 0.5L, v = block.second;
    const Real side = 0.5L - std::fabs(u);
    const Real k = std::floor(static_cast<double>((2 * a / side + b) * u + rate + 0.43L));
    if (side >= 0.07L && v <= squeeze) return k;
    if (k < 0 || (side < 0.013L && v > side)) continue;
    if (std::log(v * inverse_alpha / (a / (side * side) + b)) <= poisson_log_mass(k, rate)) return k;
  }
}

// Of n and p <= 1/2.
Real binomial_by_inversion(Real u, Real n, Real p) {
  const Real odds = p / (1 - p);
  Real mass = std::exp(n * std::log1p(-p));
  Real k = 0;
  for (; u > mass && k < n && k < kLastByInversion; mass *= odds * (n - k + 1) / k) {
    u -= mass;
    ++k;
  }
  return k;
}

// log P(k), but for what only n says.
Real binomial_log_mass(Real k, Real n, Real p) {
  return -special::kl_div(k, n * p) - special::kl_div(n - k, n * (1 - p)) - special::lgamma_excess(k) -
         special::lgamma_excess(n - k);
}

Real binomial_by_rejection(const Source& source, Real n, Real p) {
  const Real spread = std::sqrt(n * p * (1 - p));
  const Real b = 1.15L + 2.53L * spread;
  const Real a = -0.0873L + 0.0248L * b + 0.01L * p;
  const Real alpha = (2.83L + 5.1L / b) * spread;
  const Real squeeze = 0.92L - 4.2L / b;
  const Real at_mode = binomial_log_mass(std::floor(static_cast<double>((n + 1) * p)), n, p);
  for (std::uint64_t round = 0;; ++round) {
    const Uniforms block = uniforms(source, round);
    const Real u = block.first - 0.5L, v = block.second;
    const Real side = 0.5L - std::fabs(u);
    const Real k = std::floor(static_cast<double>((2 * a / side + b) * u + n * p + 0.5L));
    if (side >= 0.07L && v <= squeeze) return k;
    if (k < 0 || k > n) continue;
    if (std::log(v * alpha / (a / (side * side) + b)) <= binomial_log_mass(k, n, p) - at_mode) return k;
  }
}

}  // namespace

Real standard_uniform(const Source& source) { return uniforms(source).first; }

Real standard_normal(const Source& source) { return normal(uniforms(source)); }

Real log_standard_gamma(const Source& source, Real concentration) {
  if (!(concentration > 0) || std::isinf(concentration)) return kNan;
  const bool small = concentration < 1;
  const Real d = (small ? concentration + 1 : concentration) - 1.0L / 3, c = 1 / std::sqrt(9 * d);
  Real lift = 0;
  for (std::uint64_t round = 0;; round += 2) {
    const Real x = normal(uniforms(source, round));
    const Uniforms accept = uniforms(source, round + 1);
    if (round == 0 && small) lift = std::log(accept.second) / concentration;
    const Real v = 1 + c * x;
    if (v <= 0) continue;
    const Real cube = v * v * v;
    if (std::log(accept.first) < 0.5L * x * x + d * (1 - cube + std::log(cube))) return std::log(d * cube) + lift;
  }
}

Real standard_gamma(const Source& source, Real concentration) { return std::exp(log_standard_gamma(source, concentration)); }

Real poisson_draw(const Source& source, Real rate) {
  if (!(rate >= 0) || rate > 1e15L) return kNone;
  return rate < 10 ? poisson_by_inversion(uniforms(source).first, rate) : poisson_by_rejection(source, rate);
}

Real binomial_draw(const Source& source, Real count, Real p) {
  if (!(count >= 0) || count > 1e15L || !(p >= 0 && p <= 1)) return kNone;
  const bool flipped = p > 0.5L;
  const Real q = flipped ? 1 - p : p;
  const Real k = count * q < 10 ? binomial_by_inversion(uniforms(source).first, count, q)
                                : binomial_by_rejection(source, count, q);
  return flipped ? count - k : k;
}

}  // namespace lacuna::ir::random
