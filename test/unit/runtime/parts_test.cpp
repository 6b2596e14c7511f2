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

}  // namespace
}  // namespace lacuna::runtime::infer
