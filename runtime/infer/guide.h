// Normal guides over the unconstrained vector, in the two forms that automatic guides have.
//
//   needs    nothing
//   leaves   points from noise, gradients of the evidence lower bound by reparametrisation, entropies in closed form
//   shown by test/unit/runtime/guide_test.cpp
//
// Parameters are in units of a fixed affine map theta = centre + base u, found before the ascent, in which the
// posterior is about standard: u = m + S e with e standard normal. Mean-field: `base` and S are diagonal, S = diag(exp
// r). Full rank: both are lower triangles, the diagonal of S being exp r. One learning rate then suits all parameters.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace lacuna::runtime::infer {

enum class GuideKind { MeanField, FullRank };
std::string_view guide_name(GuideKind kind);

// Which estimator of the gradient: with the entropy's own gradient, or along the path only, dropping the score of the
// guide, whose mean is 0 ("sticking the landing", Roeder, Wu and Duvenaud 2017): without noise where the guide is the
// posterior.
enum class Estimator { ClosedEntropy, PathOnly };

class Guide {
 public:
  virtual ~Guide() = default;
  virtual GuideKind kind() const = 0;
  // Of the unconstrained vector, and of the guide's parameters: [m, r] or [m, r, the triangle below the diagonal by
  // rows].
  std::size_t size() const { return centre.size(); }
  std::size_t parameter_count() const { return parameters.size(); }

  // theta [size] from noise [size].
  virtual void point(const double* noise, double* theta) const = 0;
  // H[q] = sum(log of both diagonals) + size / 2 (1 + log 2 pi).
  virtual double entropy() const = 0;
  // log q(theta) at the point that this noise gives.
  double log_density(const double* noise) const;
  // Adds to `out` [parameter_count] the gradient of log p(theta) + H for one noise, given d log p / d theta.
  virtual void add_gradient(const double* noise, const double* slope, Estimator estimator, double* out) const = 0;
  // Means and standard deviations of theta.
  virtual void moments(double* mean, double* sd) const = 0;
  virtual std::unique_ptr<Guide> clone() const = 0;

  std::vector<double> parameters;
  std::vector<double> centre;
  std::vector<double> base;  // [size], or [size, size] row by row
};

// Starts at `centre` with S = 1.
std::unique_ptr<Guide> make_mean_field(std::vector<double> centre, std::vector<double> scale);
std::unique_ptr<Guide> make_full_rank(std::vector<double> centre, std::vector<double> lower_triangle);

}  // namespace lacuna::runtime::infer
