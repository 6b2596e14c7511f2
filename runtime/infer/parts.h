// The parts of a density, side by side in threads: the same digits as one after the other.
//
//   needs    a bound model, which outlives it, whose data come in several parts
//   leaves   value and gradient at one point at a time, by as many threads as were asked for
//   shown by test/unit/runtime/parts_test.cpp
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/data/bind.h"

namespace lacuna::runtime::infer {

class Parts {
 public:
  Parts(const data::BoundModel& model, std::uint32_t flags, int threads);
  ~Parts();
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  // Whether a model has several parts and the entries for them.
  static bool has_several(const data::BoundModel& model);

  // log p at `point` and its gradient; with `gradient` null the value alone. An error of an entry counts as -inf.
  double run(const double* point, double* gradient);

 private:
  struct Threads;
  const data::BoundModel* model_;
  std::uint32_t flags_;
  std::int64_t parts_ = 1, partial_ = 0;
  std::vector<double> partials_;
  std::vector<data::AlignedBytes> workspaces_;  // by thread
  data::AlignedBytes finish_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace lacuna::runtime::infer
