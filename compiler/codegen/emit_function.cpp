// Real arithmetic and functions of reals, lane by lane.
#include "compiler/codegen/emitter.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen {

using ir::Op;

// NaN if either is; else the smaller, or the larger.
Value* Emitter::smaller(Value* a, Value* b, bool larger) {
  Value* second = larger ? builder_.CreateFCmpOGT(b, a) : builder_.CreateFCmpOLT(b, a);
  return b_.select(builder_.CreateOr(second, b_.is_nan(b)), b, a);
}

Value* Emitter::elementary(Op op, Value* x, Value* y) {
  switch (op) {
    case Op::Add:
      return b_.add(x, y);
    case Op::Sub:
      return b_.sub(x, y);
    case Op::Mul:
      return b_.mul(x, y);
    case Op::Div:
      return b_.div(x, y);
    case Op::Neg:
      return b_.neg(x);
    case Op::Abs:
      return b_.abs(x);
    case Op::Sign:  // 0 and NaN give themselves
      return b_.select(b_.gt(x, 0.0), 1.0, b_.select(b_.lt(x, 0.0), -1.0, x));
    case Op::Min:
      return smaller(x, y, false);
    case Op::Max:
      return smaller(x, y, true);
    case Op::Mod: {  // x - y floor(x / y); exact where the quotient is
      Value* rest = b_.sub(x, b_.mul(y, b_.floor(b_.div(x, y))));
      return rest;
    }
    case Op::Floor:
      return b_.floor(x);
    case Op::Ceil:
      return b_.ceil(x);
    case Op::Round:
      return b_.round_even(x);
    case Op::Sqrt:
      return b_.sqrt(x);
    case Op::Exp:
      return math::emit_exp(b_, x);
    case Op::Expm1:
      return math::emit_expm1(b_, x);
    case Op::Log:
      return math::emit_log(b_, x);
    case Op::Log1p:
      return math::emit_log1p(b_, x);
    case Op::Pow:
      return math::emit_pow(b_, x, y);
    case Op::Sigmoid:
      return math::emit_sigmoid(b_, x);
    case Op::Logit:
      return math::emit_logit(b_, x);
    case Op::Softplus:
      return math::emit_softplus(b_, x);
    case Op::Log1mExp:
      return math::emit_log1mexp(b_, x);
    case Op::LogAddExp:
      return math::emit_logaddexp(b_, x, y);
    default:
      return special(op, x, y);
  }
}

Value* Emitter::special(Op op, Value* x, Value* y) {
  switch (op) {
    case Op::Sin:
      return math::emit_sin(b_, x);
    case Op::Cos:
      return math::emit_cos(b_, x);
    case Op::Tan:
      return math::emit_tan(b_, x);
    case Op::Asin:
      return math::emit_asin(b_, x);
    case Op::Acos:
      return math::emit_acos(b_, x);
    case Op::Atan:
      return math::emit_atan(b_, x);
    case Op::Atan2:
      return math::emit_atan2(b_, x, y);
    case Op::Sinh:
      return math::emit_sinh(b_, x);
    case Op::Cosh:
      return math::emit_cosh(b_, x);
    case Op::Tanh:
      return math::emit_tanh(b_, x);
    case Op::Erf:
      return math::emit_erf(b_, x);
    case Op::Erfc:
      return math::emit_erfc(b_, x);
    case Op::NormalCdf:
      return math::emit_normal_cdf(b_, x);
    case Op::NormalLogCdf:
      return math::emit_normal_log_cdf(b_, x);
    case Op::NormalQuantile:
      return math::emit_normal_quantile(b_, x);
    case Op::Lgamma:
      return math::emit_lgamma(b_, x);
    case Op::Digamma:
      return math::emit_digamma(b_, x);
    case Op::Trigamma:
      return math::emit_trigamma(b_, x);
    case Op::LgammaExcess:
      return math::emit_lgamma_excess(b_, x);
    case Op::DigammaExcess:
      return math::emit_digamma_excess(b_, x);
    case Op::XLogY:
      return math::emit_xlogy(b_, x, y);
    case Op::XLog1pY:
      return math::emit_xlog1py(b_, x, y);
    case Op::Log1pMx:
      return math::emit_log1pmx(b_, x);
    case Op::Expm1Mx:
      return math::emit_expm1mx(b_, x);
    case Op::KlDiv:
      return math::emit_kl_div(b_, x, y);
    case Op::Lbeta:
      return math::emit_lbeta(b_, x, y);
    case Op::LogChoose:
      return math::emit_log_choose(b_, x, y);
    default:
      return nullptr;  // called: see emit_call.cpp
  }
}

}  // namespace lacuna::codegen
