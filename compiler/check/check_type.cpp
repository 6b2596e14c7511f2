// Written types and the dimensions they name.
#include <algorithm>
#include <array>

#include "compiler/check/check_dimension.h"
#include "compiler/check/check_expr.h"
#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;
using types::DimensionOrigin;
using types::Scalar;
using types::Structure;

namespace {

struct NamedType {
  std::string_view name;
  Scalar scalar;
  Interval bounds;
  Structure structure;
};

constexpr double kInf = std::numeric_limits<double>::infinity();

const std::array<NamedType, 16> kTypes = {{
    {"real", Scalar::Real, {}, Structure::None},
    {"int", Scalar::Int, {}, Structure::None},
    {"bool", Scalar::Bool, {0, 1}, Structure::None},
    {"positive", Scalar::Real, {0, kInf, true, false}, Structure::None},
    {"nonnegative", Scalar::Real, {0, kInf}, Structure::None},
    {"unit", Scalar::Real, {0, 1}, Structure::None},
    {"count", Scalar::Int, {0, kInf}, Structure::None},
    {"simplex", Scalar::Real, {0, 1}, Structure::Simplex},
    {"ordered", Scalar::Real, {}, Structure::Ordered},
    {"positive_ordered", Scalar::Real, {0, kInf, true, false}, Structure::PositiveOrdered},
    {"unit_vector", Scalar::Real, {-1, 1}, Structure::UnitVector},
    {"zero_sum", Scalar::Real, {}, Structure::ZeroSum},
    {"cov", Scalar::Real, {}, Structure::Covariance},
    {"corr", Scalar::Real, {-1, 1}, Structure::Correlation},
    {"cholesky_cov", Scalar::Real, {}, Structure::CholeskyCovariance},
    {"cholesky_corr", Scalar::Real, {-1, 1}, Structure::CholeskyCorrelation},
}};

// What users of other languages write, and the word here.
struct ForeignType {
  std::string_view name;
  std::string_view here;
};
constexpr std::array<ForeignType, 14> kForeign = {{{"vector", "real[N]"}, {"row_vector", "real[N]"}, {"matrix", "real[N, P]"},
    {"array", "real[N]"}, {"float", "real"}, {"double", "real"}, {"number", "real"}, {"integer", "int"}, {"boolean", "bool"},
    {"cov_matrix", "cov[K, K]"}, {"corr_matrix", "corr[K, K]"}, {"cholesky_factor_cov", "cholesky_cov[K, K]"},
    {"cholesky_factor_corr", "cholesky_corr[K, K]"}, {"string", "a dimension, whose labels are strings"}}};

bool begins_with_capital(std::string_view name) {
  // Letters beyond ASCII count as capitals: scripts without case may name dimensions too.
  return !name.empty() && !(name[0] >= 'a' && name[0] <= 'z') && name[0] != '_';
}

void use_dimension(Context& c, const Dimension* d);

void use_sizes(Context& c, const Expr* e) {
  if (!e) return;
  if (const auto* size = e->get_if<SizeExpr>()) use_dimension(c, size->dimension);
  if (const auto* op = e->get_if<BuiltinExpr>())
    for (const Expr* operand : op->arguments) use_sizes(c, operand);
}

// The model has a dimension that it names, and those that its size follows from.
void use_dimension(Context& c, const Dimension* d) {
  if (!c.model || std::find(c.model->dimensions.begin(), c.model->dimensions.end(), d) != c.model->dimensions.end()) return;
  c.model->dimensions.push_back(d);
  use_sizes(c, d->derived);
}

Dimension* introduce_dimension(Context& c, const syntax::Name& name) {
  if (!begins_with_capital(name.text)) {
    report_lowercase_dimension(c, name);
    return nullptr;
  }
  if (Symbol* value = c.scope.find(name.text)) {
    c.sink.report(Id::Redefined, name.range, name.text).label("a dimension here").also_at(value->range, "a value here");
    return nullptr;
  }
  auto* d = c.arena.make<Dimension>();
  d->name = name.text;
  d->range = name.range;
  d->origin = c.place == Place::Signature ? DimensionOrigin::Data : DimensionOrigin::Generic;
  c.dimensions[name.text] = d;
  if (c.model) c.model->dimensions.push_back(d);
  return d;
}

Dimension* dimension_of(Context& c, const syntax::Name& name, bool introduce) {
  const auto found = c.dimensions.find(name.text);
  if (found != c.dimensions.end()) {
    if (found->second) use_dimension(c, found->second);
    return found->second;
  }
  if (introduce) return introduce_dimension(c, name);
  return find_dimension(c, name);
}

// `interval(lo, hi)`: both constants.
Interval interval_arguments(Context& c, const syntax::TypeExpr& type) {
  if (type.arguments.size() != 2) {
    c.sink.report(Id::TypeArguments, type.range, type.name.text, "takes two bounds, as in `interval(0, 10)`");
    return {};
  }
  const Expr* lo = check_expr(c, *type.arguments[0]);
  const Expr* hi = check_expr(c, *type.arguments[1]);
  if (lo->is_error() || hi->is_error()) return {};
  for (const Expr* e : {lo, hi}) {
    if (e->stage != Stage::Constant || !e->type.is_numeric() || e->type.is_array()) {
      c.sink.report(Id::TypeArguments, e->range, type.name.text, "takes constants as bounds")
          .note("a bound that depends on data or latents belongs to a distribution: `Uniform(0, 1 - alpha)`");
      return {};
    }
  }
  const Interval bounds{lo->type.bounds.lo, hi->type.bounds.hi};
  if (bounds.lo > bounds.hi) {
    c.sink.report(Id::TypeArguments, type.range, type.name.text, "has its bounds the wrong way round");
    return {};
  }
  return bounds;
}

void unknown_type(Context& c, const syntax::TypeExpr& type) {
  auto& d = c.sink.report(Id::UnknownType, type.name.range, type.name.text);
  for (const ForeignType& f : kForeign) {
    if (f.name == type.name.text) {
      d.help(fmt::format("Lacuna writes `{}`", f.here));
      return;
    }
  }
  std::vector<std::string_view> names;
  for (const NamedType& t : kTypes) names.push_back(t.name);
  names.push_back("interval");
  for (const auto& [name, dimension] : c.dimensions) names.push_back(name);
  std::sort(names.begin(), names.end());
  const std::string_view near = support::nearest(type.name.text, names);
  if (!near.empty()) d.help(fmt::format("did you mean `{}`?", near), {{type.name.range, std::string(near)}});
}

// The element of the type, its brackets aside; Error when the name is unknown.
Type element_type(Context& c, const syntax::TypeExpr& type, bool introduce) {
  if (type.name.text == "dist" && c.place != Place::Signature) {
    Type t;
    t.scalar = Scalar::Dist;
    return t;
  }
  if (type.name.text == "interval") return types::real_type(interval_arguments(c, type));
  for (const NamedType& named : kTypes) {
    if (named.name != type.name.text) continue;
    Type t;
    t.scalar = named.scalar;
    t.bounds = named.bounds;
    t.structure = named.structure;
    if (!type.arguments.empty())
      c.sink.report(Id::TypeArguments, type.range, type.name.text, "takes no arguments; only `interval(lo, hi)` does");
    return t;
  }
  const bool known = c.dimensions.contains(type.name.text);
  if (!known && !(introduce && begins_with_capital(type.name.text))) {
    unknown_type(c, type);
    return {};
  }
  const Dimension* d = dimension_of(c, type.name, introduce);
  return d ? types::index_type(d) : Type{};
}

}  // namespace

Dimension* find_dimension(Context& c, const syntax::Name& name) {
  const auto found = c.dimensions.find(name.text);
  if (found != c.dimensions.end()) {
    if (found->second) use_dimension(c, found->second);
    return found->second;  // null when its declaration is wrong, which has been reported
  }
  if (told_in_model(c, Id::UnknownDimension, name.text)) return nullptr;
  auto& report = c.sink.report(Id::UnknownDimension, name.range, name.text);
  std::vector<std::string_view> names;
  for (const auto& [known, dimension] : c.dimensions) names.push_back(known);
  std::sort(names.begin(), names.end());
  const std::string_view near = support::nearest(name.text, names);
  if (!near.empty())
    report.help(fmt::format("did you mean `{}`?", near), {{name.range, std::string(near)}});
  else if (c.scope.find(name.text))
    report.note(fmt::format("`{}` is a value; a dimension is introduced by the model's signature or by `dim`", name.text));
  else
    report.help(fmt::format("a dimension is introduced by the model's signature, or declared: `dim {} = 4`", name.text));
  return nullptr;
}

Type check_type(Context& c, const syntax::TypeExpr& type, bool introduce) {
  Type t = element_type(c, type, introduce);
  if (t.is_error()) return t;
  std::vector<const Dimension*> dims;
  for (const syntax::Name& name : type.dimensions) {
    const Dimension* d = dimension_of(c, name, introduce);
    if (!d) return {};
    dims.push_back(d);
  }
  const auto event = static_cast<std::size_t>(types::event_rank(t.structure));
  if (dims.size() < event) {
    c.sink.report(Id::NeedsDimension, type.range, type.name.text, event == 1 ? "a dimension" : "a dimension twice")
        .help(event == 1 ? fmt::format("write `{}[K]`", type.name.text) : fmt::format("write `{}[K, K]`", type.name.text));
    return {};
  }
  if (event == 2 && dims[dims.size() - 1] != dims[dims.size() - 2] && t.structure != Structure::CholeskyCovariance) {
    c.sink.report(Id::NeedsDimension, type.range, type.name.text, "the same dimension twice");
    return {};
  }
  t.optional = type.optional;
  t.dims = c.arena.copy(dims);
  return t;
}

}  // namespace lacuna::check
