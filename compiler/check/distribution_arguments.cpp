// Arguments of a distribution: each is checked, matched with its parameter's dimensions, and held against its kind and support.
#include <algorithm>
#include <cmath>

#include "compiler/check/distribution_call.h"
#include "compiler/check/provisional_type.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Outcome;
using types::Scalar;
using types::Structure;

namespace {

// A vector written element by element takes its dimension from its place; everything else brings its own.
bool is_written_vector(const syntax::Expr& e) {
  switch (e.kind) {
    case syntax::ExprKind::Array: return true;
    case syntax::ExprKind::Unary: return is_written_vector(*e.as<syntax::UnaryExpr>().operand);
    case syntax::ExprKind::Binary: {
      const auto& b = e.as<syntax::BinaryExpr>();
      return is_written_vector(*b.left) || is_written_vector(*b.right);
    }
    case syntax::ExprKind::If: {
      const auto& i = e.as<syntax::IfExpr>();
      return is_written_vector(*i.then_value) || is_written_vector(*i.else_value);
    }
    default: return false;
  }
}

// What the place of an argument asks for: the target's dimensions, then the parameter's where they are known.
Expected expected_at(DistributionCall& call, const Symbol& parameter) {
  Expected expected;
  const Type type = substitute(call, parameter.type);
  expected.index_of = type.index_of;
  if (!is_solved(call, parameter.type)) return expected;
  std::vector<const Dimension*> dims;
  if (call.place.has_dims) {
    const std::size_t event = std::min(event_dims(call).size(), call.place.dims.size());
    dims.assign(call.place.dims.begin(), call.place.dims.end() - static_cast<std::ptrdiff_t>(event));
  }
  dims.insert(dims.end(), type.dims.begin(), type.dims.end());
  expected.dims = call.c.arena.copy(dims);
  return expected;
}

// `if t == 0 then [0.5, 0.5] else move[z[t - 1]]`: the branch with a name says what the written vector runs over.
void settle_from_parts(DistributionCall& call, const Symbol& parameter, const syntax::Expr& source) {
  for (std::size_t back = 0; back < parameter.type.rank(); ++back) {
    auto* s = call.find_solution(parameter.type.dims[parameter.type.rank() - 1 - back]);
    if (!s || s->dimension) continue;
    if (const Dimension* d = named_dimension(call.c, source, back)) *s = {d, source.range, parameter.name};
  }
}

void check_argument(DistributionCall& call, std::size_t i) {
  const Symbol& parameter = *call.d.parameters[i];
  const syntax::Expr* source = call.given(i);
  if (!source) {
    call.arguments[i] = call.d.defaults[i];
    return;
  }
  if (is_written_vector(*source) && source->kind != syntax::ExprKind::Array) settle_from_parts(call, parameter, *source);
  const Expr* value = check_expr(call.c, *source, expected_at(call, parameter));
  call.arguments[i] = value;
  if (value->is_error() || parameter.type.is_error()) {
    call.wrong = true;
    return;
  }
  if (!match_dimensions(call, i, *value)) {
    call.wrong = true;
    return;
  }
  check_parameter(call, parameter, *value);
}

bool is_distribution(const Symbol& parameter) { return parameter.type.scalar == Scalar::Dist; }

// A `dim` parameter takes a dimension's name.
void check_dimension_arguments(DistributionCall& call) {
  const auto declared = call.d.declaration->parameters;
  for (std::size_t i = 0; i < declared.size(); ++i) {
    const syntax::Expr* source = call.binding.given[i];
    if (!declared[i].is_dimension || !source) continue;
    const auto* name = source->get_if<syntax::NameExpr>();
    const auto known = name ? call.c.dimensions.find(name->text) : call.c.dimensions.end();
    if (known == call.c.dimensions.end()) {
      call.c.sink.report(Id::DimensionArgument, source->range, declared[i].name.text, call.d.name)
          .help("write the name of a dimension");
      call.wrong = true;
      continue;
    }
    const auto generic = std::find_if(call.d.generic.begin(), call.d.generic.end(),
                                      [&](const Dimension* g) { return g->name == declared[i].name.text; });
    if (known->second && generic != call.d.generic.end())
      *call.find_solution(*generic) = {known->second, source->range, "this argument"};
  }
}

// ------------------------------------------------------------------------------------------ kinds and supports

std::string kind_words(const Type& t) {
  switch (t.scalar) {
    case Scalar::Real: return "a real number";
    case Scalar::Int: return "a whole number";
    case Scalar::Bool: return "a `bool`";
    case Scalar::Index: return fmt::format("an index of `{}`", types::dimension_string(t.index_of));
    default: return "a value";
  }
}

bool kind_fits(const Type& value, const Type& required) {
  switch (required.scalar) {
    case Scalar::Real: return value.is_numeric();
    case Scalar::Int: return value.is_numeric() && value.scalar != Scalar::Real;
    case Scalar::Bool: return value.scalar == Scalar::Bool;
    case Scalar::Index: return value.scalar == Scalar::Int || (value.scalar == Scalar::Index && value.index_of == required.index_of);
    default: return value.scalar == required.scalar;
  }
}

std::string number(double x) { return std::isinf(x) ? (x > 0 ? "inf" : "-inf") : fmt::format("{}", x); }

std::string interval_words(const Interval& b) {
  if (b.is_point()) return fmt::format("is {}", number(b.lo));
  if (std::isinf(b.lo)) return fmt::format("is at most {}", number(b.hi));
  if (std::isinf(b.hi)) return fmt::format("is at least {}", number(b.lo));
  return fmt::format("lies between {} and {}", number(b.lo), number(b.hi));
}

std::string support_words(const Type& required) {
  Type element = required;
  element.dims = {};
  element.structure = Structure::None;
  const Interval& b = element.bounds;
  if (element.scalar == Scalar::Real && b == Interval::positive()) return "positive";
  if (element.scalar == Scalar::Real && b == Interval::nonnegative()) return "at least 0";
  if (element.scalar == Scalar::Real && b == Interval::unit()) return "between 0 and 1";
  if (element.scalar == Scalar::Int && b.lo == 0) return "at least 0";
  return fmt::format("between {} and {}", number(b.lo), number(b.hi));
}

bool is_factor(Structure s) { return s == Structure::CholeskyCovariance || s == Structure::CholeskyCorrelation; }
bool is_covariance(Structure s) { return s == Structure::Covariance || s == Structure::Correlation; }

// Whether values of one structure are of the other by definition.
bool implies(Structure has, Structure required) {
  if (has == required || required == Structure::None) return true;
  if (required == Structure::Covariance) return has == Structure::Correlation;
  if (required == Structure::CholeskyCovariance) return has == Structure::CholeskyCorrelation;
  return required == Structure::Ordered && has == Structure::PositiveOrdered;
}

// What elements that are written as numbers satisfy together; ToCheck when some are not numbers.
Outcome written_structure(const Expr& value, Structure required, double& sum) {
  const auto* array = value.get_if<ArrayExpr>();
  if (!array || value.type.rank() != 1) return Outcome::ToCheck;
  bool rises = true;
  double squares = 0;
  sum = 0;
  double previous = -std::numeric_limits<double>::infinity();
  for (const Expr* e : array->elements) {
    if (!e->type.bounds.is_point()) return Outcome::ToCheck;
    const double x = e->type.bounds.lo;
    sum += x;
    squares += x * x;
    rises &= x > previous;
    previous = x;
  }
  constexpr double kNear = 1e-8;  // what binding data allows too
  bool holds = true;
  switch (required) {
    case Structure::Simplex: holds = std::abs(sum - 1) <= kNear; break;
    case Structure::ZeroSum: holds = std::abs(sum) <= kNear; break;
    case Structure::UnitVector: holds = std::abs(squares - 1) <= kNear; break;
    case Structure::Ordered:
    case Structure::PositiveOrdered: holds = rises; break;
    default: return Outcome::ToCheck;
  }
  return holds ? Outcome::Shown : Outcome::Refuted;
}

std::string_view structure_rule(Structure s) {
  switch (s) {
    case Structure::Simplex: return "the elements of a simplex are not negative and sum to 1";
    case Structure::Ordered: return "each element is larger than the one before";
    case Structure::PositiveOrdered: return "the elements are positive, each larger than the one before";
    case Structure::ZeroSum: return "the elements sum to 0";
    case Structure::UnitVector: return "the squares of the elements sum to 1";
    default: return "";
  }
}

// A covariance where its Cholesky factor is asked for, or the other way round.
bool report_matrix_form(DistributionCall& call, const Symbol& p, const Expr& value, Structure required) {
  Context& c = call.c;
  const std::string text(c.sources.text(value.range));
  if (is_factor(required) && is_covariance(value.type.structure)) {
    c.sink.report(Id::MatrixForm, value.range, p.name, call.d.name, "a Cholesky factor", fmt::format("a `{}`", types::structure_name(value.type.structure)))
        .help(fmt::format("write `cholesky({})`, or give the matrix by its own name: `cov = {}`", text, text));
    return true;
  }
  if (is_covariance(required) && is_factor(value.type.structure)) {
    c.sink.report(Id::MatrixForm, value.range, p.name, call.d.name, "the matrix itself", "a Cholesky factor")
        .help(fmt::format("give it by the factor's name, as in `cholesky = {}`", text));
    return true;
  }
  return false;
}

void report_outside(DistributionCall& call, const Symbol& p, const Expr& value, const Type& required) {
  auto& report = call.c.sink.report(Id::ParameterOutsideSupport, value.range, p.name, call.d.name, support_words(required));
  report.label(interval_words(value.type.bounds));
  if (required.bounds == Interval::positive() && value.type.bounds.hi <= 0 && p.name.find("scale") != std::string_view::npos)
    report.note("a scale says how far draws spread, so it is larger than 0");
  call.wrong = true;
}

// A vector that was written elsewhere, for which the target has settled the dimension: the same elements over that.
const Expr* renamed(DistributionCall& call, const Expr& value, const Dimension* dimension) {
  Context& c = call.c;
  auto* array = c.arena.make<ArrayExpr>();
  array->kind = ExprKind::Array;
  array->range = value.range;
  array->stage = value.stage;
  array->type = value.type;
  array->type.dims = c.arena.copy(std::vector<const Dimension*>{dimension});
  std::vector<const Expr*> elements;
  for (std::int64_t i = 0; i < value.type.dims[0]->size; ++i)
    elements.push_back(make_subscript(c, &value, {make_literal(c, static_cast<double>(i), types::index_type(value.type.dims[0]), value.range)}, value.range));
  array->elements = c.arena.copy(elements);
  return array;
}

void rename_written(DistributionCall& call) {
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Expr* value = call.arguments[i];
    const auto own = call.d.parameters[i]->type.dims;
    if (!value || own.size() != 1 || value->type.rank() != 1 || value->type.dims[0]->origin != types::DimensionOrigin::Literal) continue;
    const auto* s = call.find_solution(own[0]);
    if (s && s->dimension && s->dimension != value->type.dims[0]) call.arguments[i] = renamed(call, *value, s->dimension);
  }
}

}  // namespace

const syntax::Expr* DistributionCall::given(std::size_t parameter) const {
  const syntax::Parameter* p = d.parameters[parameter]->parameter;
  return binding.given[static_cast<std::size_t>(p - d.declaration->parameters.data())];
}

void check_arguments(DistributionCall& call) {
  check_dimension_arguments(call);
  // An observed value brings its dimensions; those of a latent's brackets give way to the arguments'.
  if (call.place.observed) settle_from_target(call);
  for (std::size_t i = 0; i < call.d.parameters.size(); ++i) {
    const syntax::Expr* source = call.given(i);
    if (is_distribution(*call.d.parameters[i]) || (source && is_written_vector(*source))) continue;
    check_argument(call, i);
  }
  settle_derived(call, false);
  settle_from_target(call);
  settle_index(call);
  settle_from_components(call);
  settle_derived(call, false);
  for (std::size_t i = 0; i < call.d.parameters.size(); ++i) {
    const syntax::Expr* source = call.given(i);
    if (!is_distribution(*call.d.parameters[i]) && source && is_written_vector(*source)) check_argument(call, i);
  }
  settle_derived(call, false);
  check_components(call);
  if (call.wrong) return;
  settle_derived(call, true);
  rename_written(call);
}

void check_parameter(DistributionCall& call, const Symbol& p, const Expr& value) {
  Context& c = call.c;
  const Type required = substitute(call, p.type);
  if (!kind_fits(value.type, required)) {
    Type given = value.type;
    given.dims = {};
    auto& report = c.sink.report(Id::ArgumentKind, value.range, p.name, call.d.name, kind_words(required), types::to_string(given));
    if (required.scalar == Scalar::Bool) report.help("compare it: `x != 0`");
    if (required.scalar == Scalar::Int) report.help("a count is an `int` in the model's signature: `n: count[N]`");
    call.wrong = true;
    return;
  }
  const Outcome elements = types::lies_in(value.type.bounds, required.bounds);
  if (elements == Outcome::Refuted) return report_outside(call, p, value, required);
  Outcome together = implies(value.type.structure, required.structure) ? Outcome::Shown : Outcome::ToCheck;
  double sum = 0;
  if (together == Outcome::ToCheck) {
    if (report_matrix_form(call, p, value, required.structure)) {
      call.wrong = true;
      return;
    }
    together = written_structure(value, required.structure, sum);
  }
  if (together == Outcome::Refuted) {
    auto& report = c.sink.report(Id::ParameterOutsideSupport, value.range, p.name, call.d.name,
                                 fmt::format("`{}`", types::structure_name(required.structure)));
    if (required.structure == Structure::Simplex || required.structure == Structure::ZeroSum) report.label(fmt::format("sums to {}", number(sum)));
    report.note(std::string(structure_rule(required.structure)));
    call.wrong = true;
    return;
  }
  if (elements == Outcome::Shown && together == Outcome::Shown) return;
  Obligation o;
  o.kind = Obligation::Kind::Support;
  o.subject = &value;
  o.required = required.bounds;
  o.structure = together == Outcome::Shown ? Structure::None : required.structure;
  o.parameter = c.arena.copy(fmt::format("`{}` of `{}`", p.name, call.d.name));
  o.range = value.range;
  oblige(c, o);
}

}  // namespace lacuna::check
