#include "runtime/infer/parts.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <limits>

namespace lacuna::runtime::infer {
namespace {

lacuna_shape shape_of(const data::BoundModel& model) {
  lacuna_shape shape{};
  if (model.model().shape(model.bound(), &shape, nullptr) != LACUNA_OK) shape.parts = 1;
  return shape;
}

}  // namespace

struct Parts::Threads {
  explicit Threads(int count) : arena(count) {}
  tbb::task_arena arena;
};

Parts::Parts(const data::BoundModel& model, std::uint32_t flags, int threads)
    : model_(&model),
      flags_(flags),
      finish_(model.workspace(LACUNA_ENTRY_DENSITY_FINISH)),
      threads_(std::make_unique<Threads>(threads)) {
  const lacuna_shape shape = shape_of(model);
  parts_ = shape.parts;
  partial_ = shape.partial;
  partials_ = data::AlignedBytes(parts_ * partial_ * static_cast<std::int64_t>(sizeof(double)));
  for (int t = 0; t < threads; ++t) workspaces_.push_back(model.workspace(LACUNA_ENTRY_DENSITY_PART));
}

Parts::~Parts() = default;

bool Parts::has_several(const data::BoundModel& model) {
  return model.model().density_part != nullptr && model.model().density_finish != nullptr && shape_of(model).parts > 1;
}

bool Parts::share_out(std::int64_t count, const std::function<bool(std::int64_t, std::size_t)>& task) {
  std::atomic<bool> failed{false};
  // oneTBB hands tasks over and waits for them; the counter says the same in the words of the language, which ThreadSanitizer reads.
  std::atomic<std::int64_t> done;
  done.store(0, std::memory_order_release);
  threads_->arena.execute([&] {
    tbb::parallel_for(std::int64_t{0}, count, [&](std::int64_t number) {
      (void)done.load(std::memory_order_acquire);
      if (!task(number, static_cast<std::size_t>(tbb::this_task_arena::current_thread_index()))) failed = true;
      done.fetch_add(1, std::memory_order_acq_rel);
    });
  });
  (void)done.load(std::memory_order_acquire);
  return !failed;
}

void Parts::run_block(std::size_t draws, const double* points, double* values, double* gradients) {
  const lacuna_model& table = model_->model();
  const auto stride = static_cast<std::int64_t>(draws);
  while (block_workspaces_.size() < workspaces_.size())
    block_workspaces_.push_back(model_->workspace(LACUNA_ENTRY_LOG_DENSITY_GRADIENT, kDrawsAtATime));
  const std::size_t groups = (draws + kDrawsAtATime - 1) / kDrawsAtATime;
  const bool good = share_out(static_cast<std::int64_t>(groups), [&](std::int64_t group, std::size_t thread) {
    const std::size_t first = static_cast<std::size_t>(group) * kDrawsAtATime;
    const auto count = static_cast<std::int64_t>(std::min(kDrawsAtATime, draws - first));
    void* workspace = block_workspaces_[thread].get();
    const int code = gradients ? table.log_density_gradient_block(model_->bound(), count, stride, points + first, flags_, workspace,
                                                                  values + first, gradients + first, nullptr)
                               : table.log_density_block(model_->bound(), count, stride, points + first, flags_, workspace,
                                                         values + first, nullptr);
    return code == LACUNA_OK;
  });
  if (!good) std::fill_n(values, draws, -std::numeric_limits<double>::infinity());
}

double Parts::run(const double* point, double* gradient) {
  const lacuna_model& table = model_->model();
  const std::uint32_t flags = flags_ | (gradient != nullptr ? static_cast<std::uint32_t>(LACUNA_GRADIENT) : 0u);
  auto* partials = static_cast<double*>(partials_.get());
  const bool good = share_out(parts_, [&](std::int64_t part, std::size_t thread) {
    return table.density_part(model_->bound(), point, flags, static_cast<std::int32_t>(part), nullptr, workspaces_[thread].get(),
                              partials + part * partial_, nullptr) == LACUNA_OK;
  });
  double value = 0;
  const int code = !good ? LACUNA_CHECK
                         : table.density_finish(model_->bound(), point, flags, nullptr, partials,
                                                 finish_.get(), &value, gradient, nullptr);
  return code == LACUNA_OK ? value : -std::numeric_limits<double>::infinity();
}

}  // namespace lacuna::runtime::infer
