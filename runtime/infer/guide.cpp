#include "runtime/infer/guide.h"

#include <cmath>
#include <numbers>

namespace lacuna::runtime::infer {
namespace {

double constant(std::size_t n) {
  return 0.5 * static_cast<double>(n) * (1 + std::log(2 * std::numbers::pi));
}

class MeanField final : public Guide {
 public:
  GuideKind kind() const override { return GuideKind::MeanField; }

  void point(const double* noise, double* theta) const override {
    const std::size_t n = size();
    for (std::size_t i = 0; i < n; ++i)
      theta[i] = centre[i] + base[i] * (parameters[i] + std::exp(parameters[n + i]) * noise[i]);
  }

  double entropy() const override {
    double sum = constant(size());
    for (std::size_t i = 0; i < size(); ++i) sum += std::log(base[i]) + parameters[size() + i];
    return sum;
  }

  // With s = exp r and g = d log p / du: d/dm = g and d/dr = g s e + 1. Along the path the score adds e / s to g and
  // takes away the 1.
  void add_gradient(const double* noise, const double* slope, Estimator estimator, double* out) const override {
    const std::size_t n = size();
    const bool path = estimator == Estimator::PathOnly;
    for (std::size_t i = 0; i < n; ++i) {
      const double s = std::exp(parameters[n + i]);
      const double g = base[i] * slope[i] + (path ? noise[i] / s : 0);
      out[i] += g;
      out[n + i] += g * s * noise[i] + (path ? 0 : 1);
    }
  }

  void moments(double* mean, double* sd) const override {
    const std::size_t n = size();
    for (std::size_t i = 0; i < n; ++i) {
      mean[i] = centre[i] + base[i] * parameters[i];
      sd[i] = base[i] * std::exp(parameters[n + i]);
    }
  }

  std::unique_ptr<Guide> clone() const override { return std::make_unique<MeanField>(*this); }
};

class FullRank final : public Guide {
 public:
  GuideKind kind() const override { return GuideKind::FullRank; }

  void point(const double* noise, double* theta) const override {
    const std::size_t n = size();
    std::vector<double> u(n);
    for (std::size_t i = 0; i < n; ++i) {
      u[i] = parameters[i] + diagonal(i) * noise[i];
      for (std::size_t j = 0; j < i; ++j) u[i] += below(i, j) * noise[j];
    }
    for (std::size_t i = 0; i < n; ++i) {
      theta[i] = centre[i];
      for (std::size_t j = 0; j <= i; ++j) theta[i] += base[i * n + j] * u[j];
    }
  }

  double entropy() const override {
    const std::size_t n = size();
    double sum = constant(n);
    for (std::size_t i = 0; i < n; ++i) sum += std::log(base[i * n + i]) + parameters[n + i];
    return sum;
  }

  // As for mean-field, with the outer product of g = base' d log p / d theta and the noise; the score is S'^-1 e.
  void add_gradient(const double* noise, const double* slope, Estimator estimator, double* out) const override {
    const std::size_t n = size();
    const bool path = estimator == Estimator::PathOnly;
    std::vector<double> g(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= i; ++j) g[j] += base[i * n + j] * slope[i];
    }
    if (path) {
      std::vector<double> score(noise, noise + n);
      for (std::size_t i = n; i-- > 0;) {
        score[i] /= diagonal(i);
        for (std::size_t j = 0; j < i; ++j) score[j] -= below(i, j) * score[i];
      }
      for (std::size_t i = 0; i < n; ++i) g[i] += score[i];
    }
    double* at = out + 2 * n;
    for (std::size_t i = 0; i < n; ++i) {
      out[i] += g[i];
      out[n + i] += g[i] * diagonal(i) * noise[i] + (path ? 0 : 1);
      for (std::size_t j = 0; j < i; ++j) *at++ += g[i] * noise[j];
    }
  }

  void moments(double* mean, double* sd) const override {
    const std::size_t n = size();
    std::vector<double> row(n);
    for (std::size_t i = 0; i < n; ++i) {
      mean[i] = centre[i];
      for (std::size_t j = 0; j <= i; ++j) mean[i] += base[i * n + j] * parameters[j];
      std::fill(row.begin(), row.end(), 0.0);
      for (std::size_t k = 0; k <= i; ++k) {
        row[k] += base[i * n + k] * diagonal(k);
        for (std::size_t j = 0; j < k; ++j) row[j] += base[i * n + k] * below(k, j);
      }
      double square = 0;
      for (std::size_t j = 0; j <= i; ++j) square += row[j] * row[j];
      sd[i] = std::sqrt(square);
    }
  }

  std::unique_ptr<Guide> clone() const override { return std::make_unique<FullRank>(*this); }

 private:
  double diagonal(std::size_t i) const { return std::exp(parameters[size() + i]); }
  double below(std::size_t i, std::size_t j) const { return parameters[2 * size() + i * (i - 1) / 2 + j]; }
};

}  // namespace

std::string_view guide_name(GuideKind kind) {
  return kind == GuideKind::MeanField ? "mean-field" : "full-rank";
}

double Guide::log_density(const double* noise) const {
  double squares = 0;
  for (std::size_t i = 0; i < size(); ++i) squares += noise[i] * noise[i];
  return 0.5 * (static_cast<double>(size()) - squares) - entropy();
}

std::unique_ptr<Guide> make_mean_field(std::vector<double> centre, std::vector<double> scale) {
  auto made = std::make_unique<MeanField>();
  made->parameters.assign(2 * centre.size(), 0.0);
  made->centre = std::move(centre);
  made->base = std::move(scale);
  return made;
}

std::unique_ptr<Guide> make_full_rank(std::vector<double> centre, std::vector<double> lower_triangle) {
  auto made = std::make_unique<FullRank>();
  const std::size_t n = centre.size();
  made->parameters.assign(2 * n + n * (n - (n > 0)) / 2, 0.0);
  made->centre = std::move(centre);
  made->base = std::move(lower_triangle);
  return made;
}

}  // namespace lacuna::runtime::infer
