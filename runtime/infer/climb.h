// How the methods that climb to an optimum are kept: where one stands between two iterations, so that it goes on to the
// very digits that it would have reached.
//
//   needs    runtime/infer/lbfgs.h
//   leaves   what a checkpoint of such a method holds
//   shown by test/unit/runtime/optimise_test.cpp, run_fit_test.cpp
#pragma once
#include <cstdint>
#include <functional>
#include <optional>

#include "runtime/infer/lbfgs.h"

namespace lacuna::runtime::infer {

struct ClimbState {
  int start = 0;           // which of its starts it climbs from
  std::int64_t done = 0;   // iterations from the starts before
  LbfgsResult best;        // of the starts before
  Ascent ascent;
};

struct Keeping {
  std::optional<ClimbState> from;                             // goes on from there; empty: begins
  std::function<void(const ClimbState&, bool stopped)> tell;  // after each iteration, and when it is stopped; may be empty
};

}  // namespace lacuna::runtime::infer
