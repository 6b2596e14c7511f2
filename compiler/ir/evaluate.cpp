#include "compiler/ir/evaluate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/ir/random_numbers.h"
#include "compiler/ir/special_functions.h"

namespace lacuna::ir {
namespace {

using Real = long double;
using Whole = std::int64_t;

Whole wrapped(unsigned long long value) {
  return static_cast<Whole>(value);
}

Whole floor_div(Whole a, Whole b) {
  if (b == 0) return 0;
  if (b == -1) return wrapped(0ULL - static_cast<unsigned long long>(a));
  const Whole quotient = a / b;
  return a % b != 0 && (a % b < 0) != (b < 0) ? quotient - 1 : quotient;
}

Whole floor_mod(Whole a, Whole b) {
  if (b == 0 || b == -1) return 0;
  const Whole rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

Real real_mod(Real a, Real b) {
  const Real rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

// What is compared, and where a function jumps, the 64-bit number decides, as in constants that are folded and in
// machine code: 1.1 - 0.1 equals 1.
double rounded(Real x) {
  return static_cast<double>(x);
}

Whole truncate(Real x) {
  if (std::isnan(x)) return 0;
  if (x >= 9223372036854775807.0L) return std::numeric_limits<Whole>::max();
  if (x <= -9223372036854775808.0L) return std::numeric_limits<Whole>::min();
  return static_cast<Whole>(x);
}

Real minimum(Real a, Real b) {
  return std::isnan(a) || std::isnan(b) ? a + b : std::min(a, b);
}
Real maximum(Real a, Real b) {
  return std::isnan(a) || std::isnan(b) ? a + b : std::max(a, b);
}
Real sign(Real x) {
  return x > 0 ? 1 : x < 0 ? -1 : x;
}

Real arithmetic(Op op, Real a, Real b, Real c) {
  switch (op) {
    case Op::Add:
      return a + b;
    case Op::Sub:
      return a - b;
    case Op::Mul:
      return a * b;
    case Op::Div:
      return a / b;
    case Op::Fma:
      return std::fma(a, b, c);
    case Op::Neg:
      return -a;
    case Op::Abs:
      return std::fabs(a);
    case Op::Sign:
      return sign(a);
    case Op::Min:
      return minimum(a, b);
    case Op::Max:
      return maximum(a, b);
    case Op::Mod:
      return real_mod(a, b);
    case Op::Floor:
      return std::floor(rounded(a));
    case Op::Ceil:
      return std::ceil(rounded(a));
    case Op::Round:
      return std::nearbyint(rounded(a));
    default:
      return std::numeric_limits<Real>::quiet_NaN();
  }
}

Real elementary(Op op, Real a, Real b) {
  switch (op) {
    case Op::Exp:
      return std::exp(a);
    case Op::Expm1:
      return std::expm1(a);
    case Op::Log:
      return std::log(a);
    case Op::Log1p:
      return std::log1p(a);
    case Op::Sqrt:
      return std::sqrt(a);
    case Op::Pow:
      return std::pow(a, b);
    case Op::Sin:
      return std::sin(a);
    case Op::Cos:
      return std::cos(a);
    case Op::Tan:
      return std::tan(a);
    case Op::Asin:
      return std::asin(a);
    case Op::Acos:
      return std::acos(a);
    case Op::Atan:
      return std::atan(a);
    case Op::Atan2:
      return std::atan2(a, b);
    case Op::Sinh:
      return std::sinh(a);
    case Op::Cosh:
      return std::cosh(a);
    case Op::Tanh:
      return std::tanh(a);
    case Op::Sigmoid:
      return special::sigmoid(a);
    case Op::Logit:
      return special::logit(a);
    case Op::Softplus:
      return special::softplus(a);
    case Op::Log1mExp:
      return special::log1mexp(a);
    case Op::LogAddExp:
      return special::logaddexp(a, b);
    case Op::XLogY:
      return special::xlogy(a, b);
    case Op::XLog1pY:
      return special::xlog1py(a, b);
    case Op::Log1pMx:
      return special::log1pmx(a);
    case Op::Expm1Mx:
      return special::expm1mx(a);
    case Op::KlDiv:
      return special::kl_div(a, b);
    case Op::LogRatio:
      return special::log_ratio(a, b);
    default:
      return arithmetic(op, a, b, 0);
  }
}

Real special_function(Op op, Real a, Real b, Real c) {
  switch (op) {
    case Op::Erf:
      return std::erf(a);
    case Op::Erfc:
      return std::erfc(a);
    case Op::NormalCdf:
      return special::normal_cdf(a);
    case Op::NormalLogCdf:
      return special::normal_log_cdf(a);
    case Op::NormalQuantile:
      return special::normal_quantile(a);
    case Op::Lgamma:
      return special::lgamma(a);
    case Op::LgammaExcess:
      return special::lgamma_excess(a);
    case Op::Digamma:
      return special::digamma(a);
    case Op::DigammaExcess:
      return special::digamma_excess(a);
    case Op::Trigamma:
      return special::trigamma(a);
    case Op::Lbeta:
      return special::lbeta(a, b);
    case Op::LogChoose:
      return special::log_choose(a, b);
    case Op::GammaP:
      return special::gamma_p(a, b);
    case Op::GammaQ:
      return special::gamma_q(a, b);
    case Op::LogGammaP:
      return special::log_gamma_p(a, b);
    case Op::LogGammaQ:
      return special::log_gamma_q(a, b);
    case Op::LogGammaPShape:
      return special::log_gamma_p_shape(a, b);
    case Op::LogGammaQShape:
      return special::log_gamma_q_shape(a, b);
    case Op::GammaPInverse:
      return special::gamma_p_inverse(a, b);
    case Op::GammaQInverse:
      return special::gamma_q_inverse(a, b);
    case Op::BetaInc:
      return special::beta_inc(a, b, c);
    case Op::LogBetaInc:
      return special::log_beta_inc(a, b, c);
    case Op::LogBetaIncFirst:
      return special::log_beta_inc_first(a, b, c);
    case Op::LogBetaIncSecond:
      return special::log_beta_inc_second(a, b, c);
    case Op::BetaIncInverse:
      return special::beta_inc_inverse(a, b, c);
    default:
      return op == Op::Fma ? arithmetic(op, a, b, c) : elementary(op, a, b);
  }
}

Cell whole_operation(Op op, Whole a, Whole b) {
  const auto ua = static_cast<unsigned long long>(a);
  const auto ub = static_cast<unsigned long long>(b);
  switch (op) {
    case Op::IAdd:
      return Cell::of(wrapped(ua + ub));
    case Op::ISub:
      return Cell::of(wrapped(ua - ub));
    case Op::IMul:
      return Cell::of(wrapped(ua * ub));
    case Op::IDiv:
      return Cell::of(floor_div(a, b));
    case Op::IMod:
      return Cell::of(floor_mod(a, b));
    case Op::IMin:
      return Cell::of(std::min(a, b));
    case Op::IMax:
      return Cell::of(std::max(a, b));
    case Op::CombineKeys:
      return Cell::of(wrapped(((ua ^ (ua >> 32)) * 0x9E3779B97F4A7C15ULL) ^ ub));
    case Op::ILt:
      return Cell::of(a < b);
    case Op::ILe:
      return Cell::of(a <= b);
    case Op::IEq:
      return Cell::of(a == b);
    case Op::INe:
      return Cell::of(a != b);
    case Op::And:
      return Cell::of(a != 0 && b != 0);
    case Op::Or:
      return Cell::of(a != 0 || b != 0);
    case Op::Not:
      return Cell::of(a == 0);
    default:
      return Cell::of(a);  // ToInt, ToIndex
  }
}

Cell random_number(Op op, const std::vector<Cell>& operands) {
  const random::Source source{operands[0].whole, operands[1].whole, operands[2].whole};
  const Real a = operands.size() > 3 ? operands[3].real : 0;
  switch (op) {
    case Op::StandardUniform:
      return Cell::of(random::standard_uniform(source));
    case Op::StandardNormal:
      return Cell::of(random::standard_normal(source));
    case Op::StandardGamma:
      return Cell::of(random::standard_gamma(source, a));
    case Op::LogStandardGamma:
      return Cell::of(random::log_standard_gamma(source, a));
    case Op::PoissonDraw:
      return Cell::of(random::poisson_draw(source, a));
    default:
      return Cell::of(random::binomial_draw(source, a, operands[4].real));
  }
}

bool takes_reals(Op op) {
  return info(op).operands.starts_with('r');
}

}  // namespace

Cell evaluate(Op op, const std::vector<Cell>& operands) {
  const Cell a = operands[0];
  const Cell b = operands.size() > 1 ? operands[1] : Cell{};
  const Cell c = operands.size() > 2 ? operands[2] : Cell{};
  switch (op) {
    case Op::Select:
      return a.whole != 0 ? b : c;
    case Op::ToReal:
      return Cell::of(static_cast<Real>(a.whole));
    case Op::Truncate:
      return Cell::of(truncate(rounded(a.real)));
    case Op::Lt:
      return Cell::of(rounded(a.real) < rounded(b.real));
    case Op::Le:
      return Cell::of(rounded(a.real) <= rounded(b.real));
    case Op::Eq:
      return Cell::of(rounded(a.real) == rounded(b.real));
    case Op::Ne:
      return Cell::of(rounded(a.real) != rounded(b.real));
    case Op::IsNan:
      return Cell::of(std::isnan(a.real));
    case Op::IsFinite:
      return Cell::of(std::isfinite(a.real));
    default:
      break;
  }
  if (info(op).operands.starts_with("iii")) return random_number(op, operands);
  if (takes_reals(op)) return Cell::of(special_function(op, a.real, b.real, c.real));
  return whole_operation(op, a.whole, b.whole);
}

}  // namespace lacuna::ir
