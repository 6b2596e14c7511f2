// MAP and Laplace: the mode of the density of natural values, and a normal at the mode of the unconstrained density.
//
//   needs    a density: without Jacobian for MAP, with it for Laplace
//   leaves   a point, or a full-rank guide at the mode; R0702, R0704, R0706 when there is none
//   shown by test/unit/runtime/optimise_test.cpp
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "runtime/infer/climb.h"
#include "runtime/infer/density.h"
#include "runtime/infer/guide.h"
#include "runtime/infer/progress.h"

namespace lacuna::runtime::infer {

struct Mode {
  std::vector<double> point;
  double value = 0;
  int iterations = 0;
  bool stopped = false;  // `progress` said no: the point is as far as it came
};

// The best mode that L-BFGS reaches from 4 seeded starts. A density that grows without bound is R0702 with the latents
// that run away: those whose coordinates are beyond 25 and along which it still grows by more than 0.1 a half unit, or grew to
// where the smallest numbers are. Whatever is reached is returned besides.
std::optional<Mode> find_mode(Density& density, std::uint64_t seed, Problems& problems, const GoOn& progress = {},
                              const Keeping& keeping = {});

struct Laplace {
  Mode mode;
  std::unique_ptr<Guide> guide;  // full rank, at the mode; null when stopped
  double log_evidence = 0;       // value + n / 2 log 2 pi + log |factor|
};
std::optional<Laplace> laplace(Density& density, std::uint64_t seed, Problems& problems, const GoOn& progress = {},
                               const Keeping& keeping = {});

// R0706 with the latents of these coordinates.
void report_flat(const data::BoundModel& model, const std::vector<std::size_t>& coordinates, Problems& problems);

}  // namespace lacuna::runtime::infer
