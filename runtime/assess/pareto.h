// The Pareto k of importance ratios: how heavy their tail is, hence how far an approximation can be trusted.
//
//   needs    nothing
//   leaves   k by Vehtari, Simpson, Gelman, Yao and Gabry (2024): the largest ratios fitted by Zhang and Stephens
//   (2009) shown by test/unit/runtime/assess_test.cpp
#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace lacuna::runtime::assess {

inline constexpr std::size_t kFewestRatios = 25;

// k of the log ratios log p - log q; NaN when fewer than kFewestRatios, or when none is finite; -inf when the tail is constant.
// Ratios of -inf are 0.
double pareto_k(std::span<const double> log_ratios);

// The k that `count` draws can bear: min(1 - 1 / log10(count), 0.7).
double pareto_k_threshold(std::size_t count);

// What a k means: "good", "usable with importance weights", "poor"; or that so few draws do not tell.
std::string_view pareto_words(double k, std::size_t count);

}  // namespace lacuna::runtime::assess
