// The Hessian of a log density at a point, and the normal that it makes.
//
//   needs    Eigen for factorisations; Hessian-vector products where the table has them, else central differences of
//   gradients leaves   lower triangles, row by row shown by test/unit/runtime/optimise_test.cpp
#pragma once
#include <optional>
#include <vector>

#include "runtime/infer/density.h"

namespace lacuna::runtime::infer {

// The most latent numbers over which a dense matrix is made.
inline constexpr std::size_t kMostDense = 5000;

// Whether `method` ("--guide full-rank") may have a dense matrix over this density's coordinates; R0709 if not.
bool may_be_dense(const Density& density, const char* method, Problems& problems);

// -d2 log p / dx dx at `point`, symmetric, [n, n]. Differences use steps of 1e-4 `scale`, so their error is about 1e-8
// relative to third derivatives in units of the scale. NaN where the density is not finite.
std::vector<double> negative_hessian(Density& density, const std::vector<double>& point,
                                     const std::vector<double>& scale);

// The Cholesky factor of the inverse of the negative Hessian at `point`, for a start: curvatures in units of `scale`
// are raised to 1e-3 where they are smaller, and where differences fail the factor is diag(scale).
std::vector<double> curvature_triangle(Density& density, const std::vector<double>& point,
                                       const std::vector<double>& scale);

struct Normal {
  std::vector<double> triangle;   // the covariance's Cholesky factor, [n, n]
  double log_determinant = 0;     // of the factor
  std::vector<std::size_t> flat;  // coordinates along which the curvature is not positive; then the rest is empty
};
// The normal with this precision.
Normal normal_of_precision(const std::vector<double>& precision, std::size_t n);

}  // namespace lacuna::runtime::infer
