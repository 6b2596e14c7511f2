// Where inference begins: several seeded points, and from the best of them a short ascent that keeps the point about
// which a normal fits best.
//
//   needs    a density
//   leaves   a finite point and rough scales for each coordinate; or R0701 with the terms that are not finite
//   shown by test/unit/runtime/svi_test.cpp
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/infer/density.h"

namespace lacuna::runtime::infer {

// The best of the first 8 finite ones among 100 points: the origin, then uniform on (-2, 2) in each coordinate, as Stan
// has it.
std::optional<std::vector<double>> find_start(Density& density, std::uint64_t seed, Problems& problems);

struct RoughFit {
  std::vector<double> location, scale;
  double elbo = 0;
};

// Along an L-BFGS ascent, the point and diagonal normal with the best evidence lower bound (as Pathfinder does: Zhang,
// Carpenter, Gelman and Vehtari 2022, with the diagonal of their curvature estimate only). This is never at a mode of
// infinite density.
RoughFit rough_fit(Density& density, const std::vector<double>& start, std::uint64_t seed);

}  // namespace lacuna::runtime::infer
