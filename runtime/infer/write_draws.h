// Draws of an approximation on their natural scales, made block by block and written as they are made.
//
//   needs    a bound model, what inference left, the header of the file
//   leaves   a complete file, or none
//   shown by test/unit/runtime/run_fit_test.cpp
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "runtime/infer/approximation.h"
#include "runtime/io/fit.h"

namespace lacuna::runtime::infer {

struct DrawOptions {
  std::string output;  // .nc or .lfit; replaced when it exists
  std::uint64_t seed = 0;
  int threads = 1;               // share the work; the file does not depend on how many there are
  std::function<bool()> stopped;  // asked before each block
};

enum class DrawEnd { Written, Stopped, Failed };

// `fit` is the header: its `draws` are made; with `likelihood` sites in it, the terms of their scored cells too.
DrawEnd write_draws(const data::BoundModel& model, const Approximation& approximation, const Quality& quality,
                    const io::Fit& fit, const DrawOptions& options, Problems& problems);

}  // namespace lacuna::runtime::infer
