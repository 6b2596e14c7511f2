// Maximises a smooth function: limited-memory BFGS (Nocedal 1980) with a line search for the strong Wolfe conditions
// (Nocedal and Wright 2006, algorithms 3.5 and 3.6).
//
//   needs    values and gradients; a value that is not finite is taken as worse than any
//   leaves   the best point found, and why it stopped
//   shown by test/unit/runtime/optimise_test.cpp
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace lacuna::runtime::infer {

// Returns f(x) and writes its gradient.
using Objective = std::function<double(const double* x, double* gradient)>;

struct LbfgsOptions {
  int max_iterations = 2000;
  int history = 10;
  double gradient_tolerance = 1e-8;  // largest entry of the gradient, relative to max(1, |f|)
  double value_tolerance = 1e-13;    // increase of f over 5 iterations, relative to max(1, |f|)
  double far = 1e8;                  // stops when a coordinate is farther from 0
};

enum class LbfgsEnd { Converged, Stalled, IterationLimit, Far };

struct LbfgsResult {
  std::vector<double> x, gradient;
  double value = 0;
  int iterations = 0;
  LbfgsEnd end = LbfgsEnd::Converged;
};

struct LbfgsPair {
  std::vector<double> s, y;  // steps of x and of the gradient of -f
  double rho = 0;            // 1 / (s' y)
};

// Where an ascent stands between two iterations, and all that it goes on from.
struct Ascent {
  LbfgsResult now;
  std::deque<LbfgsPair> pairs;  // the last of them
  std::deque<double> values;    // of f, the last 6
};

// Called at the start and after each iteration; false stops.
using LbfgsVisitor = std::function<bool(const LbfgsResult& now)>;

Ascent begin_ascent(const Objective& f, std::vector<double> start);
// Goes on until it ends, or until the visitor says no.
void climb(const Objective& f, Ascent& ascent, const LbfgsOptions& options, const LbfgsVisitor& visitor = {});

// `start` must have a finite value.
LbfgsResult maximise(const Objective& f, std::vector<double> start, const LbfgsOptions& options,
                     const LbfgsVisitor& visitor = {});

}  // namespace lacuna::runtime::infer
