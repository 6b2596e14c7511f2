// Single values: literals, names, subscripts, choices, calls.
#include "compiler/check/check_expr.h"
#include "compiler/density/writer.h"

namespace lacuna::density {

using check::ExprKind;
using ir::Op;
using types::Scalar;

ValueId Writer::to_real(ValueId v) { return b.body().type(v).scalar == ir::Scalar::Real ? v : b.op(Op::ToReal, {v}); }

ValueId Writer::to_int(ValueId v) {
  switch (b.body().type(v).scalar) {
    case ir::Scalar::Int: return v;
    case ir::Scalar::Real: return b.op(Op::Truncate, {v});
    default: return b.op(Op::ToInt, {v});
  }
}

ValueId Writer::to_bool(ValueId v) {
  switch (b.body().type(v).scalar) {
    case ir::Scalar::Bool: return v;
    case ir::Scalar::Real: return b.op(Op::Ne, {v, b.real(0)});
    default: return b.op(Op::INe, {to_int(v), b.integer(0)});
  }
}

ValueId Writer::to_index(ValueId v, ir::DimId dim) {
  if (b.body().type(v) == ir::Type::index_of(dim)) return v;
  return b.index(dim, to_int(v));
}

ValueId Writer::coerce(ValueId v, const check::Type& type, const Env& env) {
  switch (type.scalar) {
    case Scalar::Real: return to_real(v);
    case Scalar::Int: return to_int(v);
    case Scalar::Bool: return to_bool(v);
    case Scalar::Index: return to_index(v, dim(type.index_of, env));
    default: return v;
  }
}

Operand Writer::coerce(const Operand& o, const check::Type& type, const Env& env) {
  if (const auto* v = std::get_if<ValueId>(&o)) {
    const ValueId value = coerce(*v, type, env);
    if (type.dims.empty()) return value;
    // A single value fills an array parameter.
    auto filled = std::make_shared<Array>();
    filled->dims.assign(type.dims.begin(), type.dims.end());
    filled->at = [value](const Values&) { return value; };
    return std::shared_ptr<const Array>(filled);
  }
  if (const auto* a = std::get_if<std::shared_ptr<const Array>>(&o)) {
    auto converted = std::make_shared<Array>();
    converted->dims = (*a)->dims;
    converted->at = [this, inner = *a, type, env](const Values& at) { return coerce(inner->at(at), type, env); };
    return std::shared_ptr<const Array>(converted);
  }
  return o;
}

ValueId Writer::variable(const Expr& e, const Symbol& symbol, const Env& env) {
  const Operand* known = env->find(&symbol);
  if (!known) throw NotCompiled(fmt::format("reading `{}` here", symbol.name), e.range);
  if (const auto* v = std::get_if<ValueId>(known)) return *v;
  if (const auto* a = std::get_if<std::shared_ptr<const Array>>(known); a && (*a)->dims.empty()) return (*a)->at({});
  throw NotCompiled(fmt::format("`{}` as a whole here", symbol.name), e.range);
}

ValueId Writer::scalar(const Expr& e, const Env& env) {
  if (known_)
    if (const std::optional<ValueId> known = known_(e, env)) return *known;
  switch (e.kind) {
    case ExprKind::Literal: {
      const auto& literal = e.as<check::LiteralExpr>();
      switch (e.type.scalar) {
        case Scalar::Bool: return b.boolean(literal.value != 0);
        case Scalar::Real: return b.real(literal.value);
        default: return coerce(b.integer(literal.integer), e.type, env);
      }
    }
    case ExprKind::Label: {
      const auto& label = e.as<check::LabelExpr>();
      const Dimension* d = env->resolve(label.dimension);
      for (std::size_t i = 0; i < d->labels.size(); ++i)
        if (d->labels[i] == label.label) return b.index(dims_.id(d), b.integer(static_cast<std::int64_t>(i)));
      throw NotCompiled("this label", e.range);
    }
    case ExprKind::Variable: return coerce(variable(e, *e.as<check::VariableExpr>().symbol, env), e.type, env);
    case ExprKind::Size: return b.size(dim(e.as<check::SizeExpr>().dimension, env));
    case ExprKind::Builtin: return builtin(e.as<check::BuiltinExpr>(), env);
    case ExprKind::If: return choose(e.as<check::IfExpr>(), env);
    case ExprKind::Reduce: return reduce(e.as<check::ReduceExpr>(), env);
    case ExprKind::Subscript: return subscript(e.as<check::SubscriptExpr>(), env);
    case ExprKind::FunctionCall: return call(e.as<check::FunctionCallExpr>(), env);
    case ExprKind::Member: return member_expr(e.as<check::MemberExpr>(), env);
    default: throw NotCompiled("an array where a single value is needed", e.range);
  }
}

// Blocks rather than a select: the branch not taken must not be read (a missing cell, an index outside).
ValueId Writer::choose(const check::IfExpr& e, const Env& env) {
  const ValueId condition = scalar(*e.condition, env);
  return b.branch(
      condition, [&]() -> Values { return {coerce(scalar(*e.then_value, env), e.type, env)}; },
      [&]() -> Values { return {coerce(scalar(*e.else_value, env), e.type, env)}; })[0];
}

ValueId Writer::subscript(const check::SubscriptExpr& e, const Env& env) {
  const auto object = array(*e.object, env);
  Values indices;
  for (std::size_t i = 0; i < e.indices.size(); ++i) indices.push_back(to_index(scalar(*e.indices[i], env), dim(e.object->type.dims[i], env)));
  return coerce(object->at(indices), e.type, env);
}

Env Writer::call_environment(const check::FunctionCallExpr& e, const Env& env) {
  // Each in an environment of its own: what is bound may hold the one that it reads.
  auto sizes = std::make_shared<Environment>();
  const check::Function& f = *e.function;
  for (std::size_t i = 0; i < f.generic.size(); ++i) sizes->bind(f.generic[i], env->resolve(e.dimensions[i]));
  auto inner = std::make_shared<Environment>(sizes);
  for (std::size_t i = 0; i < f.parameters.size(); ++i)
    inner->bind(f.parameters[i], coerce(operand(*e.arguments[i], env), f.parameters[i]->type, sizes));
  for (std::size_t i = 0; i < f.lets.size(); ++i) {
    auto next = std::make_shared<Environment>(inner);
    next->bind(f.lets[i], operand(*f.let_values[i], inner));
    inner = std::move(next);
  }
  return inner;
}

ValueId Writer::call(const check::FunctionCallExpr& e, const Env& env) {
  const Env inner = call_environment(e, env);
  return coerce(scalar(*e.function->body, inner), e.type, env);
}

}  // namespace lacuna::density
