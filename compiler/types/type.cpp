#include "compiler/types/type.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lacuna::types {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

std::string number(double x) {
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  return fmt::format("{}", x);
}

std::string element_string(const Type& t) {
  if (t.structure != Structure::None) return std::string(structure_name(t.structure));
  switch (t.scalar) {
    case Scalar::Error: return "?";
    case Scalar::Dist: return "dist";
    case Scalar::Bool: return "bool";
    case Scalar::Index: return dimension_string(t.index_of);
    case Scalar::Int: return t.bounds.lo >= 0 && !t.bounds.is_point() ? "count" : "int";
    case Scalar::Real: break;
  }
  const Interval& b = t.bounds;
  if (b.is_all() || b.is_point()) return "real";
  if (b.lo == 0 && b.hi == kInf) return b.lo_open ? "positive" : "nonnegative";
  if (b.lo == 0 && b.hi == 1) return "unit";
  return fmt::format("interval({}, {})", number(b.lo), number(b.hi));
}

}  // namespace

int event_rank(Structure s) {
  switch (s) {
    case Structure::None: return 0;
    case Structure::Simplex:
    case Structure::Ordered:
    case Structure::PositiveOrdered:
    case Structure::UnitVector:
    case Structure::ZeroSum: return 1;
    default: return 2;
  }
}

std::string_view structure_name(Structure s) {
  switch (s) {
    case Structure::None: return "";
    case Structure::Simplex: return "simplex";
    case Structure::Ordered: return "ordered";
    case Structure::PositiveOrdered: return "positive_ordered";
    case Structure::UnitVector: return "unit_vector";
    case Structure::ZeroSum: return "zero_sum";
    case Structure::Covariance: return "cov";
    case Structure::Correlation: return "corr";
    case Structure::CholeskyCovariance: return "cholesky_cov";
    case Structure::CholeskyCorrelation: return "cholesky_corr";
  }
  return "";
}

Type real_type(Interval bounds) {
  Type t;
  t.scalar = Scalar::Real;
  t.bounds = bounds;
  return t;
}

Type int_type(Interval bounds) {
  Type t;
  t.scalar = Scalar::Int;
  t.bounds = bounds;
  return t;
}

Type bool_type() {
  Type t;
  t.scalar = Scalar::Bool;
  t.bounds = Interval::unit();
  return t;
}

Type index_type(const Dimension* d) {
  Type t;
  t.scalar = Scalar::Index;
  t.index_of = d;
  t.bounds = {0, d->size > 0 ? static_cast<double>(d->size - 1) : kInf};
  return t;
}

std::string dimension_string(const Dimension* d) {
  if (!d) return "?";
  if (d->origin == DimensionOrigin::Literal) return std::to_string(d->size);
  return std::string(d->name);
}

std::string shape_string(List<const Dimension* const> dims) {
  if (dims.empty()) return "no dimension";
  std::string s = "[";
  for (std::size_t i = 0; i < dims.size(); ++i) s += (i ? ", " : "") + dimension_string(dims[i]);
  return s + "]";
}

std::string to_string(const Type& t) {
  std::string s = element_string(t);
  if (t.optional) s += "?";
  if (t.is_array()) s += shape_string(t.dims);
  return s;
}

bool contains(List<const Dimension* const> dims, const Dimension* d) {
  return std::find(dims.begin(), dims.end(), d) != dims.end();
}

bool same_dims(List<const Dimension* const> a, List<const Dimension* const> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

bool has_repeated(List<const Dimension* const> dims) {
  for (std::size_t i = 0; i < dims.size(); ++i)
    for (std::size_t j = i + 1; j < dims.size(); ++j)
      if (dims[i] == dims[j]) return true;
  return false;
}

}  // namespace lacuna::types
