#include "runtime/assess/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lacuna::runtime::assess {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
using Chains = std::vector<std::vector<double>>;

// Each chain in two halves of equal length; a middle draw is left out.
Chains split(std::span<const double> draws, std::size_t chains) {
  const std::size_t length = draws.size() / chains, half = length / 2;
  Chains made;
  for (std::size_t c = 0; c < chains; ++c) {
    const auto chain = draws.subspan(c * length, length);
    made.emplace_back(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(half));
    made.emplace_back(chain.end() - static_cast<std::ptrdiff_t>(half), chain.end());
  }
  return made;
}

double mean_of(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double variance_of(const std::vector<double>& x) {
  const double mean = mean_of(x);
  double sum = 0;
  for (const double v : x) sum += (v - mean) * (v - mean);
  return sum / static_cast<double>(x.size() - 1);
}

// Ranks, ties sharing their average, to normal quantiles of (rank - 3/8) / (S + 1/4).
Chains rank_normalise(const Chains& chains) {
  std::vector<std::pair<double, std::size_t>> order;
  for (const auto& chain : chains) {
    for (const double x : chain) order.emplace_back(x, order.size());
  }
  std::sort(order.begin(), order.end());
  std::vector<double> z(order.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t j = i;
    while (j < order.size() && order[j].first == order[i].first) ++j;
    const double rank = 0.5 * static_cast<double>(i + 1 + j);
    const double value = normal_quantile((rank - 0.375) / (static_cast<double>(order.size()) + 0.25));
    for (; i < j; ++i) z[order[i].second] = value;
  }
  Chains made = chains;
  std::size_t at = 0;
  for (auto& chain : made) {
    for (double& x : chain) x = z[at++];
  }
  return made;
}

bool usable(const Chains& chains) {
  bool varies = false;
  for (const auto& chain : chains) {
    if (chain.size() < 2) return false;
    for (const double x : chain) {
      if (!std::isfinite(x)) return false;
      varies = varies || x != chains[0][0];
    }
  }
  return varies;
}

double r_hat_of(const Chains& chains) {
  const double n = static_cast<double>(chains[0].size());
  double within = 0;
  std::vector<double> means;
  for (const auto& chain : chains) {
    within += variance_of(chain) / static_cast<double>(chains.size());
    means.push_back(mean_of(chain));
  }
  return std::sqrt((variance_of(means) + (n - 1) / n * within) / within);
}

// Autocovariances are formed lag by lag, and only as far as the sequence of pairs stays positive.
double effective_size_of(const Chains& chains) {
  const std::size_t n = chains[0].size(), m = chains.size();
  const double length = static_cast<double>(n), total = length * static_cast<double>(m);
  std::vector<double> means;
  double within = 0;
  for (const auto& chain : chains) {
    means.push_back(mean_of(chain));
    within += variance_of(chain) / static_cast<double>(m);
  }
  double plus = within * (length - 1) / length;
  if (m > 1) plus += variance_of(means);
  const auto rho = [&](std::size_t lag) {
    double covariance = 0;
    for (std::size_t c = 0; c < m; ++c) {
      for (std::size_t i = 0; i + lag < n; ++i)
        covariance += (chains[c][i] - means[c]) * (chains[c][i + lag] - means[c]);
    }
    return 1 - (within - covariance / total) / plus;
  };
  // Pairs of neighbouring lags, each at most the one before, up to the first whose sum is negative; of that one, the
  // even lag.
  double sum = 0, last = std::numeric_limits<double>::infinity(), rest = 0;
  for (std::size_t lag = 0; lag + 2 < n; lag += 2) {
    const double even = lag == 0 ? 1 : rho(lag), pair = even + rho(lag + 1);
    if (pair < 0) {
      rest = std::max(even, 0.0);
      break;
    }
    last = std::min(last, pair);
    sum += last;
  }
  double tau = -1 + 2 * sum + rest;
  tau = std::max(tau, 1 / std::log10(total));
  return total / tau;
}

// Of the indicator of being at most the quantile p.
double quantile_size(std::span<const double> draws, std::size_t chains, double at) {
  std::vector<double> below;
  for (const double x : draws) below.push_back(x <= at);
  const Chains parts = split(below, chains);
  return usable(parts) ? effective_size_of(parts) : kNaN;
}

}  // namespace

double quantile(std::span<const double> sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const std::size_t low = static_cast<std::size_t>(at);
  if (low + 1 >= sorted.size()) return sorted.back();
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[low + 1] - sorted[low]);
}

double effective_size(std::span<const double> draws, std::size_t chains) {
  const Chains parts = split(draws, chains);
  return usable(parts) ? effective_size_of(parts) : kNaN;
}

double r_hat(std::span<const double> draws, std::size_t chains) {
  Chains parts = split(draws, chains);
  if (!usable(parts)) return kNaN;
  const double bulk = r_hat_of(rank_normalise(parts));
  std::vector<double> sorted;
  for (const auto& part : parts) sorted.insert(sorted.end(), part.begin(), part.end());
  std::sort(sorted.begin(), sorted.end());
  const double median = quantile(sorted, 0.5);
  for (auto& part : parts) {
    for (double& x : part) x = std::abs(x - median);
  }
  return std::max(bulk, usable(parts) ? r_hat_of(rank_normalise(parts)) : bulk);
}

Summary summarise(std::span<const double> draws, std::size_t chains) {
  Summary made;
  if (draws.empty()) return made;
  const std::vector<double> all(draws.begin(), draws.end());
  made.mean = mean_of(all);
  made.sd = all.size() > 1 ? std::sqrt(variance_of(all)) : 0;
  std::vector<double> sorted = all;
  std::sort(sorted.begin(), sorted.end());
  made.q05 = quantile(sorted, 0.05);
  made.q50 = quantile(sorted, 0.5);
  made.q95 = quantile(sorted, 0.95);
  const Chains parts = split(draws, chains);
  made.ess_bulk = usable(parts) ? effective_size_of(rank_normalise(parts)) : kNaN;
  made.ess_tail = std::min(quantile_size(draws, chains, made.q05), quantile_size(draws, chains, made.q95));
  made.rhat = r_hat(draws, chains);
  made.mcse = made.sd / std::sqrt(effective_size(draws, chains));
  return made;
}

}  // namespace lacuna::runtime::assess
