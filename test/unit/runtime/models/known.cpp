// The two models whose posterior is known in closed form.
#include <cmath>
#include <limits>
#include <numbers>

#include "test/unit/runtime/models/models.h"
#include "test/unit/runtime/models/table.h"

namespace lacuna::test {
namespace {

const double kInfinity = std::numeric_limits<double>::infinity();
const double kLogTwoPi = std::log(2 * std::numbers::pi);
const lacuna_type kReal = {LACUNA_REAL, LACUNA_SCALAR, -1, 3, -kInfinity, kInfinity};
const std::int32_t kFirst[1] = {0};
const std::int32_t kParameters[1] = {0};

struct NormalMean {
  std::int64_t rows, seen;
  double y[256];

  static const lacuna_metadata& metadata() {
    static const lacuna_dimension_info dimensions[1] = {
        {"N", LACUNA_FREE, LACUNA_GIVEN, 0, 0, -1, 0, nullptr, nullptr, {}}};
    static const lacuna_argument_info arguments[1] = {
        {"y", kReal, 1, LACUNA_OPTIONAL | LACUNA_TARGET, kFirst, nullptr, {}}};
    static const lacuna_site_info sites[2] = {
        {"mu", LACUNA_LATENT, 0, kReal, 0, 0, kFirst, 0, -1, "1", "Normal(0, 1)", nullptr, {}},
        {"y", LACUNA_OBSERVED, 0, kReal, 1, 0, kFirst, 0, 0, nullptr, "Normal(mu, 1)", nullptr, {}}};
    static const lacuna_metadata made = {sizeof(lacuna_metadata),
                                         "normal_mean",
                                         "normal_mean.ppl",
                                         nullptr,
                                         "",
                                         "by hand",
                                         "",
                                         nullptr,
                                         1,
                                         1,
                                         2,
                                         0,
                                         dimensions,
                                         arguments,
                                         sites,
                                         nullptr,
                                         1,
                                         kParameters};
    return made;
  }
  static int bind(const lacuna_dimension* dimensions, const lacuna_array* arguments, NormalMean& into, lacuna_error*) {
    into.rows = dimensions[0].size;
    for (std::int64_t n = 0; n < into.rows; ++n) {
      if (is_present(arguments[0], n)) into.y[into.seen++] = at(arguments[0], n);
    }
    return LACUNA_OK;
  }
  void shape(lacuna_shape& out) const {
    for (int s = 0; s < 2; ++s) {
      if (out.site_coordinates) out.site_coordinates[s] = s == 0;
      if (out.site_values) out.site_values[s] = s == 0 ? 1 : rows;
      if (out.site_scored) out.site_scored[s] = s == 0 ? 0 : seen;
      if (out.site_left_out) out.site_left_out[s] = s == 0 ? 0 : rows - seen;
    }
    if (out.dimension_sizes) out.dimension_sizes[0] = rows;
    out.coordinates = out.values = 1;
  }
  double density(const double* p, double* g, std::uint32_t flags) const {
    double sum = -0.5 * p[0] * p[0], d = -p[0];
    for (std::int64_t i = 0; i < seen; ++i) {
      sum -= 0.5 * (y[i] - p[0]) * (y[i] - p[0]);
      d += y[i] - p[0];
    }
    if (flags & LACUNA_NORMALISED) sum -= 0.5 * kLogTwoPi * static_cast<double>(seen + 1);
    if (g) g[0] = d;
    return sum;
  }
  void constrain(const double* p, double* values) const { values[0] = p[0]; }
  void unconstrain(const double* values, double* p) const { p[0] = values[0]; }
  void terms(const double* p, double* totals, std::int64_t* not_finite) const {
    totals[0] = -0.5 * p[0] * p[0] - 0.5 * kLogTwoPi;
    totals[1] = density(p, nullptr, LACUNA_NORMALISED) - totals[0];
    for (int s = 0; s < 2; ++s) not_finite[s] = std::isfinite(totals[s]) ? 0 : 1;
  }
  void pointwise(const double* p, double* const* out) const {
    for (std::int64_t i = 0; out[1] && i < seen; ++i)
      out[1][i] = -0.5 * (y[i] - p[0]) * (y[i] - p[0]) - 0.5 * kLogTwoPi;
  }
  int cells(std::int32_t, std::int64_t*) const { return LACUNA_ABSENT; }
};

struct Gaussian {
  std::int64_t n;
  double mean[8], precision[64];

  static const lacuna_metadata& metadata() {
    static const std::int32_t second[1] = {1};
    static const lacuna_dimension_info dimensions[2] = {
        {"D", LACUNA_CLOSED, LACUNA_GIVEN, 0, 0, -1, 0, nullptr, nullptr, {}},
        {"E", LACUNA_CLOSED, LACUNA_GIVEN, 0, 0, -1, 0, nullptr, nullptr, {}}};
    static const lacuna_argument_info arguments[2] = {{"mean", kReal, 1, 0, kFirst, nullptr, {}},
                                                      {"precision", kReal, 1, 0, second, nullptr, {}}};
    static const lacuna_site_info sites[1] = {
        {"x", LACUNA_LATENT, 0, kReal, 1, 1, kFirst, 0, -1, "D", "MultivariateNormal(mean, precision)", nullptr, {}}};
    static const lacuna_metadata made = {sizeof(lacuna_metadata),
                                         "gaussian",
                                         "gaussian.ppl",
                                         nullptr,
                                         "",
                                         "by hand",
                                         "",
                                         nullptr,
                                         2,
                                         2,
                                         1,
                                         0,
                                         dimensions,
                                         arguments,
                                         sites,
                                         nullptr,
                                         1,
                                         kParameters};
    return made;
  }
  static int bind(const lacuna_dimension* dimensions, const lacuna_array* arguments, Gaussian& into,
                  lacuna_error* error) {
    into.n = dimensions[0].size;
    if (dimensions[1].size != into.n * into.n) return fail(error, LACUNA_SIZE, 1, 0);
    for (std::int64_t i = 0; i < into.n; ++i) into.mean[i] = at(arguments[0], i);
    for (std::int64_t i = 0; i < into.n * into.n; ++i) into.precision[i] = at(arguments[1], i);
    return LACUNA_OK;
  }
  void shape(lacuna_shape& out) const {
    if (out.site_coordinates) out.site_coordinates[0] = n;
    if (out.site_values) out.site_values[0] = n;
    if (out.site_scored) out.site_scored[0] = 0;
    if (out.site_left_out) out.site_left_out[0] = 0;
    if (out.dimension_sizes) out.dimension_sizes[0] = n, out.dimension_sizes[1] = n * n;
    out.coordinates = out.values = n;
  }
  // Not normalised: its normaliser is for the tests to know.
  double density(const double* p, double* g, std::uint32_t) const {
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      double row = 0;
      for (std::int64_t j = 0; j < n; ++j) row += precision[i * n + j] * (p[j] - mean[j]);
      sum -= 0.5 * row * (p[i] - mean[i]);
      if (g) g[i] = -row;
    }
    return sum;
  }
  void product(const double*, const double* v, std::uint32_t, double* out) const {
    for (std::int64_t i = 0; i < n; ++i) {
      out[i] = 0;
      for (std::int64_t k = 0; k < n; ++k) out[i] -= precision[i * n + k] * v[k];
    }
  }
  void constrain(const double* p, double* values) const { std::memcpy(values, p, static_cast<std::size_t>(n) * 8); }
  void unconstrain(const double* values, double* p) const { std::memcpy(p, values, static_cast<std::size_t>(n) * 8); }
  void terms(const double* p, double* totals, std::int64_t* not_finite) const {
    totals[0] = density(p, nullptr, 0);
    not_finite[0] = std::isfinite(totals[0]) ? 0 : 1;
  }
  void pointwise(const double*, double* const*) const {}
  int cells(std::int32_t, std::int64_t*) const { return LACUNA_ABSENT; }
};

}  // namespace

const lacuna_model& normal_mean() {
  return table<NormalMean>();
}
const lacuna_model& gaussian() {
  return table<Gaussian>();
}

}  // namespace lacuna::test
