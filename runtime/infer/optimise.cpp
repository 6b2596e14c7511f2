#include "runtime/infer/optimise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>
#include <utility>

#include "runtime/infer/curvature.h"
#include "runtime/infer/lbfgs.h"
#include "runtime/infer/start.h"

namespace lacuna::runtime::infer {
namespace {

constexpr int kStarts = 4;
constexpr double kFar = 25;

// The latents of some coordinates, with how far they have gone.
std::string names_of(const data::BoundModel& model, const std::vector<std::size_t>& coordinates) {
  std::set<int> sites;
  for (const std::size_t k : coordinates) sites.insert(site_of_coordinate(model, k));
  std::string text;
  for (const int site : sites)
    text += (text.empty() ? "`" : ", `") + std::string(model.metadata().sites[site].name) + "`";
  return text;
}

// The far coordinates along which the density still grows, or has grown to where numbers end.
std::vector<std::size_t> runaways(Density& density, const LbfgsResult& reached) {
  std::vector<std::size_t> running;
  std::vector<double> beyond = reached.x;
  for (std::size_t k = 0; k < reached.x.size(); ++k) {
    if (std::abs(reached.x[k]) <= kFar) continue;
    const auto at = [&](double step) {
      beyond[k] = reached.x[k] + step * std::copysign(1.0, reached.x[k]);
      return density.value(beyond.data());
    };
    const double further = at(0.5), back = at(-5);
    beyond[k] = reached.x[k];
    const bool at_the_end = further >= reached.value && back < reached.value - 0.1;
    if (further > reached.value + 0.1 || std::isnan(further) || at_the_end) running.push_back(k);
  }
  return running;
}

void report_runaways(const data::BoundModel& model, const LbfgsResult& reached, const std::vector<std::size_t>& far,
                     Problems& problems) {
  Diagnostic& made =
      problems.report(Id::RunsAway, names_of(model, far) + (far.size() == 1 ? " runs away" : " run away"));
  for (const std::size_t k : far) {
    made.row(fmt::format("`{}`: coordinate {} is at {:.4g}", model.metadata().sites[site_of_coordinate(model, k)].name,
                         k, reached.x[k]));
  }
  made.row_word = "coordinate";
  made.note(
      "a mode of the density of natural values need not exist: groups whose common scale is a latent pull it to 0");
  made.help(
      "`--method svi` and `--method laplace` use the density with the volume of the transform, which has no such end");
}

}  // namespace

void report_flat(const data::BoundModel& model, const std::vector<std::size_t>& coordinates, Problems& problems) {
  problems.report(Id::NoCurvature, names_of(model, coordinates)).help("`--method svi` needs no curvature");
}

std::optional<Mode> find_mode(Density& density, std::uint64_t seed, Problems& problems, const GoOn& progress,
                              const Keeping& keeping) {
  const Objective objective = [&](const double* x, double* g) { return density.gradient(x, g); };
  ClimbState at = keeping.from.value_or(ClimbState{});
  if (!keeping.from) at.best.value = -std::numeric_limits<double>::infinity();
  bool goes_on = keeping.from.has_value(), stopped = false;
  const auto visit = [&](const LbfgsResult& now) {
    stopped = progress && !progress({at.done + now.iterations, 0, now.value});
    if (keeping.tell) keeping.tell(at, stopped);
    return !stopped;
  };
  LbfgsOptions options;
  options.far = 1e3;
  for (; at.start < kStarts && !stopped; ++at.start) {
    if (!std::exchange(goes_on, false)) {
      Problems own;
      std::optional<std::vector<double>> start = find_start(density, seed + static_cast<std::uint64_t>(at.start), own);
      if (!start) {
        problems.append(own);
        return std::nullopt;
      }
      at.ascent = begin_ascent(objective, std::move(*start));
    }
    climb(objective, at.ascent, options, visit);
    at.done += at.ascent.now.iterations;
    if (at.ascent.now.value > at.best.value) at.best = at.ascent.now;
  }
  const LbfgsResult& best = at.best;
  if (stopped) return Mode{best.x, best.value, static_cast<int>(at.done), true};
  const std::vector<std::size_t> far = runaways(density, best);
  if (!far.empty())
    report_runaways(density.model(), best, far, problems);
  else if (best.end == LbfgsEnd::IterationLimit) {
    problems.report(Id::NotConverged, best.iterations).note("the gradient is not yet 0 at the point reached");
  }
  return Mode{best.x, best.value, best.iterations, false};
}

std::optional<Laplace> laplace(Density& density, std::uint64_t seed, Problems& problems, const GoOn& progress,
                               const Keeping& keeping) {
  if (!may_be_dense(density, "--method laplace", problems)) return std::nullopt;
  std::optional<Mode> mode = find_mode(density, seed, problems, progress, keeping);
  if (!mode || problems.any_error()) return std::nullopt;
  if (mode->stopped) {
    Laplace made;
    made.mode = std::move(*mode);
    return made;
  }
  const std::size_t n = density.size();
  Normal normal = normal_of_precision(negative_hessian(density, mode->point, std::vector<double>(n, 1.0)), n);
  if (!normal.flat.empty()) {
    report_flat(density.model(), normal.flat, problems);
    return std::nullopt;
  }
  Laplace made;
  made.log_evidence =
      mode->value + 0.5 * static_cast<double>(n) * std::log(2 * std::numbers::pi) + normal.log_determinant;
  made.guide = make_full_rank(mode->point, std::move(normal.triangle));
  made.mode = std::move(*mode);
  return made;
}

}  // namespace lacuna::runtime::infer
