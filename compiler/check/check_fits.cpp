// Whether a value is of the kind and support that its place wants: shown, refuted, or to be checked later.
#include <cmath>

#include "compiler/check/check_expr_parts.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Outcome;
using types::Scalar;

namespace {

bool kind_fits(const Type& value, const Type& required) {
  switch (required.scalar) {
    case Scalar::Real: return value.is_numeric();
    case Scalar::Int: return value.is_numeric() && value.scalar != Scalar::Real;
    case Scalar::Bool: return value.scalar == Scalar::Bool;
    case Scalar::Index: return (value.scalar == Scalar::Index && value.index_of == required.index_of) || value.scalar == Scalar::Int;
    default: return value.scalar == required.scalar;
  }
}

std::string end_string(double x) { return std::isinf(x) ? (x > 0 ? "inf" : "-inf") : fmt::format("{}", x == 0 ? 0.0 : x); }

// What brings any number into an interval, where a function of the language does just that.
std::string_view transform_into(const types::Interval& interval) {
  if (interval.lo == 0 && interval.hi == 1) return "; `sigmoid(...)` brings a value between 0 and 1";
  if (interval.lo == 0 && std::isinf(interval.hi)) return "; `exp(...)` makes a value positive";
  return "";
}

}  // namespace

diagnostics::Diagnostic& report_claim_shape(Context& c, SourceRange range, std::string_view what, List<const Dimension* const> value,
                                            List<const Dimension* const> claim) {
  const auto shape = [](List<const Dimension* const> dims) { return dims.empty() ? std::string("no dimension") : "shape " + types::shape_string(dims); };
  auto& report = c.sink.report(Id::ClaimShape, range, what, shape(value), types::shape_string(claim));
  std::string further;
  for (const Dimension* d : value)
    if (!types::contains(claim, d)) further += fmt::format("{}`{}`", further.empty() ? "" : " and ", types::dimension_string(d));
  const std::string written = fmt::format("write the dimensions that it has: `{}`", types::shape_string(value));
  report.help(further.empty() ? written : fmt::format("reduce the value over {}, or {}", further, written));
  return report;
}

void report_index_outside(Context& c, SourceRange range, const Dimension& dimension) {
  const std::string name = types::dimension_string(&dimension);
  auto& report = c.sink.report(Id::IndexOutside, range, name);
  if (dimension.size > 0)
    report.note(fmt::format("indices of `{}` run from 0 to {}", name, dimension.size - 1));
  else
    report.note(fmt::format("indices of `{0}` run from 0 to `size({0}) - 1`", name));
}

bool check_fits(Context& c, const Expr& value, const Type& required, std::string_view what) {
  if (value.is_error() || required.is_error()) return false;
  Type element = required;
  element.dims = {};
  Type given = value.type;
  given.dims = {};
  if (!kind_fits(value.type, required)) {
    c.sink.report(Id::ClaimKind, value.range, what, types::to_string(given), types::to_string(element));
    return false;
  }
  Obligation o;
  o.subject = &value;
  o.range = value.range;
  if (required.scalar == Scalar::Index && value.type.scalar == Scalar::Int) {
    const Outcome inside = c.facts.within(value, required.index_of);
    if (inside == Outcome::Refuted) {
      report_index_outside(c, value.range, *required.index_of);
      return false;
    }
    if (inside == Outcome::ToCheck) {
      o.kind = Obligation::Kind::IndexRange;
      o.dimension = required.index_of;
      oblige(c, o);
    }
    return true;
  }
  switch (types::lies_in(value.type.bounds, required.bounds)) {
    case Outcome::Shown: return true;
    case Outcome::Refuted:
      c.sink.report(Id::ClaimRefuted, value.range, what, types::to_string(element), end_string(value.type.bounds.lo), end_string(value.type.bounds.hi))
          .help(fmt::format("write a type that holds these values, as `real` does{}", transform_into(required.bounds)));
      return false;
    case Outcome::ToCheck:
      o.kind = Obligation::Kind::Claim;
      o.required = required.bounds;
      oblige(c, o);
      return true;
  }
  return true;
}

}  // namespace lacuna::check
