#include "runtime/infer/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lacuna::runtime::infer {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double largest(const Vector& a) {
  double most = 0;
  for (const double x : a) most = std::max(most, std::abs(x));
  return most;
}

// The direction -H g of the two-loop recursion, for minimising.
Vector direction(const std::deque<LbfgsPair>& pairs, const Vector& g) {
  Vector d(g.size());
  for (std::size_t i = 0; i < g.size(); ++i) d[i] = -g[i];
  Vector alpha(pairs.size());
  for (std::size_t k = pairs.size(); k-- > 0;) {
    alpha[k] = pairs[k].rho * dot(pairs[k].s, d);
    for (std::size_t i = 0; i < d.size(); ++i) d[i] -= alpha[k] * pairs[k].y[i];
  }
  const double scale = pairs.empty() ? 1 / std::max(1.0, std::sqrt(dot(g, g)))
                                     : 1 / (pairs.back().rho * dot(pairs.back().y, pairs.back().y));
  for (double& x : d) x *= scale;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const double beta = pairs[k].rho * dot(pairs[k].y, d);
    for (std::size_t i = 0; i < d.size(); ++i) d[i] += (alpha[k] - beta) * pairs[k].s[i];
  }
  return d;
}

// -f along a line.
class Line {
 public:
  Line(const Objective& f, const Vector& from, const Vector& along)
      : f_(f), from_(from), along_(along), x(from), g(from) {}

  struct Sample {
    double value, slope;
  };
  Sample at(double step) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = from_[i] + step * along_[i];
    const double value = -f_(x.data(), g.data());
    for (double& entry : g) entry = -entry;
    if (!std::isfinite(value)) return {std::numeric_limits<double>::infinity(), 0};
    return {value, dot(g, along_)};
  }

 private:
  const Objective& f_;
  const Vector& from_;
  const Vector& along_;

 public:
  Vector x, g;  // at the last step tried
};

constexpr double kSufficient = 1e-4, kCurvature = 0.9;

// Narrows [low, high] until the strong Wolfe conditions hold. Returns the step, or 0.
double zoom(Line& line, double low, Line::Sample at_low, double high, Line::Sample start, double& value) {
  for (int i = 0; i < 40; ++i) {
    const double step = 0.5 * (low + high);
    if (step == low || step == high) break;
    const Line::Sample here = line.at(step);
    if (here.value > start.value + kSufficient * step * start.slope || here.value >= at_low.value) {
      high = step;
      continue;
    }
    value = here.value;
    if (std::abs(here.slope) <= -kCurvature * start.slope) return step;
    if (here.slope * (high - low) >= 0) high = low;
    low = step;
    at_low = here;
  }
  if (low == 0) return 0;
  value = line.at(low).value;
  return low;
}

double search(Line& line, Line::Sample start, double first, double& value) {
  double before = 0, step = first;
  Line::Sample at_before = start;
  for (int i = 0; i < 30; ++i) {
    const Line::Sample here = line.at(step);
    if (here.value > start.value + kSufficient * step * start.slope || (i > 0 && here.value >= at_before.value)) {
      return zoom(line, before, at_before, step, start, value);
    }
    value = here.value;
    if (std::abs(here.slope) <= -kCurvature * start.slope) return step;
    if (here.slope >= 0) return zoom(line, step, here, before, start, value);
    before = step;
    at_before = here;
    step *= 2;
  }
  return before;
}

}  // namespace

Ascent begin_ascent(const Objective& f, Vector start) {
  Ascent made;
  made.now.x = std::move(start);
  made.now.gradient.resize(made.now.x.size());
  made.now.value = f(made.now.x.data(), made.now.gradient.data());
  made.values.push_back(made.now.value);
  return made;
}

void climb(const Objective& f, Ascent& ascent, const LbfgsOptions& options, const LbfgsVisitor& visitor) {
  LbfgsResult& now = ascent.now;
  std::deque<LbfgsPair>& pairs = ascent.pairs;
  const auto end_at = [&](LbfgsEnd end) { now.end = end; };
  const auto converged = [&] {
    return largest(now.gradient) <= options.gradient_tolerance * std::max(1.0, std::abs(now.value));
  };
  now.end = LbfgsEnd::IterationLimit;
  for (; now.iterations < options.max_iterations; ++now.iterations) {
    if (visitor && !visitor(now)) return;
    if (converged()) return end_at(LbfgsEnd::Converged);
    if (largest(now.x) > options.far) return end_at(LbfgsEnd::Far);
    Vector downhill(now.gradient.size());
    for (std::size_t i = 0; i < downhill.size(); ++i) downhill[i] = -now.gradient[i];
    Vector along = direction(pairs, downhill);
    double slope = dot(along, downhill);
    if (!(slope < 0)) {
      pairs.clear();
      along = direction(pairs, downhill);
      slope = dot(along, downhill);
    }
    Line line(f, now.x, along);
    double value = -now.value;
    const double step = search(line, {-now.value, slope}, 1, value);
    if (step == 0 || !std::isfinite(value)) {
      if (pairs.empty()) return end_at(LbfgsEnd::Stalled);
      pairs.clear();
      continue;
    }
    LbfgsPair pair{Vector(now.x.size()), Vector(now.x.size()), 0};
    for (std::size_t i = 0; i < now.x.size(); ++i) {
      pair.s[i] = line.x[i] - now.x[i];
      pair.y[i] = line.g[i] - downhill[i];
      now.gradient[i] = -line.g[i];
    }
    now.x = line.x;
    now.value = -value;
    const double curvature = dot(pair.s, pair.y);
    if (curvature > 1e-12 * std::sqrt(dot(pair.s, pair.s) * dot(pair.y, pair.y))) {
      pair.rho = 1 / curvature;
      pairs.push_back(std::move(pair));
      if (static_cast<int>(pairs.size()) > options.history) pairs.pop_front();
    }
    ascent.values.push_back(now.value);
    if (ascent.values.size() > 6) ascent.values.pop_front();
    if (ascent.values.size() == 6 &&
        ascent.values.back() - ascent.values.front() <= options.value_tolerance * std::max(1.0, std::abs(now.value))) {
      return end_at(LbfgsEnd::Converged);
    }
  }
}

LbfgsResult maximise(const Objective& f, Vector start, const LbfgsOptions& options, const LbfgsVisitor& visitor) {
  Ascent ascent = begin_ascent(f, std::move(start));
  climb(f, ascent, options, visitor);
  return std::move(ascent.now);
}

}  // namespace lacuna::runtime::infer
