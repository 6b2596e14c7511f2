#include <cmath>
#include <limits>

#include "runtime/random/draw.h"
#include "test/unit/runtime/models/models.h"
#include "test/unit/runtime/models/table.h"

namespace lacuna::test {
namespace {

const double kInfinity = std::numeric_limits<double>::infinity();
const double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Hierarchy {
  std::int64_t counties, rows, seen;
  std::uint64_t county_key[64], row_key[256];
  std::int64_t county[256];  // -1: not known
  double x[256], y[256];

  static const lacuna_metadata& metadata();

  static int bind(const lacuna_dimension* dimensions, const lacuna_array* arguments, std::uint32_t flags,
                  Hierarchy& into, lacuna_error* error) {
    into.counties = dimensions[0].size;
    into.rows = dimensions[1].size;
    for (std::int64_t j = 0; j < into.counties; ++j)
      into.county_key[j] = dimensions[0].keys ? dimensions[0].keys[j] : static_cast<std::uint64_t>(j);
    for (std::int64_t n = 0; n < into.rows; ++n) {
      into.row_key[n] = dimensions[1].keys ? dimensions[1].keys[n] : static_cast<std::uint64_t>(n);
      const bool known = arguments[0].rank == 1 && (!arguments[0].present || arguments[0].present[n]);
      into.county[n] = known ? static_cast<const std::int64_t*>(arguments[0].data)[n] : -1;
      into.x[n] = arguments[1].rank == 1 && is_present(arguments[1], n) ? at(arguments[1], n) : kNaN;
      into.y[n] = arguments[2].rank == 1 && is_present(arguments[2], n) ? at(arguments[2], n) : kNaN;
      into.seen += !std::isnan(into.y[n]);
      if (!(flags & LACUNA_FOR_PREDICTION) && (into.county[n] < 0 || std::isnan(into.x[n])))
        return fail(error, LACUNA_MISSING, into.county[n] < 0 ? 0 : 1, n);
    }
    return LACUNA_OK;
  }

  void shape(lacuna_shape& out) const {
    const std::int64_t values[3] = {1, counties, rows};
    for (int s = 0; s < 3; ++s) {
      if (out.site_coordinates) out.site_coordinates[s] = s < 2 ? values[s] : 0;
      if (out.site_values) out.site_values[s] = values[s];
      if (out.site_scored) out.site_scored[s] = s < 2 ? 0 : seen;
      if (out.site_left_out) out.site_left_out[s] = s < 2 ? 0 : rows - seen;
    }
    if (out.dimension_sizes) out.dimension_sizes[0] = counties, out.dimension_sizes[1] = rows;
    out.coordinates = out.values = 1 + counties;
  }
  double density(const double*, double*, std::uint32_t) const { return kNaN; }
  void constrain(const double*, double*) const {}
  void unconstrain(const double*, double*) const {}
  void terms(const double*, double*, std::int64_t*) const {}
  void pointwise(const double*, double* const*) const {}
  int cells(std::int32_t, std::int64_t*) const { return LACUNA_ABSENT; }

  static double normal(const lacuna_prediction& r, std::int64_t draw, std::uint32_t site, std::uint64_t key) {
    lacuna::runtime::random::Stream stream(r.seed, static_cast<std::uint32_t>(draw), site, key);
    return lacuna::runtime::random::draw_normal(stream);
  }
  static int predict(const lacuna_prediction& r, lacuna_error* error) {
    const auto& target = *static_cast<const Hierarchy*>(r.target);
    for (std::int64_t d = r.first; d < r.first + r.count; ++d) {
      const std::int64_t row = d - r.first;
      const double mu = r.training ? r.draws[d] : 5 * normal(r, d, 0, 0);
      double a[64];
      for (std::int64_t j = 0; j < target.counties; ++j) {
        const std::int64_t known = !r.training ? -1 : r.maps ? r.maps[0][j] : j;
        a[j] = known >= 0 ? r.draws[(1 + known) * r.stride + d] : mu + normal(r, d, 1, target.county_key[j]);
        if (r.out[1]) r.out[1][row * target.counties + j] = a[j];
      }
      if (r.out[0]) r.out[0][row] = mu;
      for (std::int64_t n = 0; r.out[2] && n < target.rows; ++n) {
        const bool able = target.county[n] >= 0 && !std::isnan(target.x[n]);
        if (!able && !(r.flags & LACUNA_MISSING_NAN)) return fail(error, LACUNA_DRAW, 2, n);
        const double mean = able ? a[target.county[n]] + target.x[n] : kNaN;
        r.out[2][row * target.rows + n] =
            r.flags & LACUNA_LOG_LIKELIHOOD
                ? -0.5 * (target.y[n] - mean) * (target.y[n] - mean) - 0.91893853320467274178
                : mean + normal(r, d, 2, target.row_key[n]);
      }
    }
    return LACUNA_OK;
  }
};

const lacuna_metadata& Hierarchy::metadata() {
  static const std::int32_t j[1] = {0}, n[1] = {1};
  static const lacuna_type real = {LACUNA_REAL, LACUNA_SCALAR, -1, 3, -kInfinity, kInfinity};
  static const lacuna_type county = {LACUNA_INDEX_OF, LACUNA_SCALAR, 0, 3, -kInfinity, kInfinity};
  static const lacuna_dimension_info dimensions[2] = {
      {"J", LACUNA_OPEN, LACUNA_GIVEN, 0, 0, -1, 0, nullptr, nullptr, {}},
      {"N", LACUNA_FREE, LACUNA_GIVEN, 0, 0, -1, 0, nullptr, nullptr, {}, 1}};
  static const lacuna_argument_info arguments[3] = {{"county", county, 1, 0, n, nullptr, {}},
                                                    {"x", real, 1, 0, n, nullptr, {}},
                                                    {"y", real, 1, LACUNA_OPTIONAL | LACUNA_TARGET, n, nullptr, {}}};
  static const lacuna_site_info sites[3] = {
      {"mu", LACUNA_LATENT, 0, real, 0, 0, j, 0, -1, "1", "Normal(0, 5)", nullptr, {}},
      {"a", LACUNA_LATENT, 0, real, 1, 0, j, 0, -1, "J", "Normal(mu, 1)", nullptr, {}},
      {"y", LACUNA_OBSERVED, 0, real, 1, 0, n, 0, 2, nullptr, "Normal(a[county[n]] + x[n], 1)", nullptr, {}}};
  static const std::int32_t parameters[2] = {0, 1};
  static const lacuna_metadata made = {sizeof(lacuna_metadata),
                                       "hierarchy",
                                       "hierarchy.ppl",
                                       nullptr,
                                       "",
                                       "by hand",
                                       "",
                                       nullptr,
                                       2,
                                       3,
                                       3,
                                       0,
                                       dimensions,
                                       arguments,
                                       sites,
                                       nullptr,
                                       2,
                                       parameters};
  return made;
}

}  // namespace

const lacuna_model& hierarchy() {
  return table<Hierarchy>();
}

}  // namespace lacuna::test
