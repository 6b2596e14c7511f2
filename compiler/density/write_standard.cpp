// The way back from a non-centred value: the standard normal that `from_standard` turns into it.
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

ValueId Writer::standard_from(const Instance& d, ValueId x, support::SourceRange range) {
  for (const auto& m : d.distribution->members)
    if (m.name == "from_standard" && m.body) return solve(*m.body, m.parameters[0], x, d.env);
  throw NotCompiled(fmt::format("member `from_standard`, which `{}` does not give", d.distribution->name), range);
}

}  // namespace lacuna::density
