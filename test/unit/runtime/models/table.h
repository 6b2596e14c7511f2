// Makes a table of functions out of a C++ class, so that the runtime can be tested without a compiler.
//
// A model M is trivially copyable (its object is the bound model) and has
//   static const lacuna_metadata& metadata();
//   static int bind(const lacuna_dimension*, const lacuna_array*, M& into, lacuna_error*);
//   void shape(lacuna_shape&) const;
//   double density(const double* point, double* gradient, std::uint32_t flags) const;   gradient may be null
//   void constrain(const double* point, double* values) const;
//   void unconstrain(const double* values, double* point) const;
//   void terms(const double* point, double* totals, std::int64_t* not_finite) const;
//   void pointwise(const double* point, double* const* out) const;
//   int cells(std::int32_t site, std::int64_t* positions) const;
// and, when it has second derivatives,
//   void product(const double* point, const double* direction, std::uint32_t flags, double* product) const;
// and, when it can be predicted,
//   static int predict(const lacuna_prediction& request, lacuna_error*);
// Memory of variable size stands in fixed arrays: test data are small.
#pragma once
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "lacuna/model.h"

namespace lacuna::test {

inline int fail(lacuna_error* error, int code, int where, std::int64_t index) {
  if (error) *error = {code, where, index};
  return code;
}

template <class M>
struct Entries {
  static_assert(std::is_trivially_copyable_v<M>);
  static const M& of(const void* bound) { return *static_cast<const M*>(bound); }
  static std::int64_t size_of(const M& model) {
    lacuna_shape shape{};
    model.shape(shape);
    return shape.coordinates;
  }

  static int bind_size(const lacuna_model*, const lacuna_dimension*, const lacuna_array*, std::int64_t* bytes,
                       lacuna_error*) {
    *bytes = sizeof(M);
    return LACUNA_OK;
  }
  static int bind_into(const lacuna_model*, const lacuna_dimension* dimensions, const lacuna_array* arguments,
                       std::uint32_t flags, void* memory, std::int64_t bytes, lacuna_error* error) {
    if (bytes < static_cast<std::int64_t>(sizeof(M))) return fail(error, LACUNA_WORKSPACE, -1, sizeof(M));
    M made{};
    int code = LACUNA_OK;
    if constexpr (requires { M::bind(dimensions, arguments, flags, made, error); })
      code = M::bind(dimensions, arguments, flags, made, error);
    else
      code = M::bind(dimensions, arguments, made, error);
    if (code == LACUNA_OK) std::memcpy(memory, &made, sizeof(M));
    return code;
  }
  static int shape(const void* bound, lacuna_shape* out, lacuna_error*) {
    out->parts = 1;
    out->partial = 0;
    of(bound).shape(*out);
    return LACUNA_OK;
  }
  static int cells(const void* bound, std::int32_t site, std::int64_t* positions, lacuna_error*) {
    return of(bound).cells(site, positions);
  }
  static std::int64_t workspace_size(const void*, std::int32_t entry, std::int64_t) {
    if (entry == LACUNA_ENTRY_PREDICT) return predicts() ? 0 : -1;
    if (entry == LACUNA_ENTRY_HVP) return has_product() ? 0 : -1;
    return entry == LACUNA_ENTRY_NATURAL_DENSITY ? -1 : 0;
  }
  static int log_density(const void* bound, const double* point, std::uint32_t flags, void*, double* value,
                         lacuna_error*) {
    *value = of(bound).density(point, nullptr, flags);
    return LACUNA_OK;
  }
  static int log_density_gradient(const void* bound, const double* point, std::uint32_t flags, void*, double* value,
                                  double* gradient, lacuna_error*) {
    *value = of(bound).density(point, gradient, flags);
    return LACUNA_OK;
  }
  static int log_density_gradient_block(const void* bound, std::int64_t draws, std::int64_t stride,
                                        const double* points, std::uint32_t flags, void*, double* values,
                                        double* gradients, lacuna_error*) {
    const std::int64_t n = size_of(of(bound));
    std::vector<double> point(static_cast<std::size_t>(n)), gradient(static_cast<std::size_t>(n));
    for (std::int64_t d = 0; d < draws; ++d) {
      for (std::int64_t k = 0; k < n; ++k) point[static_cast<std::size_t>(k)] = points[k * stride + d];
      values[d] = of(bound).density(point.data(), gradients ? gradient.data() : nullptr, flags);
      for (std::int64_t k = 0; gradients && k < n; ++k)
        gradients[k * stride + d] = gradient[static_cast<std::size_t>(k)];
    }
    return LACUNA_OK;
  }
  static int log_density_block(const void* bound, std::int64_t draws, std::int64_t stride, const double* points,
                               std::uint32_t flags, void* workspace, double* values, lacuna_error* error) {
    return log_density_gradient_block(bound, draws, stride, points, flags, workspace, values, nullptr, error);
  }
  static constexpr bool has_product() {
    return requires(const M& model, double* x) { model.product(x, x, 0u, x); };
  }
  static int log_density_hvp(const void* bound, const double* point, const double* direction, std::uint32_t flags,
                             void*, double* value, double* gradient, double* product, lacuna_error* error) {
    if constexpr (has_product()) {
      *value = of(bound).density(point, gradient, flags);
      of(bound).product(point, direction, flags, product);
      return LACUNA_OK;
    } else {
      return fail(error, LACUNA_ABSENT, -1, -1);
    }
  }
  static int constrain(const void* bound, const double* point, void*, double* values, lacuna_error*) {
    of(bound).constrain(point, values);
    return LACUNA_OK;
  }
  static int unconstrain(const void* bound, const double* values, void*, double* point, lacuna_error*) {
    of(bound).unconstrain(values, point);
    return LACUNA_OK;
  }
  static int terms(const void* bound, const double* point, std::uint32_t, void*, double* totals,
                   std::int64_t* not_finite, lacuna_error*) {
    of(bound).terms(point, totals, not_finite);
    return LACUNA_OK;
  }
  static constexpr bool predicts() {
    return requires(const lacuna_prediction& request, lacuna_error* error) { M::predict(request, error); };
  }
  static int predict(const lacuna_prediction* request, void*, lacuna_error* error) {
    if constexpr (predicts())
      return M::predict(*request, error);
    else
      return fail(error, LACUNA_ABSENT, -1, -1);
  }
  static int pointwise(const void* bound, const double* point, void*, double* const* out, lacuna_error*) {
    of(bound).pointwise(point, out);
    return LACUNA_OK;
  }
};

template <class M>
const lacuna_model& table() {
  using E = Entries<M>;
  static const lacuna_model made = {sizeof(lacuna_model),
                                    LACUNA_ABI_VERSION,
                                    &M::metadata(),
                                    E::bind_size,
                                    E::bind_into,
                                    E::shape,
                                    E::cells,
                                    E::workspace_size,
                                    E::log_density,
                                    E::log_density_gradient,
                                    nullptr,
                                    nullptr,
                                    E::has_product() ? E::log_density_hvp : nullptr,
                                    E::log_density_block,
                                    E::log_density_gradient_block,
                                    nullptr,
                                    E::constrain,
                                    E::unconstrain,
                                    E::terms,
                                    E::pointwise,
                                    E::predicts() ? E::predict : nullptr,
                                    nullptr,
                                    nullptr};
  return made;
}

// How arguments of reals (NaN for a gap) or of bytes are handed over.
struct Argument {
  std::vector<std::int64_t> sizes, strides;
  lacuna_array array{};
  Argument(const std::vector<double>& values) : Argument(values.data(), LACUNA_F64, values.size(), 8) {}
  Argument(const std::vector<std::uint8_t>& values) : Argument(values.data(), LACUNA_U8, values.size(), 1) {}

 private:
  Argument(const void* data, int dtype, std::size_t size, std::int64_t width)
      : sizes{static_cast<std::int64_t>(size)}, strides{width} {
    array = {data, dtype, 1, sizes.data(), strides.data(), nullptr, 0, nullptr};
  }
};

inline double at(const lacuna_array& array, std::int64_t i) {
  const char* element = static_cast<const char*>(array.data) + i * array.strides[0];
  return array.dtype == LACUNA_F64 ? *reinterpret_cast<const double*>(element)
                                   : static_cast<double>(*reinterpret_cast<const std::uint8_t*>(element));
}

inline bool is_present(const lacuna_array& array, std::int64_t i) {
  return (!array.present || array.present[i]) && at(array, i) == at(array, i);
}

}  // namespace lacuna::test
