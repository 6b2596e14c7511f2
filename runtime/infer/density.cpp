#include "runtime/infer/density.h"

#include <algorithm>
#include <limits>

namespace lacuna::runtime::infer {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kLong = 1024;  // coordinates from which a copy pays
constexpr std::size_t kLine = LACUNA_ALIGNMENT / sizeof(double);

bool straddles(const double* vector) { return reinterpret_cast<std::uintptr_t>(vector) % LACUNA_ALIGNMENT != 0; }

}  // namespace

Density::Density(const data::BoundModel& model, std::uint32_t flags, int threads)
    : model_(&model),
      flags_(flags),
      size_(static_cast<std::size_t>(model.coordinates())),
      workspace_(model.workspace(LACUNA_ENTRY_LOG_DENSITY)),
      gradient_workspace_(model.workspace(LACUNA_ENTRY_LOG_DENSITY_GRADIENT)),
      point_(size_),
      gradient_(size_) {
  if (threads > 1 && Parts::has_several(model)) parts_ = std::make_unique<Parts>(model, flags, threads);
}

double Density::value(const double* point) {
  ++evaluations_;
  if (parts_) return parts_->run(point, nullptr);
  double result = 0;
  const int code = model_->model().log_density(model_->bound(), point, flags_, workspace_.get(), &result, nullptr);
  return code == LACUNA_OK ? result : -kInfinity;
}

// Vectors of eight coordinates that lie in two lines of cache each take half as long again.
double Density::gradient(const double* point, double* gradient) {
  ++evaluations_;
  if (size_ < kLong || (!straddles(point) && !straddles(gradient))) return gradient_at(point, gradient);
  const std::size_t room = (size_ + kLine - 1) / kLine * kLine;
  if (!aligned_.get()) aligned_ = data::AlignedBytes(static_cast<std::int64_t>(2 * room * sizeof(double)));
  auto* own = static_cast<double*>(aligned_.get());
  std::copy_n(point, size_, own);
  const double value = gradient_at(own, own + room);
  std::copy_n(own + room, size_, gradient);
  return value;
}

double Density::gradient_at(const double* point, double* gradient) {
  if (parts_) return parts_->run(point, gradient);
  double result = 0;
  const int code = model_->model().log_density_gradient(model_->bound(), point, flags_, gradient_workspace_.get(),
                                                        &result, gradient, nullptr);
  return code == LACUNA_OK ? result : -kInfinity;
}

void Density::block(std::size_t draws, const double* points, double* values, double* gradients) {
  const lacuna_model& table = model_->model();
  const std::int64_t count = static_cast<std::int64_t>(draws);
  const bool whole = gradients ? table.log_density_gradient_block != nullptr : table.log_density_block != nullptr;
  if (whole && parts_ && draws > Parts::kDrawsAtATime) {
    evaluations_ += count;
    return parts_->run_block(draws, points, values, gradients);
  }
  if (whole && draws > 1) {
    if (block_draws_ < draws) {
      block_workspace_ = model_->workspace(LACUNA_ENTRY_LOG_DENSITY_GRADIENT, count);
      block_draws_ = draws;
    }
    evaluations_ += count;
    const int code = gradients ? table.log_density_gradient_block(model_->bound(), count, count, points, flags_,
                                                                  block_workspace_.get(), values, gradients, nullptr)
                               : table.log_density_block(model_->bound(), count, count, points, flags_,
                                                         block_workspace_.get(), values, nullptr);
    for (std::size_t d = 0; code != LACUNA_OK && d < draws; ++d) values[d] = -kInfinity;
    return;
  }
  if (draws == 1) {
    values[0] = gradients ? gradient(points, gradients) : value(points);
    return;
  }
  for (std::size_t d = 0; d < draws; ++d) {
    for (std::size_t k = 0; k < size_; ++k) point_[k] = points[k * draws + d];
    values[d] = gradients ? gradient(point_.data(), gradient_.data()) : value(point_.data());
    for (std::size_t k = 0; gradients && k < size_; ++k) gradients[k * draws + d] = gradient_[k];
  }
}

bool Density::product(const double* point, const double* direction, double* product) {
  if (!product_workspace_.get()) product_workspace_ = model_->workspace(LACUNA_ENTRY_HVP);
  ++evaluations_;
  double value = 0;
  const int code = model_->model().log_density_hvp(model_->bound(), point, direction, flags_, product_workspace_.get(),
                                                   &value, gradient_.data(), product, nullptr);
  if (code != LACUNA_OK) std::fill_n(product, size_, std::numeric_limits<double>::quiet_NaN());
  return code == LACUNA_OK;
}

int site_of_coordinate(const data::BoundModel& model, std::size_t k) {
  std::int64_t before = 0;
  for (int p = 0; p < model.metadata().parameter_count; ++p) {
    const int site = model.metadata().parameters[p];
    before += model.site_coordinates[static_cast<std::size_t>(site)];
    if (static_cast<std::int64_t>(k) < before) return site;
  }
  return -1;
}

}  // namespace lacuna::runtime::infer
