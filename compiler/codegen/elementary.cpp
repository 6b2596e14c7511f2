#include "compiler/codegen/elementary.h"

#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen {

using ir::Op;
using llvm::Value;

Value* emit_smaller(Lanes& b, Value* first, Value* second, bool larger) {
  Value* wins = larger ? b.ir.CreateFCmpOGT(second, first) : b.ir.CreateFCmpOLT(second, first);
  return b.select(b.ir.CreateOr(wins, b.is_nan(second)), second, first);
}

namespace {

Value* special(Lanes& b, Op op, Value* x, Value* y);

}  // namespace

Value* emit_elementary(Lanes& b, Op op, Value* x, Value* y) {
  switch (op) {
    case Op::Add:
      return b.add(x, y);
    case Op::Sub:
      return b.sub(x, y);
    case Op::Mul:
      return b.mul(x, y);
    case Op::Div:
      return b.div(x, y);
    case Op::Neg:
      return b.neg(x);
    case Op::Abs:
      return b.abs(x);
    case Op::Sign:  // 0 and NaN give themselves
      return b.select(b.gt(x, 0.0), 1.0, b.select(b.lt(x, 0.0), -1.0, x));
    case Op::Min:
      return emit_smaller(b, x, y, false);
    case Op::Max:
      return emit_smaller(b, x, y, true);
    case Op::Mod: {  // x - y floor(x / y); exact where the quotient is
      Value* rest = b.sub(x, b.mul(y, b.floor(b.div(x, y))));
      return rest;
    }
    case Op::Floor:
      return b.floor(x);
    case Op::Ceil:
      return b.ceil(x);
    case Op::Round:
      return b.round_even(x);
    case Op::Sqrt:
      return b.sqrt(x);
    case Op::Exp:
      return math::emit_exp(b, x);
    case Op::Expm1:
      return math::emit_expm1(b, x);
    case Op::Log:
      return math::emit_log(b, x);
    case Op::Log1p:
      return math::emit_log1p(b, x);
    case Op::Pow:
      return math::emit_pow(b, x, y);
    case Op::Sigmoid:
      return math::emit_sigmoid(b, x);
    case Op::Logit:
      return math::emit_logit(b, x);
    case Op::Softplus:
      return math::emit_softplus(b, x);
    case Op::Log1mExp:
      return math::emit_log1mexp(b, x);
    case Op::LogAddExp:
      return math::emit_logaddexp(b, x, y);
    default:
      return special(b, op, x, y);
  }
}

namespace {

Value* special(Lanes& b, Op op, Value* x, Value* y) {
  switch (op) {
    case Op::Sin:
      return math::emit_sin(b, x);
    case Op::Cos:
      return math::emit_cos(b, x);
    case Op::Tan:
      return math::emit_tan(b, x);
    case Op::Asin:
      return math::emit_asin(b, x);
    case Op::Acos:
      return math::emit_acos(b, x);
    case Op::Atan:
      return math::emit_atan(b, x);
    case Op::Atan2:
      return math::emit_atan2(b, x, y);
    case Op::Sinh:
      return math::emit_sinh(b, x);
    case Op::Cosh:
      return math::emit_cosh(b, x);
    case Op::Tanh:
      return math::emit_tanh(b, x);
    case Op::Erf:
      return math::emit_erf(b, x);
    case Op::Erfc:
      return math::emit_erfc(b, x);
    case Op::NormalCdf:
      return math::emit_normal_cdf(b, x);
    case Op::NormalLogCdf:
      return math::emit_normal_log_cdf(b, x);
    case Op::NormalQuantile:
      return math::emit_normal_quantile(b, x);
    case Op::Lgamma:
      return math::emit_lgamma(b, x);
    case Op::Digamma:
      return math::emit_digamma(b, x);
    case Op::Trigamma:
      return math::emit_trigamma(b, x);
    case Op::LgammaExcess:
      return math::emit_lgamma_excess(b, x);
    case Op::DigammaExcess:
      return math::emit_digamma_excess(b, x);
    case Op::XLogY:
      return math::emit_xlogy(b, x, y);
    case Op::XLog1pY:
      return math::emit_xlog1py(b, x, y);
    case Op::Log1pMx:
      return math::emit_log1pmx(b, x);
    case Op::Expm1Mx:
      return math::emit_expm1mx(b, x);
    case Op::KlDiv:
      return math::emit_kl_div(b, x, y);
    case Op::LogRatio:
      return math::emit_log_of_ratio(b, x, y);
    case Op::Lbeta:
      return math::emit_lbeta(b, x, y);
    case Op::LogChoose:
      return math::emit_log_choose(b, x, y);
    default:
      return nullptr;  // called lane by lane: see emit_call.cpp
  }
}

}  // namespace

}  // namespace lacuna::codegen
