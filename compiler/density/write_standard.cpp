// `from_standard` of a distribution, read as an expression: the way back from a non-centred value, and its slope.
#include <fmt/format.h>

#include "compiler/check/walk.h"
#include "compiler/density/writer.h"

namespace lacuna::density {

using check::Builtin;
using ir::Op;

// The value of `unknown`, which stands once in `e`, when `e` has a value: operation by operation from the outside.
ValueId Writer::solve(const Expr& e, const Symbol* unknown, ValueId value, const Env& env) {
  if (const auto* variable = e.get_if<check::VariableExpr>(); variable && variable->symbol == unknown) return value;
  const auto* op = e.get_if<check::BuiltinExpr>();
  if (!op) throw NotCompiled("the way back through this expression", e.range);
  const auto holds = [&](std::size_t i) { return i < op->arguments.size() && check::reads_symbol(*op->arguments[i], unknown); };
  const std::size_t at = holds(0) ? 0 : 1;
  if (holds(0) && holds(1)) throw NotCompiled("the way back where the standard normal stands twice", e.range);
  const auto other = [&] { return to_real(scalar(*op->arguments[1 - at], env)); };
  const auto on = [&](ValueId inner) { return solve(*op->arguments[at], unknown, inner, env); };
  switch (op->op) {
    case Builtin::Add: return on(b.sub(value, other()));
    case Builtin::Subtract: return on(at == 0 ? b.add(value, other()) : b.sub(other(), value));
    case Builtin::Multiply: return on(b.div(value, other()));
    case Builtin::Divide: return on(at == 0 ? b.mul(value, other()) : b.div(other(), value));
    case Builtin::Negate: return on(b.neg(value));
    case Builtin::Exp: return on(b.op(Op::Log, {value}));
    case Builtin::Log: return on(b.op(Op::Exp, {value}));
    default: throw NotCompiled("the way back through this expression", e.range);
  }
}

// The log of |de / d variable|, where it stands once in `e`: what each operation on the way multiplies, as a log. Nothing: 0.
std::optional<ValueId> Writer::log_slope(const Expr& e, const Symbol* variable, const Env& env) {
  if (const auto* found = e.get_if<check::VariableExpr>(); found && found->symbol == variable) return std::nullopt;
  const auto* op = e.get_if<check::BuiltinExpr>();
  if (!op) throw NotCompiled("the slope of this expression", e.range);
  const auto holds = [&](std::size_t i) { return i < op->arguments.size() && check::reads_symbol(*op->arguments[i], variable); };
  const std::size_t at = holds(0) ? 0 : 1;
  if (holds(0) && holds(1)) throw NotCompiled("the slope where the standard normal stands twice", e.range);
  const auto log_of = [&](const Expr& factor) { return b.op(Op::Log, {b.op(Op::Abs, {to_real(scalar(factor, env))})}); };
  const std::optional<ValueId> inner = log_slope(*op->arguments[at], variable, env);
  const auto plus = [&](ValueId x) { return inner ? b.add(*inner, x) : x; };
  const auto minus = [&](ValueId x) { return inner ? b.sub(*inner, x) : b.neg(x); };
  switch (op->op) {
    case Builtin::Add:
    case Builtin::Subtract:
    case Builtin::Negate: return inner;
    case Builtin::Multiply: return plus(log_of(*op->arguments[1 - at]));
    case Builtin::Divide:
      if (at == 0) return minus(log_of(*op->arguments[1]));
      throw NotCompiled("the slope of a quotient by the standard normal", e.range);
    case Builtin::Exp: return plus(to_real(scalar(*op->arguments[0], env)));
    case Builtin::Log: return minus(log_of(*op->arguments[0]));
    default: throw NotCompiled("the slope of this expression", e.range);
  }
}

ValueId Writer::log_slope_of_standard(const Instance& d, ValueId z, support::SourceRange range) {
  for (const auto& m : d.distribution->members) {
    if (m.name != "from_standard" || !m.body) continue;
    auto env = std::make_shared<Environment>(d.env);
    env->bind(m.parameters[0], z);
    const std::optional<ValueId> slope = log_slope(*m.body, m.parameters[0], env);
    return slope ? *slope : b.real(0);
  }
  throw NotCompiled(fmt::format("member `from_standard`, which `{}` does not give", d.distribution->name), range);
}

ValueId Writer::standard_from(const Instance& d, ValueId x, support::SourceRange range) {
  for (const auto& m : d.distribution->members)
    if (m.name == "from_standard" && m.body) return solve(*m.body, m.parameters[0], x, d.env);
  throw NotCompiled(fmt::format("member `from_standard`, which `{}` does not give", d.distribution->name), range);
}

}  // namespace lacuna::density
