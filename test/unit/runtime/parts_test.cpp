// Parts of a density taken by threads: each once, each into its own place, and a failure of one is a failure.
#include "runtime/infer/parts.h"

#include <array>
#include <atomic>
#include <cmath>

#include "test/unit/runtime/infer_fixture.h"

namespace lacuna::runtime::infer {
namespace {

constexpr int kParts = 7;
std::array<std::atomic<int>, kParts> calls;
std::atomic<int> failing{-1};

int shape(const void*, lacuna_shape* out, lacuna_error*) {
  out->coordinates = out->values = 1;
  out->parts = kParts;
  out->partial = 2;
  return LACUNA_OK;
}

int part(const void*, const double* point, std::uint32_t, std::int32_t number, const double*, void*, double* partial,
         lacuna_error*) {
  ++calls[static_cast<std::size_t>(number)];
  partial[0] = number + point[0];
  partial[1] = 10.0 * number;
  return number == failing ? LACUNA_CHECK : LACUNA_OK;
}

int finish(const void*, const double*, std::uint32_t flags, const double*, const double* partials, void*, double* value,
           double* gradient, lacuna_error*) {
  *value = 0;
  if (flags & LACUNA_GRADIENT) *gradient = 0;
  for (int k = 0; k < kParts; ++k) {
    *value += partials[2 * k];
    if (flags & LACUNA_GRADIENT) *gradient += partials[2 * k + 1];
  }
  return LACUNA_OK;
}

lacuna_model in_parts() {
  lacuna_model model = test::normal_mean();
  model.shape = shape;
  model.density_part = part;
  model.density_finish = finish;
  return model;
}

TEST(Parts, AreTakenOnceEachByAnyNumberOfThreads) {
  const lacuna_model table = in_parts();
  const BoundModel model = bound_to(table, {3}, {std::vector<double>{1, 2, 3}});
  ASSERT_TRUE(Parts::has_several(model));
  for (const int threads : {1, 2, 5}) {
    for (auto& each : calls) each = 0;
    Parts parts(model, LACUNA_JACOBIAN, threads);
    const double point = 0.5;
    double gradient = 0;
    EXPECT_EQ(parts.run(&point, &gradient), 21 + 7 * 0.5);
    EXPECT_EQ(gradient, 210);
    for (const auto& each : calls) EXPECT_EQ(each, 1);
  }
}

TEST(Parts, FailTogether) {
  const lacuna_model table = in_parts();
  const BoundModel model = bound_to(table, {3}, {std::vector<double>{1, 2, 3}});
  failing = 4;
  Parts parts(model, LACUNA_JACOBIAN, 2);
  const double point = 0.5;
  EXPECT_EQ(parts.run(&point, nullptr), -INFINITY);
  failing = -1;
}

// A value that says at which point it was asked for, and in which call.
int block(const void*, std::int64_t draws, std::int64_t stride, const double* points, std::uint32_t, void* workspace, double* values,
          double* gradients, lacuna_error*) {
  if (!workspace || draws > static_cast<std::int64_t>(Parts::kDrawsAtATime)) return LACUNA_ARGUMENT;
  for (std::int64_t d = 0; d < draws; ++d) {
    values[d] = 2 * points[d];
    gradients[d] = points[d] + static_cast<double>(stride);
    if (points[d] == failing) return LACUNA_CHECK;
  }
  return LACUNA_OK;
}

TEST(Parts, ShareTheDrawsOfABlock) {
  lacuna_model table = in_parts();
  table.log_density_gradient_block = block;
  table.workspace_size = [](const void*, std::int32_t, std::int64_t draws) { return 64 * draws; };
  const BoundModel model = bound_to(table, {3}, {std::vector<double>{1, 2, 3}});
  constexpr std::size_t kDraws = 35;
  std::vector<double> points(kDraws), values(kDraws), gradients(kDraws);
  for (std::size_t d = 0; d < kDraws; ++d) points[d] = static_cast<double>(d);
  for (const int threads : {1, 2, 5}) {
    Parts parts(model, LACUNA_JACOBIAN, threads);
    parts.run_block(kDraws, points.data(), values.data(), gradients.data());
    for (std::size_t d = 0; d < kDraws; ++d) {
      EXPECT_EQ(values[d], 2 * points[d]);
      EXPECT_EQ(gradients[d], points[d] + kDraws);
    }
  }
  failing = 20;
  Parts parts(model, LACUNA_JACOBIAN, 2);
  parts.run_block(kDraws, points.data(), values.data(), gradients.data());
  for (const double value : values) EXPECT_EQ(value, -INFINITY);
  failing = -1;
}

}  // namespace
}  // namespace lacuna::runtime::infer
