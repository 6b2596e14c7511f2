#include "runtime/infer/dadvi.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "runtime/infer/curvature.h"
#include "runtime/infer/lbfgs.h"
#include "runtime/infer/optimise.h"
#include "runtime/infer/start.h"
#include "runtime/infer/svi.h"
#include "runtime/random/philox.h"

namespace lacuna::runtime::infer {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr int kNarrower = 40;

// A guide whose draws all have a finite density: the rough fit's, made narrower by halves until it is so.
std::unique_ptr<Guide> finite_start(Density& density, const RoughFit& rough, const std::vector<double>& noise,
                                    int draws) {
  std::unique_ptr<Guide> guide = make_mean_field(rough.location, rough.scale);
  std::vector<double> gradient(guide->parameter_count());
  for (int i = 0; i < kNarrower; ++i) {
    const double bound = elbo_gradient(density, *guide, Estimator::ClosedEntropy, noise, draws, gradient);
    if (std::isfinite(bound)) return guide;
    for (std::size_t k = guide->size(); k < guide->parameter_count(); ++k) guide->parameters[k] -= std::log(2);
  }
  return guide;
}

// The Hessian of the negative bound by the guide's parameters m and r, by blocks. With A = -d2 log p / d theta2 at a
// draw theta = centre + base (m + e^r noise), w = base e^r noise (what a unit of r moves theta by) and g = d log p / d
// theta, averaged over the draws:
//   m m: base A base      m r: base A w      r r: w A w - diag(g w)
// One product A base_k for each k and draw gives all three.
struct Blocks {
  Matrix means, cross, scales;
};

Blocks hessian_blocks(Density& density, const Guide& guide, const std::vector<double>& noise) {
  const std::size_t n = guide.size(), draws = n > 0 ? noise.size() / n : 0;
  const Eigen::Index size = static_cast<Eigen::Index>(n);
  Blocks made{Matrix::Zero(size, size), Matrix::Zero(size, size), Matrix::Zero(size, size)};
  std::vector<double> theta(n), slope(n), along(n), direction(n), product(n);
  const double share = 1 / static_cast<double>(draws);
  for (std::size_t d = 0; d < draws; ++d) {
    const double* const own = noise.data() + d * n;
    guide.point(own, theta.data());
    density.gradient(theta.data(), slope.data());
    for (std::size_t i = 0; i < n; ++i) along[i] = guide.base[i] * std::exp(guide.parameters[n + i]) * own[i];
    for (std::size_t k = 0; k < n; ++k) {
      direction[k] = guide.base[k];
      density.product(theta.data(), direction.data(), product.data());
      direction[k] = 0;
      const Eigen::Index column = static_cast<Eigen::Index>(k);
      for (std::size_t i = 0; i < n; ++i) {
        const Eigen::Index row = static_cast<Eigen::Index>(i);
        const double curvature = -product[i] * share;
        made.means(row, column) += guide.base[i] * curvature;
        made.cross(column, row) += along[i] * curvature;
        made.scales(row, column) += along[i] * curvature * (along[k] / guide.base[k]);
      }
      made.scales(column, column) -= slope[k] * along[k] * share;
    }
  }
  return made;
}

}  // namespace

std::vector<double> balanced_noise(std::uint64_t seed, std::size_t size, std::size_t draws) {
  std::vector<double> noise(size * draws);
  random::fill_normal(seed, 0, random::Purpose::Fixed, {noise.data(), noise.size() / 2});
  for (std::size_t i = 0; i < size; ++i) {
    double square = 0;
    for (std::size_t d = 0; d < draws / 2; ++d) square += noise[d * size + i] * noise[d * size + i];
    const double scale = std::sqrt(static_cast<double>(draws / 2) / square);
    for (std::size_t d = 0; d < draws / 2; ++d) {
      noise[d * size + i] *= scale;
      noise[(draws / 2 + d) * size + i] = -noise[d * size + i];
    }
  }
  return noise;
}

std::vector<double> mean_keeping_shift(const data::BoundModel& model, const std::vector<double>& point,
                                       const std::vector<double>& gain) {
  constexpr double kStep = 1e-3;
  const data::AlignedBytes workspace = model.workspace(LACUNA_ENTRY_CONSTRAIN);
  const auto natural = [&](const std::vector<double>& at) {
    std::vector<double> values(static_cast<std::size_t>(model.values()));
    model.model().constrain(model.bound(), at.data(), workspace.get(), values.data(), nullptr);
    return values;
  };
  const std::vector<double> here = natural(point);
  std::vector<double> shift(point.size());
  std::size_t coordinate = 0, value = 0;
  for (int p = 0; p < model.metadata().parameter_count; ++p) {
    const std::size_t site = static_cast<std::size_t>(model.metadata().parameters[p]);
    const std::size_t count = static_cast<std::size_t>(model.site_coordinates[site]);
    const bool one_by_one = model.site_coordinates[site] == model.site_values[site];
    if (one_by_one) {
      // All coordinates of the site move at once: each moves its own value.
      std::vector<double> moved = point;
      for (std::size_t i = 0; i < count; ++i) moved[coordinate + i] = point[coordinate + i] + kStep;
      const std::vector<double> up = natural(moved);
      for (std::size_t i = 0; i < count; ++i) moved[coordinate + i] = point[coordinate + i] - kStep;
      const std::vector<double> down = natural(moved);
      for (std::size_t i = 0; i < count; ++i) {
        const double slope = (up[value + i] - down[value + i]) / (2 * kStep);
        const double bend = (up[value + i] - 2 * here[value + i] + down[value + i]) / (kStep * kStep);
        if (slope != 0) shift[coordinate + i] = -0.5 * gain[coordinate + i] * bend / slope;
      }
    }
    coordinate += count;
    value += static_cast<std::size_t>(model.site_values[site]);
  }
  return shift;
}

std::vector<double> linear_response(Density& density, const Guide& guide, const std::vector<double>& noise,
                                    std::vector<std::size_t>& flat) {
  const std::size_t n = guide.size();
  const Eigen::Index size = static_cast<Eigen::Index>(n);
  const Blocks blocks = hessian_blocks(density, guide, noise);
  // The block of the means in the inverse is the inverse of the Schur complement of the scales.
  const Eigen::LLT<Matrix> scales(blocks.scales);
  Matrix precision = Matrix::Constant(size, size, std::numeric_limits<double>::quiet_NaN());
  if (blocks.scales.allFinite() && scales.info() == Eigen::Success)
    precision = blocks.means - blocks.cross * scales.solve(blocks.cross.transpose());
  const Matrix symmetric = 0.5 * (precision + precision.transpose());
  const Normal normal = normal_of_precision({symmetric.data(), symmetric.data() + symmetric.size()}, n);
  flat = normal.flat;
  if (!flat.empty()) return {};
  std::vector<double> triangle = normal.triangle;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) triangle[i * n + j] *= guide.base[i];
  }
  return triangle;
}

std::optional<Dadvi> run_dadvi(Density& density, const DadviOptions& options, Problems& problems) {
  if (!density.has_products()) {
    problems.report(Id::NoResponse, "this model is compiled without Hessian-vector products")
        .help("`--method svi` needs none");
    return std::nullopt;
  }
  if (!may_be_dense(density, "--method dadvi", problems)) return std::nullopt;
  const std::optional<std::vector<double>> start = find_start(density, options.seed, problems);
  if (!start) return std::nullopt;
  Dadvi made;
  const int draws = options.particles + options.particles % 2;
  const std::vector<double> noise = balanced_noise(options.seed, density.size(), static_cast<std::size_t>(draws));
  made.optimum = finite_start(density, rough_fit(density, *start, options.seed), noise, draws);
  std::vector<double> gradient(made.optimum->parameter_count());
  const Objective objective = [&](const double* parameters, double* out) {
    std::copy_n(parameters, gradient.size(), made.optimum->parameters.begin());
    const double bound = elbo_gradient(density, *made.optimum, Estimator::ClosedEntropy, noise, draws, gradient);
    std::copy(gradient.begin(), gradient.end(), out);
    return bound;
  };
  ClimbState at;
  if (options.keeping.from)
    at = *options.keeping.from;
  else
    at.ascent = begin_ascent(objective, made.optimum->parameters);
  bool stopped = false;
  const auto visit = [&](const LbfgsResult& now) {
    stopped = options.progress && !options.progress({now.iterations, 0, now.value});
    if (options.keeping.tell) options.keeping.tell(at, stopped);
    return !stopped;
  };
  LbfgsOptions lbfgs;
  lbfgs.far = 1e6;
  lbfgs.gradient_tolerance = 1e-7;
  climb(objective, at.ascent, lbfgs, visit);
  const LbfgsResult& best = at.ascent.now;
  made.optimum->parameters = best.x;
  made.elbo = best.value;
  made.iterations = best.iterations;
  for (const double g : best.gradient) made.slope = std::max(made.slope, std::abs(g));
  made.converged = best.end == LbfgsEnd::Converged || best.end == LbfgsEnd::Stalled;
  if (stopped) return made;
  std::vector<std::size_t> flat;
  std::vector<double> triangle = linear_response(density, *made.optimum, noise, flat);
  if (triangle.empty() && density.size() > 0) {
    report_flat(density.model(), flat, problems);
    return std::nullopt;
  }
  std::vector<double> mean(density.size()), sd(density.size());
  made.optimum->moments(mean.data(), sd.data());
  std::vector<double> gain(density.size());
  for (std::size_t i = 0; i < gain.size(); ++i) {
    gain[i] = -sd[i] * sd[i];
    for (std::size_t j = 0; j <= i; ++j) gain[i] += triangle[i * gain.size() + j] * triangle[i * gain.size() + j];
  }
  const std::vector<double> shift = mean_keeping_shift(density.model(), mean, gain);
  for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += shift[i];
  made.guide = make_full_rank(std::move(mean), std::move(triangle));
  return made;
}

}  // namespace lacuna::runtime::infer
