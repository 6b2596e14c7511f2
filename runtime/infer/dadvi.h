// Variational inference with fixed draws ("DADVI": Giordano, Ingram and Broderick 2024): a mean-field normal maximises
// the evidence bound over the same few draws of noise in every evaluation, so the objective is an ordinary smooth
// function with an exact optimum; covariances, which a mean-field normal has not, come from how that optimum answers to
// a small change of the model (linear response).
//
//   needs    a normalised density with Jacobian that has Hessian-vector products
//   leaves   a full-rank guide: the means of the optimum, the covariance of linear response
//   shown by test/unit/runtime/dadvi_test.cpp
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "runtime/infer/density.h"
#include "runtime/infer/guide.h"
#include "runtime/infer/progress.h"

namespace lacuna::runtime::infer {

struct DadviOptions {
  std::uint64_t seed = 0;
  int particles = 30;                   // how many draws are fixed
  GoOn progress;       // after each iteration
};

struct Dadvi {
  std::unique_ptr<Guide> optimum;  // mean-field
  std::unique_ptr<Guide> guide;    // full rank, by linear response; null when stopped before
  double elbo = 0;                 // of the optimum, over the fixed draws
  double slope = 0;                // the largest entry of the objective's gradient, in standard deviations of the start
  int iterations = 0;
  bool converged = false;
};

// The most latent numbers: the covariance is a dense matrix.
inline constexpr std::size_t kMostResponding = 5000;

// Empty with R0701 (no start), R0706 (the optimum has no curvature) or R0708 (no products, or too many latents).
std::optional<Dadvi> run_dadvi(Density& density, const DadviOptions& options, Problems& problems);

// The Cholesky factor [size, size] of the covariance of theta by linear response at a mean-field guide that maximises the bound over these
// draws: the block of the means in the inverse of the Hessian of the negative bound with respect to the guide's
// parameters, from `size` times `particles` products. Empty, with the coordinates that are flat in `flat`, when that
// Hessian is not positive definite.
std::vector<double> linear_response(Density& density, const Guide& guide, const DadviOptions& options,
                                    std::vector<std::size_t>& flat);

}  // namespace lacuna::runtime::infer
