// An independent derivative: fourth-order central differences of the interpreter in extended precision.
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "compiler/ir/interpreter.h"

namespace lacuna::autodiff {

using Point = std::vector<long double>;

// The derivative of `f` by each coordinate at `at`: (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h, errors near 1e-14 for
// functions of size 1 that vary over lengths of size 1; those that vary faster want a smaller `step`.
inline Point differences(const std::function<long double(const Point&)>& f, const Point& at, long double step = 2e-4L) {
  Point gradient;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const long double h = step * std::max(1.0L, std::fabs(at[i]));
    auto moved = [&](long double by) {
      Point p = at;
      p[i] += by;
      return f(p);
    };
    gradient.push_back((8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h));
  }
  return gradient;
}

// The largest difference of two vectors, relative to the largest entry of the second (at least 1e-3).
inline double distance(const Point& a, const Point& b) {
  long double scale = 1e-3L;
  long double worst = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    scale = std::max(scale, std::fabs(b[i]));
    worst = std::isnan(a[i]) ? INFINITY : std::max(worst, std::fabs(a[i] - b[i]));
  }
  return static_cast<double>(worst / scale);
}

}  // namespace lacuna::autodiff
