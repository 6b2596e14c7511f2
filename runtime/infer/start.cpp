#include "runtime/infer/start.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

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

void fill_point(std::uint64_t seed, int number, std::vector<double>& point) {
  for (std::size_t k = 0; k < point.size(); ++k) {
    random::Stream stream(seed, static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(random::Purpose::Start), k);
    point[k] = number == 0 ? 0 : 4 * stream.uniform() - 2;
  }
}

// Why no point is finite: each site's term at the last of them, those that are not finite first, each with how many of
// the points it spoils and the numbers that its distribution cannot take.
class StartReport {
 public:
  StartReport(Density& density, std::uint64_t seed)
      : density_(density), about_(density.model().metadata()), sites_(static_cast<std::size_t>(about_.site_count)), seed_(seed) {}

  void write(double value, Problems& problems) {
    Diagnostic& made = problems.report(Id::NoFiniteStart, number_words(value), kPoints);
    if (!density_.model().model().terms || !look()) return;
    made.row_word = "site";
    std::size_t width = 10;
    for (std::size_t s = 0; s < sites_.size(); ++s) width = std::max(width, std::string_view(about_.sites[s].name).size());
    made.rows.push_back(fmt::format("{:<{}} line   contributes", "site", width));
    for (const bool finite : {false, true}) {
      for (std::size_t s = 0; s < sites_.size(); ++s) {
        const lacuna_site_info& site = about_.sites[s];
        if (std::isfinite(sites_[s].total) != finite || site.kind == LACUNA_OUTPUT) continue;
        made.row(fmt::format("{:<{}} {:>4}   {:<11} `{}`{}", site.name, width, site.range.line, number_words(sites_[s].total),
                             site.statement ? site.statement : "", reason(s)));
      }
    }
  }

 private:
  struct Parameter {
    int points = 0;
    OutsideParameter seen;
  };
  struct Site {
    double total = 0;
    std::int64_t broken = 0;
    int points = 0;  // at which its term is not finite
    std::vector<Parameter> parameters;
  };

  bool look() {
    const data::BoundModel& model = density_.model();
    std::vector<double> point(density_.size()), totals(sites_.size());
    std::vector<std::int64_t> broken(sites_.size());
    const data::AlignedBytes workspace = model.workspace(LACUNA_ENTRY_TERMS);
    for (int i = 0; i < kPoints; ++i) {
      fill_point(seed_, i, point);
      if (model.model().terms(model.bound(), point.data(), density_.flags(), workspace.get(), totals.data(), broken.data(),
                              nullptr) != LACUNA_OK)
        return false;
      for (std::size_t s = 0; s < sites_.size(); ++s) {
        sites_[s].total = totals[s];
        sites_[s].broken = broken[s];
        sites_[s].points += !std::isfinite(totals[s]);
      }
      if (i < points_to_explain()) explain(point);
    }
    return true;
  }

  // The evaluator that explains is slow, and large data say the same at a few points.
  int points_to_explain() const {
    constexpr std::int64_t kCells = 500'000;
    std::int64_t cells = 1;
    for (std::size_t s = 0; s < sites_.size(); ++s) cells += density_.model().site_scored[s] + density_.model().site_values[s];
    return density_.find_outside ? static_cast<int>(std::clamp<std::int64_t>(kCells / cells, 1, kPoints)) : 0;
  }

  void explain(const std::vector<double>& point) {
    for (OutsideParameter& found : density_.find_outside(point.data())) {
      if (found.site < 0) continue;
      std::vector<Parameter>& known = sites_[static_cast<std::size_t>(found.site)].parameters;
      auto same = std::find_if(known.begin(), known.end(), [&](const Parameter& p) { return p.seen.text == found.text; });
      if (same == known.end()) {
        known.push_back({1, std::move(found)});
        continue;
      }
      ++same->points;
      same->seen.cells = std::max(same->seen.cells, found.cells);
      same->seen.least = std::min(same->seen.least, found.least);
      same->seen.most = std::max(same->seen.most, found.most);
    }
  }

  std::string reason(std::size_t s) const {
    const Site& site = sites_[s];
    const std::int64_t scored = density_.model().site_scored[s];
    std::string text;
    for (const Parameter& p : site.parameters) {
      const std::string values = p.seen.least > p.seen.most    ? "nan"
                                 : p.seen.least == p.seen.most ? number_words(p.seen.least)
                                                               : fmt::format("{} to {}", number_words(p.seen.least), number_words(p.seen.most));
      text += fmt::format("{}{} = {} in {} of {}", text.empty() ? ": " : "; ", p.seen.text, values, p.points, points_to_explain());
      if (p.seen.cells < scored) text += fmt::format(", in {} of {} cells", p.seen.cells, scored);
    }
    if (!text.empty() || site.points == 0) return text;
    text = fmt::format(": not finite in {} of {}", site.points, kPoints);
    if (site.broken > 0 && site.broken < scored) text += fmt::format(", in {} of {} cells", site.broken, scored);
    return text;
  }

  Density& density_;
  const lacuna_metadata& about_;
  std::vector<Site> sites_;
  std::uint64_t seed_;
};

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
    fill_point(seed, i, point);
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
  StartReport(density, seed).write(value, problems);
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
