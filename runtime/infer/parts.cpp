#include "runtime/infer/parts.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

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
  partials_.resize(static_cast<std::size_t>(parts_ * partial_));
  for (int t = 0; t < threads; ++t) workspaces_.push_back(model.workspace(LACUNA_ENTRY_DENSITY_PART));
}

Parts::~Parts() = default;

bool Parts::has_several(const data::BoundModel& model) {
  return model.model().density_part != nullptr && model.model().density_finish != nullptr && shape_of(model).parts > 1;
}

double Parts::run(const double* point, double* gradient) {
  const lacuna_model& table = model_->model();
  const std::uint32_t flags = flags_ | (gradient != nullptr ? static_cast<std::uint32_t>(LACUNA_GRADIENT) : 0u);
  std::atomic<bool> failed{false};
  // oneTBB hands tasks over and waits for them; the counter says the same in the words of the language, which ThreadSanitizer reads.
  std::atomic<std::int64_t> done;
  done.store(0, std::memory_order_release);
  threads_->arena.execute([&] {
    tbb::parallel_for(std::int64_t{0}, parts_, [&](std::int64_t part) {
      (void)done.load(std::memory_order_acquire);
      void* workspace = workspaces_[static_cast<std::size_t>(tbb::this_task_arena::current_thread_index())].get();
      const int code = table.density_part(model_->bound(), point, flags, static_cast<std::int32_t>(part), nullptr,
                                          workspace, partials_.data() + part * partial_, nullptr);
      if (code != LACUNA_OK) failed = true;
      done.fetch_add(1, std::memory_order_acq_rel);
    });
  });
  (void)done.load(std::memory_order_acquire);
  double value = 0;
  const int code = failed ? LACUNA_CHECK
                          : table.density_finish(model_->bound(), point, flags, nullptr, partials_.data(),
                                                 finish_.get(), &value, gradient, nullptr);
  return code == LACUNA_OK ? value : -std::numeric_limits<double>::infinity();
}

}  // namespace lacuna::runtime::infer
