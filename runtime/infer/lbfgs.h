// Maximises a smooth function: limited-memory BFGS (Nocedal 1980) with a line search for the strong Wolfe conditions
// (Nocedal and Wright 2006, algorithms 3.5 and 3.6).
//
//   needs    values and gradients; a value that is not finite is taken as worse than any
//   leaves   the best point found, and why it stopped
//   shown by test/unit/runtime/optimise_test.cpp
#pragma once
#include <cstdint>
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

// Called at the start and after each iteration; false stops.
using LbfgsVisitor = std::function<bool(const LbfgsResult& now)>;

// `start` must have a finite value.
LbfgsResult maximise(const Objective& f, std::vector<double> start, const LbfgsOptions& options,
                     const LbfgsVisitor& visitor = {});

}  // namespace lacuna::runtime::infer
