#include "runtime/infer/start.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/infer/lbfgs.h"
#include "runtime/random/philox.h"

namespace lacuna::runtime::infer {
namespace {

constexpr int kPoints = 100, kFinite = 8;
constexpr std::size_t kCheckDraws = 8;

std::string number_words(double value) {
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : value < 0 && std::isinf(value) ? "-inf" : fmt::format("{:.6g}", value);
}

// Each site's term at the last point tried, those that are not finite first.
void report_terms(Density& density, const std::vector<double>& point, double value, Problems& problems) {
  const data::BoundModel& model = density.model();
  const lacuna_metadata& about = model.metadata();
  Diagnostic& made = problems.report(Id::NoFiniteStart, number_words(value), kPoints);
  if (!model.model().terms) return;
  std::vector<double> totals(static_cast<std::size_t>(about.site_count));
  std::vector<std::int64_t> broken(totals.size());
  const data::AlignedBytes workspace = model.workspace(LACUNA_ENTRY_TERMS);
  if (model.model().terms(model.bound(), point.data(), LACUNA_JACOBIAN | LACUNA_NORMALISED, workspace.get(),
                          totals.data(), broken.data(), nullptr) != LACUNA_OK) {
    return;
  }
  made.row("site       line   contributes");
  for (const bool finite : {false, true}) {
    for (std::size_t s = 0; s < totals.size(); ++s) {
      const lacuna_site_info& site = about.sites[s];
      if (std::isfinite(totals[s]) != finite || (site.kind == LACUNA_OUTPUT)) continue;
      const std::string cells = broken[s] > 0 && model.site_scored[s] > 0
                                    ? fmt::format(": not finite in {} of {} cells", broken[s], model.site_scored[s])
                                    : "";
      made.row(fmt::format("{:<10} {:>4}   {:<11} `{}`{}", site.name, site.range.line, number_words(totals[s]),
                           site.statement ? site.statement : "", cells));
    }
  }
}

// The diagonal of an inverse Hessian, kept along an ascent (Gilbert and Lemaréchal 1989, as in Pathfinder's algorithm
// 3).
class DiagonalCurvature {
 public:
  explicit DiagonalCurvature(std::size_t n) : alpha_(n, 1) {}

  void update(const std::vector<double>& s, const std::vector<double>& y) {
    double a = 0, b = 0, c = 0;
    for (std::size_t i = 0; i < s.size(); ++i) {
      a += y[i] * alpha_[i] * y[i];
      b += y[i] * s[i];
      c += s[i] * s[i] / alpha_[i];
    }
    if (!(b > 1e-12 * std::sqrt(a * c)) || !(a > 0) || !(c > 0)) return;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const double inverse = a / (b * alpha_[i]) + y[i] * y[i] / b - a * s[i] * s[i] / (b * c * alpha_[i] * alpha_[i]);
      if (inverse > 0 && std::isfinite(inverse)) alpha_[i] = 1 / inverse;
    }
  }
  double sd(std::size_t i) const { return std::clamp(std::sqrt(alpha_[i]), 1e-8, 1e3); }

 private:
  std::vector<double> alpha_;
};

}  // namespace

std::optional<std::vector<double>> find_start(Density& density, std::uint64_t seed, Problems& problems) {
  const std::size_t n = density.size();
  std::vector<double> point(n), gradient(n), best;
  double best_value = -std::numeric_limits<double>::infinity(), value = 0;
  for (int i = 0, finite = 0; i < kPoints && finite < kFinite; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      random::Stream stream(seed, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(random::Purpose::Start), k);
      point[k] = i == 0 ? 0 : 4 * stream.uniform() - 2;
    }
    value = density.gradient(point.data(), gradient.data());
    const bool good = std::isfinite(value) &&
                      std::all_of(gradient.begin(), gradient.end(), [](double g) { return std::isfinite(g); });
    if (!good) continue;
    ++finite;
    if (value <= best_value) continue;
    best_value = value;
    best = point;
  }
  if (std::isfinite(best_value)) return best;
  report_terms(density, point, value, problems);
  return std::nullopt;
}

RoughFit rough_fit(Density& density, const std::vector<double>& start, std::uint64_t seed) {
  const std::size_t n = density.size();
  RoughFit best{start, std::vector<double>(n, 0.1), -std::numeric_limits<double>::infinity()};
  DiagonalCurvature curvature(n);
  std::vector<double> last_x, last_g, noise(n), point(n), s(n), y(n);
  int since_best = 0;
  const auto visit = [&](const LbfgsResult& now) {
    if (!last_x.empty()) {
      for (std::size_t i = 0; i < n; ++i) {
        s[i] = now.x[i] - last_x[i];
        y[i] = last_g[i] - now.gradient[i];
      }
      curvature.update(s, y);
    }
    last_x = now.x;
    last_g = now.gradient;
    if (now.iterations == 0) return true;
    double sum = 0;
    for (std::size_t d = 0; d < kCheckDraws; ++d) {
      random::fill_normal(seed, static_cast<std::uint32_t>(d), random::Purpose::Check, noise);
      for (std::size_t i = 0; i < n; ++i) {
        point[i] = now.x[i] + curvature.sd(i) * noise[i];
        sum += 0.5 * noise[i] * noise[i] + std::log(curvature.sd(i));
      }
      sum += density.value(point.data());
    }
    const double elbo = sum / kCheckDraws;
    ++since_best;
    if (elbo > best.elbo) {
      best.elbo = elbo;
      best.location = now.x;
      for (std::size_t i = 0; i < n; ++i) best.scale[i] = curvature.sd(i);
      since_best = 0;
    }
    return since_best < 20;
  };
  LbfgsOptions options;
  options.max_iterations = 200;
  options.far = 1e4;
  options.gradient_tolerance = 1e-6;
  maximise([&](const double* x, double* g) { return density.gradient(x, g); }, start, options, visit);
  return best;
}

}  // namespace lacuna::runtime::infer
