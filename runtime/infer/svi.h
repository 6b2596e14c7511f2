// Stochastic variational inference: a normal guide is moved up the evidence lower bound by Adam, in phases.
//
//   needs    a normalised density with Jacobian
//   leaves   a guide whose parameters are averages of iterates, whether it converged, and by which criterion
//   shown by test/unit/runtime/svi_test.cpp
//
// The schedule. Phase k has 200 * 2^k steps at the learning rate 0.1 / 2^k, in units of the posterior's standard
// deviations as the start estimates them. The second half of a phase is averaged, and the next begins at the average.
// It has converged when the averages of two phases differ by at most 0.03 standard deviations (means, triangle) or 0.03
// (log standard deviations) in root mean square, and nowhere by more than 0.15. At the start of each phase the
// estimator of the gradient with the smaller variance is chosen. The noise of step t is a function of seed and t alone,
// so a run that resumes gives the very same digits.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "runtime/infer/adam.h"
#include "runtime/infer/density.h"
#include "runtime/infer/guide.h"
#include "runtime/infer/progress.h"

namespace lacuna::runtime::infer {

struct SviOptions {
  GuideKind guide = GuideKind::MeanField;
  std::uint64_t seed = 0;
  int particles = 4;  // draws of noise in a step; of `dadvi`, the draws that are fixed
  double learning_rate = 0.1;
  std::int64_t steps = 0;                            // exactly so many; 0: until converged
  std::int64_t max_steps = 50000;                    // then it gives up
  GoOn progress;  // every 50 steps; the bound is the mean of the last 100
};

// Everything that a run needs to go on: what a checkpoint holds.
struct SviState {
  std::unique_ptr<Guide> guide;
  Adam adam;
  std::vector<double> sum, previous;  // of the second half of this phase; the last phase's average
  std::int64_t step = 0, phase_step = 0, averaged = 0, rejected = 0;
  int phase = 0;
  Estimator estimator = Estimator::ClosedEntropy;
  double elbo = 0, change = 0, largest_change = 0;
  bool converged = false, finished = false;
};

// The start: points, rough scales; for full rank the curvature too. Empty with R0701 when no point is finite, with
// R0709 when there are too many latents for full rank.
std::optional<SviState> start_svi(Density& density, const SviOptions& options, Problems& problems);

// Runs to the end, or until `progress` says no (then `finished` is false and the state can be saved).
void run_svi(Density& density, const SviOptions& options, SviState& state);

// The gradient [parameter_count] of the evidence lower bound, averaged over `particles` draws of noise at `step`;
// returns the estimate of the bound, which is not finite if a point's density is not.
double elbo_gradient(Density& density, const Guide& guide, Estimator estimator, std::uint64_t seed, std::int64_t step,
                     int particles, std::vector<double>& gradient);

// The same over the noise given, [particle][size].
double elbo_gradient(Density& density, const Guide& guide, Estimator estimator, const std::vector<double>& noise,
                     int particles, std::vector<double>& gradient);

// "root mean square change of 0.012 between phases of 800 and 1600 steps".
std::string criterion_words(const SviState& state);

}  // namespace lacuna::runtime::infer
