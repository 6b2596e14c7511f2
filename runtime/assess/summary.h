// Draws in numbers: mean, spread, quantiles, and how many independent draws they are worth.
//
//   needs    draws of one quantity, chain after chain
//   leaves   R-hat and effective sample sizes by Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021)
//   shown by test/unit/runtime/assess_test.cpp
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace lacuna::runtime::assess {

struct Summary {
  double mean = 0, sd = 0;  // of all draws; the sd with n - 1
  double mcse = 0;          // of the mean: sd / sqrt(ess_mean)
  double q05 = 0, q50 = 0, q95 = 0;
  double ess_bulk = 0, ess_tail = 0, rhat = 0;  // NaN when a draw is not finite, or when there are fewer than 4 a chain
};

// `draws` holds `chains` stretches of equal length, one after the other.
Summary summarise(std::span<const double> draws, std::size_t chains);

// Linear between order statistics: position (n - 1) p (R's type 7). `sorted` is in ascending order and not empty.
double quantile(std::span<const double> sorted, double p);

// Effective sample size of the mean of the draws as they are: split chains, autocovariances, Geyer's initial monotone
// sequence.
double effective_size(std::span<const double> draws, std::size_t chains);

// The larger of the rank-normalised split R-hat of the draws and of their distances from the median.
double r_hat(std::span<const double> draws, std::size_t chains);

// The standard normal's quantile, by Wichura (1988), AS 241: relative error about 1e-16.
double normal_quantile(double p);

}  // namespace lacuna::runtime::assess
