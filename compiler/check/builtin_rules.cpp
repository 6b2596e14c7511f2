// How built-in operations are typed: kinds, shapes, supports, stages (builtins.def names the rule of each).
#include <algorithm>
#include <array>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/interval_rules.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;
using types::Structure;

namespace {

std::string quoted(Builtin op) { return fmt::format("`{}`", builtin_entry(op).spelling); }

bool is_integral(const Type& t) { return t.scalar == Scalar::Int || t.scalar == Scalar::Bool || t.scalar == Scalar::Index; }

bool all_numeric(Context& c, Builtin op, const std::vector<const Expr*>& arguments) {
  for (const Expr* a : arguments) {
    if (a->type.is_numeric()) continue;
    c.sink.report(Id::WrongKind, a->range, quoted(op), "numbers", types::to_string(a->type));
    return false;
  }
  return true;
}

// The kind of the result; reports operands of the wrong kind and returns false then.
bool type_by_rule(Context& c, Builtin op, const std::vector<const Expr*>& arguments, Type& result) {
  const Rule rule = builtin_entry(op).rule;
  switch (rule) {
    case Rule::Arithmetic:
    case Rule::Whole: {  // `min(a, b)`
      if (!all_numeric(c, op, arguments)) return false;
      const bool integral = std::all_of(arguments.begin(), arguments.end(), [](const Expr* a) { return is_integral(a->type); });
      result.scalar = integral ? Scalar::Int : Scalar::Real;
      return true;
    }
    case Rule::Keep:
      if (!all_numeric(c, op, arguments)) return false;
      result.scalar = is_integral(arguments[0]->type) ? Scalar::Int : Scalar::Real;
      return true;
    case Rule::Chance: {
      if (!all_numeric(c, op, arguments)) return false;
      const bool counts = op == Builtin::PoissonDraw || op == Builtin::BinomialDraw || op == Builtin::MultinomialDraw;
      result.scalar = counts ? Scalar::Int : Scalar::Real;
      return true;
    }
    case Rule::Real:
      if (!all_numeric(c, op, arguments)) return false;
      result.scalar = Scalar::Real;
      return true;
    case Rule::Integer:
      for (const Expr* a : arguments) {
        if (is_integral(a->type)) continue;
        c.sink.report(Id::WrongKind, a->range, quoted(op), "`int`s", types::to_string(a->type));
        return false;
      }
      result.scalar = Scalar::Int;
      return true;
    case Rule::Compare:
      if (!all_numeric(c, op, arguments)) return false;
      result = types::bool_type();
      return true;
    case Rule::Logic:
      for (const Expr* a : arguments) {
        if (a->type.scalar == Scalar::Bool) continue;
        auto& report = c.sink.report(Id::WrongKind, a->range, quoted(op), "`bool`s", types::to_string(a->type));
        if (a->type.is_numeric()) report.help("compare it: `x != 0`");
        return false;
      }
      result = types::bool_type();
      return true;
    case Rule::Coalesce: {
      if (!all_numeric(c, op, arguments)) return false;
      const Type& a = arguments[0]->type;
      const Type& b = arguments[1]->type;
      if (a.scalar == b.scalar && a.index_of == b.index_of) {
        result.scalar = a.scalar;
        result.index_of = a.index_of;
      } else {
        result.scalar = a.scalar == Scalar::Real || b.scalar == Scalar::Real ? Scalar::Real : Scalar::Int;
      }
      return true;
    }
    case Rule::Matrix: break;
  }
  return false;
}

void set_bounds(Builtin op, const std::vector<const Expr*>& arguments, Type& result) {
  if (result.scalar == Scalar::Bool) return;
  if (op == Builtin::Coalesce) {
    result.bounds = types::hull(arguments[0]->type.bounds, arguments[1]->type.bounds);
    return;
  }
  std::vector<Interval> operands;
  for (const Expr* a : arguments) operands.push_back(a->type.bounds);
  const bool alike = arguments.size() == 2 && same(*arguments[0], *arguments[1]);
  result.bounds = interval_of(op, operands, alike);
}

// The one matrix operation's shape: what it needs, or an empty view when `dims` fit.
struct MatrixShape {
  std::string_view needs;
  std::vector<const Dimension*> dims;
};

MatrixShape shape_of(Builtin op, const std::vector<const Expr*>& arguments) {
  const auto& a = arguments[0]->type.dims;
  const auto square = [](const auto& d) { return d.size() >= 2 && d[d.size() - 1] == d[d.size() - 2]; };
  std::vector<const Dimension*> same_shape(a.begin(), a.end());
  switch (op) {
    case Builtin::Transpose:
      if (a.size() < 2) return {"a matrix", {}};
      std::swap(same_shape[a.size() - 1], same_shape[a.size() - 2]);
      return {"", same_shape};
    case Builtin::Diag:
      if (a.empty()) return {"a vector or a square matrix", {}};
      if (square(a)) {
        same_shape.pop_back();
        return {"", same_shape};
      }
      same_shape.push_back(a.back());
      return a.size() == 1 ? MatrixShape{"", same_shape} : MatrixShape{"a vector or a square matrix", {}};
    case Builtin::Cholesky: return square(a) ? MatrixShape{"", same_shape} : MatrixShape{"a square matrix", {}};
    case Builtin::LogDet: return square(a) && a.size() == 2 ? MatrixShape{"", {}} : MatrixShape{"a square matrix", {}};
    case Builtin::Cumsum: return a.empty() ? MatrixShape{"an array", {}} : MatrixShape{"", same_shape};
    case Builtin::ScaleRows: {
      const auto& m = arguments[1]->type.dims;
      if (a.size() != 1 || m.size() != 2 || m[0] != a[0]) return {"a vector and a matrix with as many rows", {}};
      return {"", {m.begin(), m.end()}};
    }
    case Builtin::Solve: {
      const auto& b = arguments[1]->type.dims;
      if (a.size() != 2 || !square(a) || b.empty() || b[0] != a[1]) return {"a square matrix and a right-hand side that begins with its dimension", {}};
      return {"", {b.begin(), b.end()}};
    }
    default: return {"", same_shape};
  }
}

bool type_matrix(Context& c, Builtin op, const std::vector<const Expr*>& arguments, SourceRange range, Type& result) {
  if (op == Builtin::Present) {
    result = types::bool_type();
    return true;
  }
  if (!all_numeric(c, op, arguments)) return false;
  result = types::real_type();
  if (op == Builtin::Contract) {
    const auto& a = arguments[0]->type.dims;
    const auto& b = arguments[1]->type.dims;
    if (a.empty() || b.empty() || a.back() != b.front()) {
      auto& report = c.sink.report(Id::ContractDimensions, range, types::shape_string(a), types::shape_string(b));
      report.note("the last dimension of the left operand must be the first of the right one");
      if (a.empty() || b.empty()) report.help("to multiply by a single value, write `*`");
      return false;
    }
    std::vector<const Dimension*> dims(a.begin(), a.end() - 1);
    dims.insert(dims.end(), b.begin() + 1, b.end());
    result.dims = c.arena.copy(dims);
    const std::array<Interval, 2> operands{arguments[0]->type.bounds, arguments[1]->type.bounds};
    const std::array<Interval, 1> product{interval_of(Builtin::Multiply, operands)};
    result.bounds = interval_of(Builtin::Sum, product);
    return true;
  }
  const MatrixShape shape = shape_of(op, arguments);
  if (!shape.needs.empty()) {
    c.sink.report(Id::MatrixShape, arguments[0]->range, builtin_entry(op).spelling, shape.needs, types::shape_string(arguments[0]->type.dims));
    return false;
  }
  result.dims = c.arena.copy(shape.dims);
  if (op == Builtin::Cholesky) result.structure = Structure::CholeskyCovariance;
  if (op == Builtin::Transpose) {
    result.bounds = arguments[0]->type.bounds;
    const Structure s = arguments[0]->type.structure;
    if (s == Structure::Covariance || s == Structure::Correlation) result.structure = s;
  }
  if (op == Builtin::Diag) result.bounds = types::hull(arguments[0]->type.bounds, Interval::point(0));
  if (op == Builtin::Cumsum) {
    const std::array<Interval, 1> terms{arguments[0]->type.bounds};
    result.bounds = interval_of(Builtin::Sum, terms);
    if (is_integral(arguments[0]->type)) result.scalar = Scalar::Int;
  }
  return true;
}

// `categorical_draw(p)`: an index of the vector's dimension.
const Expr* type_categorical_draw(Context& c, BuiltinExpr& e, const std::vector<const Expr*>& arguments) {
  const Type& p = arguments[0]->type;
  if (!p.is_numeric() || p.rank() != 1) {
    c.sink.report(Id::MatrixShape, arguments[0]->range, builtin_entry(e.op).spelling, "a vector",
                  p.dims.empty() ? std::string("no dimension") : types::shape_string(p.dims));
    return make_error(c, e.range);
  }
  e.type = types::index_type(p.dims[0]);
  e.arguments = c.arena.copy(arguments);
  return &e;
}

}  // namespace

const Expr* make_builtin(Context& c, Builtin op, std::vector<const Expr*> arguments, SourceRange range) {
  for (const Expr* a : arguments)
    if (a->is_error()) return make_error(c, range);
  auto* e = c.arena.make<BuiltinExpr>();
  e->kind = ExprKind::Builtin;
  e->op = op;
  e->range = range;
  const Rule rule = builtin_entry(op).rule;
  e->stage = rule == Rule::Chance ? Stage::Chance : Stage::Constant;
  for (const Expr* a : arguments) e->stage = later(e->stage, a->stage);
  if (rule == Rule::Matrix) {
    if (!type_matrix(c, op, arguments, range, e->type)) return make_error(c, range);
    if (op == Builtin::Present) e->stage = later(e->stage, Stage::Data);
    e->arguments = c.arena.copy(arguments);
    return e;
  }
  if (op == Builtin::CategoricalDraw) return type_categorical_draw(c, *e, arguments);
  if (!type_by_rule(c, op, arguments, e->type)) return make_error(c, range);
  List<const Dimension* const> dims;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto together = line_up(c, dims, arguments[i]->type.dims);
    if (!together) {
      report_shapes(c, *arguments[i ? i - 1 : 0], *arguments[i], range);
      return make_error(c, range);
    }
    dims = *together;
    if (op == Builtin::Coalesce && i == 0) continue;  // what `??` replaces is no longer missing
    e->type.optional |= arguments[i]->type.optional;
  }
  set_bounds(op, arguments, e->type);
  e->type.dims = dims;
  e->arguments = c.arena.copy(arguments);
  return e;
}

}  // namespace lacuna::check
