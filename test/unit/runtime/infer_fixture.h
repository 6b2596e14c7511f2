// Models bound to data, for the tests of inference.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "runtime/infer/approximation.h"
#include "runtime/infer/svi.h"
#include "test/unit/runtime/models/models.h"

namespace lacuna::runtime::infer {

using data::BoundModel;

// One array of reals for each argument, each of rank 1; `sizes` by dimension.
inline BoundModel bound_to(const lacuna_model& model, const std::vector<std::int64_t>& sizes,
                           const std::vector<std::vector<double>>& arrays) {
  data::Dataset dataset;
  for (std::size_t d = 0; d < sizes.size(); ++d)
    dataset.dimensions.push_back({model.metadata->dimensions[d].name, sizes[d], {}, {}});
  for (const auto& values : arrays) {
    data::Array array;
    array.given = true;
    array.sizes = {static_cast<std::int64_t>(values.size())};
    array.real = values;
    dataset.arguments.push_back(std::move(array));
  }
  Problems problems;
  std::optional<BoundModel> made = BoundModel::bind(model, dataset, problems);
  EXPECT_TRUE(made);
  return std::move(*made);
}

inline BoundModel eight_schools() {
  return bound_to(test::eight_schools(), {8}, {{28, 8, -3, 7, -1, 1, 18, 12}, {15, 10, 16, 11, 9, 11, 10, 18}});
}

// x = (n - 20) / 10, y = 1.5 - 0.7 x + 0.4 sin(7 n), every fifth outcome missing.
inline data::Dataset missing_outcome_data() {
  std::vector<double> x, y;
  for (int n = 0; n < 40; ++n) {
    x.push_back((n - 20) / 10.0);
    y.push_back(n % 5 == 0 ? std::numeric_limits<double>::quiet_NaN() : 1.5 - 0.7 * x.back() + 0.4 * std::sin(7.0 * n));
  }
  data::Dataset dataset;
  dataset.dimensions.push_back({"N", 40, {}, {}});
  for (const auto& values : {x, y}) {
    data::Array array;
    array.given = true;
    array.sizes = {40};
    array.real = values;
    dataset.arguments.push_back(std::move(array));
  }
  data::Array keep;
  keep.given = true;
  keep.sizes = {40};
  keep.whole.assign(40, 1);
  dataset.arguments.push_back(std::move(keep));
  return dataset;
}

inline BoundModel missing_outcome() {
  Problems problems;
  return std::move(*BoundModel::bind(test::missing_outcome(), missing_outcome_data(), problems));
}

// mean (1, -2, 3), covariance A A' with A = [[2, 0, 0], [1, 0.5, 0], [-1, 0.25, 0.3]]; precision computed in test code.
struct KnownNormal {
  std::vector<double> mean = {1, -2, 3};
  double triangle[3][3] = {{2, 0, 0}, {1, 0.5, 0}, {-1, 0.25, 0.3}};
  double sd(int i) const {
    double square = 0;
    for (const double x : triangle[i]) square += x * x;
    return std::sqrt(square);
  }
  // log of the integral of exp(-1/2 (x - mean)' P (x - mean)).
  double log_evidence() const { return 1.5 * std::log(2 * M_PI) + std::log(2 * 0.5 * 0.3); }
  BoundModel bound() const {
    // P = A'^-1 A^-1, by solving with unit vectors.
    std::vector<double> precision(9);
    double inverse[3][3] = {};
    for (int c = 0; c < 3; ++c) {
      for (int r = 0; r < 3; ++r) {
        double sum = r == c;
        for (int k = 0; k < r; ++k) sum -= triangle[r][k] * inverse[k][c];
        inverse[r][c] = sum / triangle[r][r];
      }
    }
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        for (int k = 0; k < 3; ++k) precision[static_cast<std::size_t>(i * 3 + j)] += inverse[k][i] * inverse[k][j];
      }
    }
    return bound_to(test::gaussian(), {3, 9}, {mean, precision});
  }
};

inline constexpr std::uint32_t kAll = LACUNA_JACOBIAN | LACUNA_NORMALISED;

inline SviState fitted(const BoundModel& model, const SviOptions& options, std::uint32_t flags = kAll) {
  Density density(model, flags);
  Problems problems;
  std::optional<SviState> state = start_svi(density, options, problems);
  EXPECT_TRUE(state);
  run_svi(density, options, *state);
  return std::move(*state);
}

struct Moments {
  std::vector<double> mean, sd;
};
inline Moments moments_of(const Guide& guide) {
  Moments made{std::vector<double>(guide.size()), std::vector<double>(guide.size())};
  guide.moments(made.mean.data(), made.sd.data());
  return made;
}

}  // namespace lacuna::runtime::infer
