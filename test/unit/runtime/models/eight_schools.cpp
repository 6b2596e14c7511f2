#include <cmath>
#include <limits>
#include <numbers>

#include "test/unit/runtime/models/models.h"
#include "test/unit/runtime/models/table.h"

namespace lacuna::test {
namespace {

const double kInfinity = std::numeric_limits<double>::infinity();
const double kLogTwoPi = std::log(2 * std::numbers::pi);

struct EightSchools {
  std::int64_t schools;
  double y[16], sigma[16];

  static const lacuna_metadata& metadata();

  static int bind(const lacuna_dimension* dimensions, const lacuna_array* arguments, EightSchools& into,
                  lacuna_error* error) {
    into.schools = dimensions[0].size;
    for (int a = 0; a < 2; ++a) {
      if (arguments[a].rank != 1) return fail(error, LACUNA_TYPE, a, -1);
      if (arguments[a].sizes[0] != into.schools) return fail(error, LACUNA_SIZE, a, 0);
    }
    for (std::int64_t i = 0; i < into.schools; ++i) {
      if (!is_present(arguments[0], i)) return fail(error, LACUNA_MISSING, 0, i);
      into.y[i] = at(arguments[0], i);
      into.sigma[i] = at(arguments[1], i);
      if (!(into.sigma[i] > 0)) return fail(error, LACUNA_VALUE, 1, i);
    }
    return LACUNA_OK;
  }

  void shape(lacuna_shape& out) const {
    const std::int64_t sizes[4] = {1, 1, schools, 0};
    for (int s = 0; s < 4; ++s) {
      if (out.site_coordinates) out.site_coordinates[s] = sizes[s];
      if (out.site_values) out.site_values[s] = s == 3 ? schools : sizes[s];
      if (out.site_scored) out.site_scored[s] = s == 3 ? schools : 0;
      if (out.site_left_out) out.site_left_out[s] = 0;
    }
    if (out.dimension_sizes) out.dimension_sizes[0] = schools;
    out.coordinates = out.values = 2 + schools;
  }

  // mu ~ N(0, 5); tau ~ HalfCauchy(5), log tau a coordinate; z ~ N(0, 1); y ~ N(mu + tau z, sigma). With the Jacobian
  // the density is that of (mu, log tau, z); without it, of (mu, tau, theta), which is the former over tau^(1 +
  // schools).
  double density(const double* x, double* g, std::uint32_t flags) const {
    const double mu = x[0], tau = std::exp(x[1]);
    double sum = -0.5 * mu * mu / 25 - std::log1p(tau * tau / 25);
    double d_mu = -mu / 25, d_log_tau = -2 * tau * tau / (25 + tau * tau);
    for (std::int64_t i = 0; i < schools; ++i) {
      const double z = x[2 + i], r = (y[i] - mu - tau * z) / sigma[i];
      sum += -0.5 * z * z - 0.5 * r * r;
      d_mu += r / sigma[i];
      d_log_tau += r / sigma[i] * tau * z;
      if (g) g[2 + i] = -z + r / sigma[i] * tau;
    }
    if (flags & LACUNA_JACOBIAN) {
      sum += x[1];
      d_log_tau += 1;
    } else {
      sum -= static_cast<double>(schools) * x[1];
      d_log_tau -= static_cast<double>(schools);
    }
    if (flags & LACUNA_NORMALISED) {
      sum += -0.5 * kLogTwoPi - std::log(5) + std::log(2 / (std::numbers::pi * 5));
      for (std::int64_t i = 0; i < schools; ++i) sum += -kLogTwoPi - std::log(sigma[i]);
    }
    if (g) {
      g[0] = d_mu;
      g[1] = d_log_tau;
    }
    return sum;
  }

  void constrain(const double* x, double* values) const {
    values[0] = x[0];
    values[1] = std::exp(x[1]);
    for (std::int64_t i = 0; i < schools; ++i) values[2 + i] = x[0] + values[1] * x[2 + i];
  }
  void unconstrain(const double* values, double* x) const {
    x[0] = values[0];
    x[1] = std::log(values[1]);
    for (std::int64_t i = 0; i < schools; ++i) x[2 + i] = (values[2 + i] - values[0]) / values[1];
  }
  void terms(const double* x, double* totals, std::int64_t* not_finite) const {
    const double tau = std::exp(x[1]);
    totals[0] = -0.5 * x[0] * x[0] / 25 - 0.5 * kLogTwoPi - std::log(5);
    totals[1] = std::log(2 / (std::numbers::pi * 5)) - std::log1p(tau * tau / 25);
    totals[2] = totals[3] = 0;
    for (std::int64_t i = 0; i < schools; ++i) {
      const double z = x[2 + i], r = (y[i] - x[0] - tau * z) / sigma[i];
      totals[2] += -0.5 * z * z - 0.5 * kLogTwoPi - x[1];
      totals[3] += -0.5 * r * r - 0.5 * kLogTwoPi - std::log(sigma[i]);
    }
    for (int s = 0; s < 4; ++s) not_finite[s] = std::isfinite(totals[s]) ? 0 : 1;
  }
  void pointwise(const double* x, double* const* out) const {
    const double tau = std::exp(x[1]);
    for (std::int64_t i = 0; out[3] && i < schools; ++i) {
      const double r = (y[i] - x[0] - tau * x[2 + i]) / sigma[i];
      out[3][i] = -0.5 * r * r - 0.5 * kLogTwoPi - std::log(sigma[i]);
    }
  }
  int cells(std::int32_t site, std::int64_t* positions) const {
    if (site < 2) positions[0] = 0;
    for (std::int64_t i = 0; site >= 2 && i < schools; ++i) positions[i] = i;
    return LACUNA_OK;
  }
};

const lacuna_metadata& EightSchools::metadata() {
  static const std::int32_t school[1] = {0};
  static const lacuna_type real = {LACUNA_REAL, LACUNA_SCALAR, -1, 3, -kInfinity, kInfinity};
  static const lacuna_type positive = {LACUNA_REAL, LACUNA_SCALAR, -1, 3, 0, kInfinity};
  static const lacuna_dimension_info dimensions[1] = {
      {"School", LACUNA_CLOSED, LACUNA_GIVEN, 0, 0, -1, 0, nullptr, nullptr, {2, 29, 2, 35}}};
  static const lacuna_argument_info arguments[2] = {{"y", real, 1, LACUNA_TARGET, school, nullptr, {2, 21, 2, 22}},
                                                    {"sigma", positive, 1, 0, school, nullptr, {2, 38, 2, 43}}};
  static const lacuna_site_info sites[4] = {
      {"mu", LACUNA_LATENT, 0, real, 0, 0, school, 0, -1, "1", "Normal(0, 5)", nullptr, {3, 10, 3, 12}},
      {"tau", LACUNA_LATENT, 0, positive, 0, 0, school, 0, -1, "1", "HalfCauchy(5)", nullptr, {4, 10, 4, 13}},
      {"theta",
       LACUNA_LATENT,
       LACUNA_NONCENTERED,
       real,
       1,
       0,
       school,
       0,
       -1,
       "School",
       "Normal(mu, tau)",
       nullptr,
       {5, 10, 5, 15}},
      {"y", LACUNA_OBSERVED, 0, real, 1, 0, school, 0, 0, nullptr, "Normal(theta, sigma)", nullptr, {6, 11, 6, 12}}};
  static const std::int32_t parameters[3] = {0, 1, 2};
  static const char* const source =
      "// Partial pooling of eight experiments.\n"
      "model eight_schools(y: real[School], sigma: positive[School]) {\n"
      "  sample mu            ~ Normal(0, 5)\n"
      "  sample tau           ~ HalfCauchy(5)\n"
      "  sample theta[School] ~ Normal(mu, tau) noncentered\n"
      "  observe y ~ Normal(theta, sigma)\n"
      "}\n";
  static const lacuna_metadata made = {sizeof(lacuna_metadata),
                                       "eight_schools",
                                       "eight_schools.ppl",
                                       source,
                                       "",
                                       "by hand",
                                       "",
                                       nullptr,
                                       1,
                                       2,
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

const lacuna_model& eight_schools() {
  return table<EightSchools>();
}

}  // namespace lacuna::test
