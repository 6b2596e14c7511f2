// What inference leaves: a point or a normal over the unconstrained vector, draws from it, and how good it is.
//
//   needs    a guide that has been fitted, or a point
//   leaves   draws that depend on seed and number only; the evidence bound, its error and the Pareto k
//   shown by test/unit/runtime/svi_test.cpp
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/infer/density.h"
#include "runtime/infer/guide.h"

namespace lacuna::runtime::infer {

struct Approximation {
  std::string method;            // "svi", "map", "laplace"
  std::unique_ptr<Guide> guide;  // null: `point` is all there is
  std::vector<double> point;

  std::size_t size() const { return guide ? guide->size() : point.size(); }
  // Writes draw number `draw` [size] and returns log q there (0 for a point).
  double draw(std::uint64_t seed, std::uint32_t draw, double* theta) const;
};

struct Quality {
  std::size_t draws = 0;
  double elbo = 0, elbo_error = 0;  // in nats; the Monte Carlo error of the mean
  double pareto_k = 0;
  std::int64_t not_finite = 0;                 // draws at which the density is 0
  std::vector<double> log_density, log_guide;  // [draw]
};

// Judges by draws 0 to draws - 1 of the posterior. `density` must be normalised and with Jacobian. `threads` share the
// work; the result does not depend on how many there are.
Quality judge(const data::BoundModel& model, const Approximation& approximation, std::uint64_t seed, std::size_t draws,
              int threads);

// Adds R0705 when k is larger than so many draws can bear, with what to try.
void warn_of(const Quality& quality, const Approximation& approximation, Problems& problems);

}  // namespace lacuna::runtime::infer
