#include "runtime/infer/approximation.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "runtime/assess/pareto.h"
#include "runtime/random/philox.h"

namespace lacuna::runtime::infer {

double Approximation::draw(std::uint64_t seed, std::uint32_t number, double* theta) const {
  if (!guide) {
    std::copy(point.begin(), point.end(), theta);
    return 0;
  }
  std::vector<double> noise(guide->size());
  random::fill_normal(seed, number, random::Purpose::Posterior, noise);
  guide->point(noise.data(), theta);
  return guide->log_density(noise.data());
}

Quality judge(const data::BoundModel& model, const Approximation& approximation, std::uint64_t seed, std::size_t draws,
              int threads) {
  Quality made;
  made.draws = draws;
  made.log_density.resize(draws);
  made.log_guide.resize(draws);
  std::vector<double> ratios(draws);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    Density density(model, LACUNA_JACOBIAN | LACUNA_NORMALISED);
    std::vector<double> theta(density.size());
    for (std::size_t d = next++; d < draws; d = next++) {
      made.log_guide[d] = approximation.draw(seed, static_cast<std::uint32_t>(d), theta.data());
      made.log_density[d] = density.value(theta.data());
      ratios[d] = made.log_density[d] - made.log_guide[d];
    }
  };
  std::vector<std::thread> pool;
  for (int t = 1; t < threads; ++t) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();

  std::size_t finite = 0;
  for (const double r : ratios) {
    made.not_finite += !std::isfinite(r);
    if (std::isfinite(r)) made.elbo += (r - made.elbo) / static_cast<double>(++finite);
  }
  double squares = 0;
  for (const double r : ratios) {
    if (std::isfinite(r)) squares += (r - made.elbo) * (r - made.elbo);
  }
  if (finite > 1) made.elbo_error = std::sqrt(squares / static_cast<double>(finite - 1) / static_cast<double>(finite));
  made.pareto_k = assess::pareto_k(ratios);
  return made;
}

void warn_of(const Quality& quality, const Approximation& approximation, Problems& problems) {
  if (!approximation.guide || assess::pareto_words(quality.pareto_k, quality.draws) != "poor") return;
  Diagnostic& made = problems.report(Id::PoorApproximation, fmt::format("{:.2f}", quality.pareto_k));
  made.note(
      fmt::format("above {:.2f} for {} draws the posterior has tails that the guide misses: means may serve, standard "
                  "deviations and intervals are too small",
                  assess::pareto_k_threshold(quality.draws), quality.draws));
  if (approximation.guide->kind() == GuideKind::MeanField) {
    made.help("`--guide full-rank` lets latents be correlated; `noncentered` on groups makes them less so");
  } else {
    made.help("write groups `noncentered`, or give scales priors that keep them from 0");
  }
}

}  // namespace lacuna::runtime::infer
