#include "runtime/infer/svi.h"

#include <algorithm>
#include <cmath>

#include "runtime/infer/curvature.h"
#include "runtime/infer/start.h"
#include "runtime/random/philox.h"

namespace lacuna::runtime::infer {
namespace {

constexpr std::int64_t kFirstPhase = 200;
constexpr double kRootMeanSquare = 0.03, kLargest = 0.15;
constexpr int kVarianceDraws = 16;

struct Phase {
  std::int64_t length;
  double rate;
};

// With a fixed number of steps: half of them, a quarter, the rest.
Phase phase_of(const SviOptions& options, int phase) {
  const double rate = std::ldexp(options.learning_rate, -phase);
  if (options.steps == 0) return {kFirstPhase << std::min(phase, 30), rate};
  const std::int64_t half = options.steps / 2, quarter = options.steps / 4;
  const std::int64_t lengths[3] = {half, quarter, options.steps - half - quarter};
  return {phase < 3 ? lengths[phase] : 0, rate};
}

// The larger of what each estimator varies by decides; both see the same draws.
Estimator choose_estimator(Density& density, const Guide& guide, std::uint64_t seed, int phase) {
  const std::size_t n = guide.size(), count = guide.parameter_count();
  std::vector<double> noise(n), theta(n), slope(n), out(count);
  double variance[2] = {0, 0};
  std::vector<double> sums[2], squares[2];
  for (int e = 0; e < 2; ++e) sums[e].resize(count), squares[e].resize(count);
  int used = 0;
  for (int d = 0; d < kVarianceDraws; ++d) {
    random::fill_normal(seed, static_cast<std::uint32_t>(phase * kVarianceDraws + d), random::Purpose::Variance, noise);
    guide.point(noise.data(), theta.data());
    if (!std::isfinite(density.gradient(theta.data(), slope.data()))) continue;
    ++used;
    for (int e = 0; e < 2; ++e) {
      std::fill(out.begin(), out.end(), 0.0);
      guide.add_gradient(noise.data(), slope.data(), static_cast<Estimator>(e), out.data());
      for (std::size_t i = 0; i < count; ++i) {
        sums[e][i] += out[i];
        squares[e][i] += out[i] * out[i];
      }
    }
  }
  if (used < 2) return Estimator::ClosedEntropy;
  for (int e = 0; e < 2; ++e) {
    for (std::size_t i = 0; i < count; ++i) variance[e] += squares[e][i] - sums[e][i] * sums[e][i] / used;
  }
  return variance[1] < variance[0] ? Estimator::PathOnly : Estimator::ClosedEntropy;
}

// How far two parameter vectors are apart, in standard deviations of the second.
void compare(const Guide& guide, const std::vector<double>& before, const std::vector<double>& now, SviState& state) {
  const std::size_t n = guide.size();
  double squares = 0, most = 0;
  const auto add = [&](double difference) {
    squares += difference * difference;
    most = std::max(most, std::abs(difference));
  };
  for (std::size_t i = 0; i < n; ++i) {
    const double sd = std::exp(now[n + i]);
    add((now[i] - before[i]) / sd);
    add(now[n + i] - before[n + i]);
    for (std::size_t j = 0; j < i && now.size() > 2 * n; ++j) {
      const std::size_t at = 2 * n + i * (i - 1) / 2 + j;
      add((now[at] - before[at]) / sd);
    }
  }
  state.change = now.empty() ? 0 : std::sqrt(squares / static_cast<double>(now.size()));
  state.largest_change = most;
}

void end_phase(const SviOptions& options, SviState& state) {
  Guide& guide = *state.guide;
  if (state.averaged > 0) {
    for (std::size_t i = 0; i < guide.parameters.size(); ++i) {
      guide.parameters[i] = state.sum[i] / static_cast<double>(state.averaged);
    }
  }
  if (!state.previous.empty() || guide.parameters.empty()) {
    compare(guide, state.previous, guide.parameters, state);
    state.converged = state.change <= kRootMeanSquare && state.largest_change <= kLargest;
  }
  state.previous = guide.parameters;
  std::fill(state.sum.begin(), state.sum.end(), 0.0);
  state.averaged = state.phase_step = 0;
  ++state.phase;
  const bool given = options.steps > 0;
  state.finished = given ? state.step >= options.steps : state.converged || state.step >= options.max_steps;
}

}  // namespace

double elbo_gradient(Density& density, const Guide& guide, Estimator estimator, std::uint64_t seed, std::int64_t step,
                     int particles, std::vector<double>& gradient) {
  std::vector<double> noise(guide.size() * static_cast<std::size_t>(particles));
  random::fill_normal(seed, static_cast<std::uint32_t>(step), random::Purpose::Guide, noise);
  return elbo_gradient(density, guide, estimator, noise, particles, gradient);
}

double elbo_gradient(Density& density, const Guide& guide, Estimator estimator, const std::vector<double>& noise,
                     int particles, std::vector<double>& gradient) {
  const std::size_t n = guide.size(), count = static_cast<std::size_t>(particles);
  std::vector<double> theta(n), points(n * count), slopes(n * count), values(count);
  for (std::size_t p = 0; p < count; ++p) {
    guide.point(noise.data() + p * n, theta.data());
    for (std::size_t k = 0; k < n; ++k) points[k * count + p] = theta[k];
  }
  density.block(count, points.data(), values.data(), slopes.data());
  std::fill(gradient.begin(), gradient.end(), 0.0);
  double elbo = 0;
  for (std::size_t p = 0; p < count; ++p) {
    elbo += values[p];
    for (std::size_t k = 0; k < n; ++k) theta[k] = slopes[k * count + p];
    guide.add_gradient(noise.data() + p * n, theta.data(), estimator, gradient.data());
  }
  for (double& g : gradient) g /= particles;
  return elbo / particles + guide.entropy();
}

std::optional<SviState> start_svi(Density& density, const SviOptions& options, Problems& problems) {
  if (options.guide == GuideKind::FullRank && !may_be_dense(density, "--guide full-rank", problems))
    return std::nullopt;
  const std::optional<std::vector<double>> start = find_start(density, options.seed, problems);
  if (!start) return std::nullopt;
  RoughFit rough = rough_fit(density, *start, options.seed);
  SviState state;
  if (options.guide == GuideKind::FullRank) {
    std::vector<double> triangle = curvature_triangle(density, rough.location, rough.scale);
    state.guide = make_full_rank(std::move(rough.location), std::move(triangle));
  } else {
    state.guide = make_mean_field(std::move(rough.location), std::move(rough.scale));
  }
  state.adam = Adam(state.guide->parameter_count());
  state.sum.resize(state.guide->parameter_count());
  return state;
}

void run_svi(Density& density, const SviOptions& options, SviState& state) {
  std::vector<double> gradient(state.guide->parameter_count());
  while (!state.finished) {
    const Phase phase = phase_of(options, state.phase);
    if (state.phase_step == 0) state.estimator = choose_estimator(density, *state.guide, options.seed, state.phase);
    while (state.phase_step < phase.length) {
      const double elbo =
          elbo_gradient(density, *state.guide, state.estimator, options.seed, state.step, options.particles, gradient);
      const bool usable = std::isfinite(elbo) &&
                          std::all_of(gradient.begin(), gradient.end(), [](double g) { return std::isfinite(g); });
      if (usable) {
        state.adam.step(gradient, phase.rate, state.guide->parameters);
        const double weight = 1.0 / static_cast<double>(std::min<std::int64_t>(state.step - state.rejected + 1, 100));
        state.elbo += weight * (elbo - state.elbo);
      } else {
        ++state.rejected;
      }
      ++state.step;
      if (++state.phase_step > phase.length / 2) {
        for (std::size_t i = 0; i < state.sum.size(); ++i) state.sum[i] += state.guide->parameters[i];
        ++state.averaged;
      }
      const std::int64_t until = options.steps > 0 ? options.steps : state.step + phase.length - state.phase_step;
      if (options.progress && state.step % 50 == 0 && !options.progress({state.step, until, state.elbo})) {
        if (state.phase_step == phase.length) end_phase(options, state);
        return;
      }
    }
    end_phase(options, state);
  }
}

std::string criterion_words(const SviState& state) {
  return fmt::format("the last two phases differ by {:.3f} standard deviations in root mean square, at most by {:.3f}",
                     state.change, state.largest_change);
}

}  // namespace lacuna::runtime::infer
