// What long work tells while it runs, and how it is stopped.
//
//   needs    nothing
//   leaves   the type of a function that is called now and then; it answers whether to go on
//   shown by test/unit/runtime/run_fit_test.cpp
#pragma once
#include <cstdint>
#include <functional>

namespace lacuna::runtime::infer {

struct Progress {
  std::int64_t step = 0;
  std::int64_t until = 0;  // the step at which it may be done; 0: not known
  double value = 0;        // the evidence bound, lately, or the log density of a mode
};

using GoOn = std::function<bool(const Progress&)>;

}  // namespace lacuna::runtime::infer
