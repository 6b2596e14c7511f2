// The parts of a density, or the draws of a block, side by side in threads: the same digits as one after the other.
//
//   needs    a bound model, which outlives it, whose data come in several parts
//   leaves   values and gradients, by as many threads as were asked for
//   shown by test/unit/runtime/parts_test.cpp
#pragma once
#include <cstdint>
#include <functional>
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

  // The same at `draws` points, all arrays [coordinate][draw]: some draws at a time, each of them over all data, which are then read
  // once for all of these. An error counts as -inf at every point.
  void run_block(std::size_t draws, const double* points, double* values, double* gradients);
  static constexpr std::size_t kDrawsAtATime = 8;

 private:
  struct Threads;
  // task(number, thread) for all numbers below `count`, in any order; whether all said yes.
  bool share_out(std::int64_t count, const std::function<bool(std::int64_t, std::size_t)>& task);
  const data::BoundModel* model_;
  std::uint32_t flags_;
  std::int64_t parts_ = 1, partial_ = 0;
  data::AlignedBytes partials_;  // [part][partial_]
  std::vector<data::AlignedBytes> workspaces_;        // by thread
  std::vector<data::AlignedBytes> block_workspaces_;  // the same, once a block has been asked for
  data::AlignedBytes finish_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace lacuna::runtime::infer
