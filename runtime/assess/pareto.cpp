#include "runtime/assess/pareto.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lacuna::runtime::assess {
namespace {

// The shape of a generalised Pareto distribution from sorted exceedances (Zhang and Stephens 2009), drawn towards 1/2
// as by ten further observations (Vehtari et al. 2024, appendix G).
double generalised_pareto_shape(const std::vector<double>& x) {
  const std::size_t n = x.size();
  const double count = static_cast<double>(n);
  const std::size_t grid = 30 + static_cast<std::size_t>(std::sqrt(count));
  const double quartile = x[static_cast<std::size_t>(std::floor(count / 4 + 0.5)) - 1];
  std::vector<double> theta(grid), profile(grid);
  for (std::size_t j = 0; j < grid; ++j) {
    const double share = std::sqrt(static_cast<double>(grid) / (static_cast<double>(j) + 0.5));
    theta[j] = 1 / x.back() + (1 - share) / (3 * quartile);
    double k = 0;
    for (const double value : x) k += std::log1p(-theta[j] * value);
    k /= count;
    profile[j] = count * (std::log(-theta[j] / k) - k - 1);
  }
  const double most = *std::max_element(profile.begin(), profile.end());
  double weight = 0, mean = 0;
  for (std::size_t j = 0; j < grid; ++j) {
    const double w = std::exp(profile[j] - most);
    weight += w;
    mean += w * theta[j];
  }
  mean /= weight;
  double k = 0;
  for (const double value : x) k += std::log1p(-mean * value);
  k /= count;
  return (k * count + 0.5 * 10) / (count + 10);
}

}  // namespace

double pareto_k(std::span<const double> log_ratios) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (log_ratios.size() < kFewestRatios) return nan;
  std::vector<double> sorted(log_ratios.begin(), log_ratios.end());
  if (std::any_of(sorted.begin(), sorted.end(), [](double r) { return std::isnan(r) || (r > 0 && std::isinf(r)); })) {
    return std::numeric_limits<double>::infinity();
  }
  std::sort(sorted.begin(), sorted.end());
  if (!std::isfinite(sorted.back())) return nan;
  const double count = static_cast<double>(sorted.size());
  const std::size_t tail = static_cast<std::size_t>(std::ceil(std::min(0.2 * count, 3 * std::sqrt(count))));
  const double most = sorted.back();
  const double cutoff = std::max(std::exp(sorted[sorted.size() - tail - 1] - most), std::numeric_limits<double>::min());
  std::vector<double> exceed;
  for (std::size_t i = sorted.size() - tail; i < sorted.size(); ++i) {
    const double over = std::exp(sorted[i] - most) - cutoff;
    if (over > 0) exceed.push_back(over);
  }
  // Ratios that are all alike have no tail; what is left is rounding.
  if (exceed.size() < 5 || exceed.back() < 1e-10) return -std::numeric_limits<double>::infinity();
  return generalised_pareto_shape(exceed);
}

double pareto_k_threshold(std::size_t count) {
  return std::min(1 - 1 / std::log10(static_cast<double>(count)), 0.7);
}

std::string_view pareto_words(double k, std::size_t count) {
  if (count < kFewestRatios) return "not known from so few draws";
  if (!(k <= pareto_k_threshold(count))) return "poor";
  return k <= 0.5 ? "good" : "usable with importance weights";
}

}  // namespace lacuna::runtime::assess
