#include <cmath>
#include <limits>
#include <numbers>

#include "test/unit/runtime/models/models.h"
#include "test/unit/runtime/models/table.h"

namespace lacuna::test {
namespace {

const double kInfinity = std::numeric_limits<double>::infinity();
const double kLogTwoPi = std::log(2 * std::numbers::pi);

struct MissingOutcome {
  std::int64_t rows, seen;
  std::int64_t cell[256];
  double x[256], y[256];  // of the scored cells

  static const lacuna_metadata& metadata();

  static int bind(const lacuna_dimension* dimensions, const lacuna_array* arguments, MissingOutcome& into,
                  lacuna_error* error) {
    into.rows = dimensions[0].size;
    for (int a = 0; a < 3; ++a) {
      if (arguments[a].rank != 1) return fail(error, LACUNA_TYPE, a, -1);
      if (arguments[a].sizes[0] != into.rows) return fail(error, LACUNA_SIZE, a, 0);
    }
    for (std::int64_t n = 0; n < into.rows; ++n) {
      if (!is_present(arguments[0], n)) return fail(error, LACUNA_MISSING, 0, n);
      if (!is_present(arguments[1], n) || at(arguments[2], n) == 0) continue;
      into.cell[into.seen] = n;
      into.x[into.seen] = at(arguments[0], n);
      into.y[into.seen++] = at(arguments[1], n);
    }
    return LACUNA_OK;
  }

  void shape(lacuna_shape& out) const {
    for (int s = 0; s < 4; ++s) {
      if (out.site_coordinates) out.site_coordinates[s] = s < 3;
      if (out.site_values) out.site_values[s] = s < 3 ? 1 : rows;
      if (out.site_scored) out.site_scored[s] = s < 3 ? 0 : seen;
      if (out.site_left_out) out.site_left_out[s] = s < 3 ? 0 : rows - seen;
    }
    if (out.dimension_sizes) out.dimension_sizes[0] = rows;
    out.coordinates = out.values = 3;
  }

  // a, b ~ N(0, 10), sigma ~ HalfNormal(1) with log sigma a coordinate.
  double density(const double* p, double* g, std::uint32_t flags) const {
    const double sigma = std::exp(p[2]);
    double sum = -0.005 * (p[0] * p[0] + p[1] * p[1]) - 0.5 * sigma * sigma - static_cast<double>(seen) * p[2];
    double d_a = -0.01 * p[0], d_b = -0.01 * p[1], d_s = -sigma * sigma - static_cast<double>(seen);
    for (std::int64_t i = 0; i < seen; ++i) {
      const double r = (y[i] - p[0] - p[1] * x[i]) / sigma;
      sum -= 0.5 * r * r;
      d_a += r / sigma;
      d_b += r / sigma * x[i];
      d_s += r * r;
    }
    if (flags & LACUNA_JACOBIAN) {
      sum += p[2];
      d_s += 1;
    }
    if (flags & LACUNA_NORMALISED) {
      sum +=
          -0.5 * kLogTwoPi * static_cast<double>(seen + 2) - 2 * std::log(10.0) + 0.5 * std::log(2 / std::numbers::pi);
    }
    if (g) {
      g[0] = d_a;
      g[1] = d_b;
      g[2] = d_s;
    }
    return sum;
  }

  void constrain(const double* p, double* values) const {
    values[0] = p[0];
    values[1] = p[1];
    values[2] = std::exp(p[2]);
  }
  // With r = y - a - b x and s = log sigma, each seen row adds -r^2 / 2 exp(-2 s) - s.
  void product(const double* p, const double* v, std::uint32_t, double* out) const {
    const double precision = std::exp(-2 * p[2]);
    double h[3][3] = {{-0.01, 0, 0}, {0, -0.01, 0}, {0, 0, -2 * std::exp(2 * p[2])}};
    for (std::int64_t i = 0; i < seen; ++i) {
      const double r = y[i] - p[0] - p[1] * x[i], one[2] = {1, x[i]};
      for (int j = 0; j < 2; ++j) {
        for (int k = 0; k < 2; ++k) h[j][k] -= precision * one[j] * one[k];
        h[j][2] -= 2 * precision * r * one[j];
      }
      h[2][2] -= 2 * precision * r * r;
    }
    for (int j = 0; j < 2; ++j) h[2][j] = h[j][2];
    for (int j = 0; j < 3; ++j) out[j] = h[j][0] * v[0] + h[j][1] * v[1] + h[j][2] * v[2];
  }
  void unconstrain(const double* values, double* p) const {
    p[0] = values[0];
    p[1] = values[1];
    p[2] = std::log(values[2]);
  }
  void terms(const double* p, double* totals, std::int64_t* not_finite) const {
    const double sigma = std::exp(p[2]);
    totals[0] = -0.005 * p[0] * p[0] - 0.5 * kLogTwoPi - std::log(10.0);
    totals[1] = -0.005 * p[1] * p[1] - 0.5 * kLogTwoPi - std::log(10.0);
    totals[2] = -0.5 * sigma * sigma + 0.5 * std::log(2 / std::numbers::pi);
    totals[3] = 0;
    for (std::int64_t i = 0; i < seen; ++i) {
      const double r = (y[i] - p[0] - p[1] * x[i]) / sigma;
      totals[3] += -0.5 * r * r - 0.5 * kLogTwoPi - p[2];
    }
    for (int s = 0; s < 4; ++s) not_finite[s] = std::isfinite(totals[s]) ? 0 : 1;
  }
  void pointwise(const double* p, double* const* out) const {
    for (std::int64_t i = 0; out[3] && i < seen; ++i) {
      const double r = (y[i] - p[0] - p[1] * x[i]) / std::exp(p[2]);
      out[3][i] = -0.5 * r * r - 0.5 * kLogTwoPi - p[2];
    }
  }
  int cells(std::int32_t site, std::int64_t* positions) const {
    if (site < 3) positions[0] = 0;
    for (std::int64_t i = 0; site == 3 && i < seen; ++i) positions[i] = cell[i];
    return LACUNA_OK;
  }
};

const lacuna_metadata& MissingOutcome::metadata() {
  static const std::int32_t n[1] = {0};
  static const lacuna_type real = {LACUNA_REAL, LACUNA_SCALAR, -1, 3, -kInfinity, kInfinity};
  static const lacuna_type positive = {LACUNA_REAL, LACUNA_SCALAR, -1, 3, 0, kInfinity};
  static const lacuna_type boolean = {LACUNA_BOOL, LACUNA_SCALAR, -1, 0, 0, 1};
  static const lacuna_dimension_info dimensions[1] = {
      {"N", LACUNA_FREE, LACUNA_GIVEN, 0, 0, -1, 0, nullptr, nullptr, {3, 31, 3, 32}}};
  static const lacuna_argument_info arguments[3] = {
      {"x", real, 1, 0, n, nullptr, {3, 23, 3, 24}},
      {"y", real, 1, LACUNA_OPTIONAL | LACUNA_TARGET, n, nullptr, {3, 35, 3, 36}},
      {"keep", boolean, 1, LACUNA_MASK, n, nullptr, {3, 48, 3, 52}}};
  static const lacuna_site_info sites[4] = {
      {"a", LACUNA_LATENT, 0, real, 0, 0, n, 0, -1, "1", "Normal(0, 10)", nullptr, {4, 10, 4, 11}},
      {"b", LACUNA_LATENT, 0, real, 0, 0, n, 0, -1, "1", "Normal(0, 10)", nullptr, {5, 10, 5, 11}},
      {"sigma", LACUNA_LATENT, 0, positive, 0, 0, n, 0, -1, "1", "HalfNormal(1)", nullptr, {6, 10, 6, 15}},
      {"y", LACUNA_OBSERVED, 0, real, 1, 0, n, 0, 1, nullptr, "Normal(a + b * x, sigma)", nullptr, {7, 11, 7, 12}}};
  static const std::int32_t parameters[3] = {0, 1, 2};
  static const lacuna_metadata made = {sizeof(lacuna_metadata),
                                       "missing_outcome",
                                       "missing_outcome.ppl",
                                       nullptr,
                                       "",
                                       "by hand",
                                       "",
                                       nullptr,
                                       1,
                                       3,
                                       4,
                                       0,
                                       dimensions,
                                       arguments,
                                       sites,
                                       nullptr,
                                       3,
                                       parameters};
  return made;
}

}  // namespace

const lacuna_model& missing_outcome() {
  return table<MissingOutcome>();
}

}  // namespace lacuna::test
