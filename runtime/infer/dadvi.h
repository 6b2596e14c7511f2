// Variational inference with fixed draws ("DADVI": Giordano, Ingram and Broderick 2024): a mean-field normal maximises
// the evidence bound over the same few draws of noise in every evaluation, so the objective is an ordinary smooth
// function with an exact optimum; covariances, which a mean-field normal has not, come from how that optimum answers to
// a small change of the model (linear response).
//
// The draws are balanced: every one stands beside its mirror image, and in each coordinate their mean square is 1. With as
// many independent draws the optimum's means would be off by 1 / sqrt(draws) standard deviations (0.1 for 100), and by
// nothing where the posterior is normal now.
//
// What is reported is the means of the mean-field optimum on the natural scale with the covariance of linear response. The
// draws are made on the unconstrained scale, where a larger sd alone would move the natural mean of a curved transform
// (that of exp by half the gain in variance), so their centre makes up for it, to second order.
//
//   needs    a normalised density with Jacobian that has Hessian-vector products
//   leaves   a full-rank guide: the means of the optimum, the covariance of linear response
//   shown by test/unit/runtime/dadvi_test.cpp
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "runtime/infer/climb.h"
#include "runtime/infer/density.h"
#include "runtime/infer/guide.h"
#include "runtime/infer/progress.h"

namespace lacuna::runtime::infer {

struct DadviOptions {
  std::uint64_t seed = 0;
  int particles = 100;  // how many draws are fixed; an odd number is raised by one
  GoOn progress;       // after each iteration
  Keeping keeping{};
};

struct Dadvi {
  std::unique_ptr<Guide> optimum;  // mean-field
  std::unique_ptr<Guide> guide;    // full rank, by linear response; null when stopped before
  double elbo = 0;                 // of the optimum, over the fixed draws
  double slope = 0;                // the largest entry of the objective's gradient, in standard deviations of the start
  int iterations = 0;
  bool converged = false;
};

// What to add to each coordinate of `point` [size] so that natural values keep their means when variances grow by `gain`
// [size]: -gain / 2 c'' / c' for the transform c of the coordinate, exact for exp and for linear ones. 0 for coordinates
// of sites that are not transformed one by one.
std::vector<double> mean_keeping_shift(const data::BoundModel& model, const std::vector<double>& point,
                                       const std::vector<double>& gain);

// The fixed draws of noise, [draw][size], `draws` (even) of them.
std::vector<double> balanced_noise(std::uint64_t seed, std::size_t size, std::size_t draws);

// Empty with R0701 (no start), R0706 (the optimum has no curvature) R0708 (no products) or R0709 (too many latents).
std::optional<Dadvi> run_dadvi(Density& density, const DadviOptions& options, Problems& problems);

// The Cholesky factor [size, size] of the covariance of theta by linear response at a mean-field guide that maximises the bound over these
// draws: the block of the means in the inverse of the Hessian of the negative bound with respect to the guide's
// parameters, from one product for each coordinate and draw. Empty, with the coordinates that are flat in `flat`, when that
// Hessian is not positive definite.
std::vector<double> linear_response(Density& density, const Guide& guide, const std::vector<double>& noise,
                                    std::vector<std::size_t>& flat);

}  // namespace lacuna::runtime::infer
