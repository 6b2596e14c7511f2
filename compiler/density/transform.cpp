#include "compiler/density/transform.h"

namespace lacuna::density {

using ir::Op;

ValueId constrained(ir::Builder& b, const ScalarSupport& s, ValueId u) {
  if (s.lower && s.upper) return b.add(*s.lower, b.mul(b.sub(*s.upper, *s.lower), b.op(Op::Sigmoid, {u})));
  if (s.lower) return b.add(*s.lower, b.op(Op::Exp, {u}));
  if (s.upper) return b.sub(*s.upper, b.op(Op::Exp, {u}));
  return u;
}

std::optional<ValueId> log_jacobian(ir::Builder& b, const ScalarSupport& s, ValueId u) {
  if (s.is_whole_line()) return std::nullopt;
  if (!(s.lower && s.upper)) return u;
  const ValueId spread = b.op(Op::Log, {b.sub(*s.upper, *s.lower)});
  return b.sub(b.sub(spread, b.op(Op::Softplus, {u})), b.op(Op::Softplus, {b.neg(u)}));
}

ValueId unconstrained(ir::Builder& b, const ScalarSupport& s, ValueId x) {
  if (s.lower && s.upper) return b.op(Op::Logit, {b.div(b.sub(x, *s.lower), b.sub(*s.upper, *s.lower))});
  if (s.lower) return b.op(Op::Log, {b.sub(x, *s.lower)});
  if (s.upper) return b.op(Op::Log, {b.sub(*s.upper, x)});
  return x;
}

}  // namespace lacuna::density
