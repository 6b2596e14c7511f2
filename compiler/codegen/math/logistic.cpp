#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {

// 1 / (1 + exp(-x)): with e = exp(-|x|), it is 1 / (1 + e) or e / (1 + e). Softplus writes the same exp(-|x|), so that
// the two of one operand share it.
Value* emit_sigmoid(Lanes& b, Value* x) {
  Value* e = emit_exp(b, b.neg(b.abs(x)));
  Value* numerator = b.select(b.lt(x, 0.0), e, 1.0);
  return b.div(numerator, b.add(e, 1.0));
}

// log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)).
Value* emit_softplus(Lanes& b, Value* x) {
  Value* e = emit_exp(b, b.neg(b.abs(x)));
  return b.add(b.at_least(x, 0.0), emit_log1p_of_unit(b, e));
}

// log(p / (1 - p)): near 1/2 through log1p((2 p - 1) / (1 - p)), where the difference is exact.
Value* emit_logit(Lanes& b, Value* p) {
  Value* rest = b.sub(b.real(p, 1.0), p);
  Value* middle = b.lt(b.abs(b.sub(p, 0.5)), 0.25);
  Value* ratio = b.div(b.select(middle, b.sub(b.add(p, p), 1.0), p), rest);
  Value* near = emit_log1p(b, ratio);
  Value* far = b.sub(emit_log(b, p), emit_log1p(b, b.neg(p)));
  return b.select(middle, near, far);
}

// log(exp(x) + exp(y)) = max + log1p(exp(-|x - y|)); equal operands, also infinite ones, differ by 0.
Value* emit_logaddexp(Lanes& b, Value* x, Value* y) {
  Value* difference = b.select(b.ir.CreateFCmpOEQ(x, y), 0.0, b.sub(x, y));
  Value* larger = b.select(b.ir.CreateFCmpOLT(x, y), y, x);
  Value* e = emit_exp(b, b.neg(b.abs(difference)));
  return b.add(larger, emit_log1p_of_unit(b, e));
}

}  // namespace lacuna::codegen::math
