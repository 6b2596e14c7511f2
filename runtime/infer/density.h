// The log density of a bound model as a function to be maximised or sampled: one object for each thread.
//
//   needs    a bound model, which outlives it
//   leaves   values and gradients at points or at blocks of points; calls are counted
//   shown by test/unit/runtime/svi_test.cpp
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "runtime/data/bind.h"
#include "runtime/infer/parts.h"

namespace lacuna::runtime::infer {

// A number that the distribution of a site takes within bounds, where it lies outside them at a point.
struct OutsideParameter {
  int site = -1;
  std::string text;           // as the program writes it
  std::int64_t cells = 0;     // in which it does
  double least = 0, most = 0; // of its values there; `least` above `most` when all are NaN
};
using FindOutside = std::function<std::vector<OutsideParameter>(const double* point)>;

class Density {
 public:
  // `flags`: LACUNA_JACOBIAN for the density of the unconstrained vector, LACUNA_NORMALISED for evidence bounds.
  // Several threads share the parts of large data; the digits are the same.
  Density(const data::BoundModel& model, std::uint32_t flags, int threads = 1);

  std::size_t size() const { return size_; }
  const data::BoundModel& model() const { return *model_; }
  std::uint32_t flags() const { return flags_; }

  // log p at `point` [size]. An error of the entry counts as -inf.
  double value(const double* point);
  // The same with its gradient [size]; the gradient means nothing unless the value is finite.
  double gradient(const double* point, double* gradient);
  // `draws` points at once, all arrays [coordinate][draw], draw fastest; `gradients` may be null.
  void block(std::size_t draws, const double* points, double* values, double* gradients);

  // Whether the table has Hessian-vector products.
  bool has_products() const { return model_->model().log_density_hvp != nullptr; }
  // The Hessian of log p at `point` times `direction`, into `product`, all [size]; false, and NaN, when the entry fails.
  bool product(const double* point, const double* direction, double* product);

  std::int64_t evaluations() const { return evaluations_; }

  // For the message when no start is finite; slow, may be empty.
  FindOutside find_outside;

 private:
  double gradient_at(const double* point, double* gradient);

  const data::BoundModel* model_;
  std::uint32_t flags_;
  std::size_t size_, block_draws_ = 0;
  data::AlignedBytes workspace_, gradient_workspace_, block_workspace_, product_workspace_;
  std::vector<double> point_, gradient_;
  data::AlignedBytes aligned_;  // a point and a gradient, where those that are given are long and straddle lines of cache
  std::unique_ptr<Parts> parts_;  // null: one thread
  std::int64_t evaluations_ = 0;
};

// The site that coordinate k belongs to (a position in the metadata).
int site_of_coordinate(const data::BoundModel& model, std::size_t k);

}  // namespace lacuna::runtime::infer
