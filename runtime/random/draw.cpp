#include "runtime/random/draw.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace lacuna::runtime::random {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Pair {
  double cosine, sine;
};

Pair box_muller(double u, double v) {
  const double radius = std::sqrt(-2 * std::log(u));
  const double angle = 2 * std::numbers::pi * v;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

// Multiplies uniforms until they fall under exp(-rate) (Knuth): rate + 1 uniforms on average.
std::int64_t poisson_by_inversion(Stream& stream, double rate) {
  const double floor = std::exp(-rate);
  double product = stream.uniform();
  std::int64_t count = 0;
  while (product > floor) {
    product *= stream.uniform();
    ++count;
  }
  return count;
}

// Transformed rejection with squeeze, "PTRS", for rates of 10 and more.
std::int64_t poisson_ptrs(Stream& stream, double rate) {
  const double b = 0.931 + 2.53 * std::sqrt(rate);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = stream.uniform() - 0.5;
    const double v = stream.uniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= v_r) return static_cast<std::int64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const double bound = k * std::log(rate) - rate - std::lgamma(k + 1);
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <= bound) return static_cast<std::int64_t>(k);
  }
}

// Adds probabilities from 0 upwards; n p < 10, so about ten terms. A uniform that rounding leaves over gives n.
std::int64_t binomial_by_inversion(Stream& stream, std::int64_t n, double p) {
  const double odds = p / (1 - p);
  double term = std::exp(static_cast<double>(n) * std::log1p(-p));
  double u = stream.uniform();
  for (std::int64_t k = 0; k < n; ++k) {
    if (u < term) return k;
    u -= term;
    term *= odds * static_cast<double>(n - k) / static_cast<double>(k + 1);
    if (term < 1e-300) return k;
  }
  return n;
}

// Transformed rejection with squeeze, "BTRS", for p <= 1/2 and n p >= 10.
std::int64_t binomial_btrs(Stream& stream, std::int64_t count, double p) {
  const double n = static_cast<double>(count), q = 1 - p;
  const double spread = std::sqrt(n * p * q);
  const double b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5;
  const double alpha = (2.83 + 5.1 / b) * spread;
  const double v_r = 0.92 - 4.2 / b;
  const double m = std::floor((n + 1) * p);
  const double at_mode = std::lgamma(m + 1) + std::lgamma(n - m + 1);
  while (true) {
    const double u = stream.uniform() - 0.5;
    double v = stream.uniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + centre);
    if (us >= 0.07 && v <= v_r) return static_cast<std::int64_t>(k);
    if (k < 0 || k > n) continue;
    v = std::log(v * alpha / (a / (us * us) + b));
    if (v <= at_mode - std::lgamma(k + 1) - std::lgamma(n - k + 1) + (k - m) * std::log(p / q)) {
      return static_cast<std::int64_t>(k);
    }
  }
}

}  // namespace

void fill_normal(std::uint64_t seed, std::uint32_t draw, Purpose purpose, std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); i += 2) {
    const auto words = philox(seed, draw, static_cast<std::uint32_t>(purpose), i / 2, 0);
    const std::uint64_t first = static_cast<std::uint64_t>(words[1]) << 32 | words[0];
    const std::uint64_t second = static_cast<std::uint64_t>(words[3]) << 32 | words[2];
    const Pair pair = box_muller(to_unit(first), to_unit(second));
    out[i] = pair.cosine;
    if (i + 1 < out.size()) out[i + 1] = pair.sine;
  }
}

double draw_normal(Stream& stream) {
  const double u = stream.uniform();
  return box_muller(u, stream.uniform()).cosine;
}

double draw_exponential(Stream& stream) {
  return -std::log(stream.uniform());
}

double draw_log_gamma(Stream& stream, double shape) {
  if (!(shape > 0) || std::isinf(shape)) return kNaN;
  if (shape < 1) return draw_log_gamma(stream, shape + 1) + std::log(stream.uniform()) / shape;
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = draw_normal(stream);
    const double v = 1 + c * x;
    if (v <= 0) continue;
    const double cube = v * v * v;
    if (std::log(stream.uniform()) < 0.5 * x * x + d * (1 - cube + std::log(cube))) return std::log(d) + std::log(cube);
  }
}

double draw_gamma(Stream& stream, double shape) {
  return std::exp(draw_log_gamma(stream, shape));
}

double draw_beta(Stream& stream, double a, double b) {
  const double x = draw_log_gamma(stream, a), y = draw_log_gamma(stream, b);
  return 1 / (1 + std::exp(y - x));
}

std::int64_t draw_poisson(Stream& stream, double rate) {
  if (!(rate >= 0) || rate > 1e15) return -1;
  if (rate == 0) return 0;
  return rate < 10 ? poisson_by_inversion(stream, rate) : poisson_ptrs(stream, rate);
}

std::int64_t draw_binomial(Stream& stream, std::int64_t n, double p) {
  if (n < 0 || !(p >= 0 && p <= 1)) return -1;
  if (p > 0.5) return n - draw_binomial(stream, n, 1 - p);
  if (n == 0 || p == 0) return 0;
  return static_cast<double>(n) * p < 10 ? binomial_by_inversion(stream, n, p) : binomial_btrs(stream, n, p);
}

std::int64_t draw_categorical(Stream& stream, std::span<const double> weights) {
  double total = 0;
  for (const double w : weights) total += w;
  if (!(total > 0) || std::isinf(total)) return -1;
  double u = stream.uniform() * total;
  std::int64_t last = -1;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (!(weights[k] > 0)) continue;
    last = static_cast<std::int64_t>(k);
    if (u < weights[k]) return last;
    u -= weights[k];
  }
  return last;
}

}  // namespace lacuna::runtime::random
