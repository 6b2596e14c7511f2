// Elementary and special functions as instructions, for any number of lanes.
//
//   needs    a builder at the place to write; operands that are doubles or vectors of doubles
//   leaves   straight-line code, the same for each lane; no calls
//   shown by test/unit/codegen/math_test.cpp
//
// Elementary functions are within 4 ulp, special ones within 1e-13 max(1, |f|, |x f'|), over the whole range: subnormal
// operands and results, infinities and NaN behave as in C. The sign of a zero result is not kept. Coefficients are in
// coefficients.h, made by coefficients.py.
#pragma once
#include "compiler/codegen/lanes.h"

namespace lacuna::codegen::math {

using llvm::Value;

// exponential.cpp
Value* emit_exp(Lanes& b, Value* x);
Value* emit_expm1(Lanes& b, Value* x);
Value* emit_sinh(Lanes& b, Value* x);
Value* emit_cosh(Lanes& b, Value* x);
Value* emit_tanh(Lanes& b, Value* x);

// logarithm.cpp
// x = m 2^k with sqrt(1/2) <= m < sqrt(2), for finite x > 0.
struct Split {
  Value* m;
  Value* k;
  Value* inverse_power;  // 2^-k, meaningless where |k| > 1021
};
Split emit_split(Lanes& b, Value* x);
Value* emit_log(Lanes& b, Value* x);
// For positive normal x only.
Value* emit_log_of_normal(Lanes& b, Value* x);
Value* emit_log1p(Lanes& b, Value* x);
// log(1 + x) for 0 <= x <= 1 only, and NaN.
Value* emit_log1p_of_unit(Lanes& b, Value* x);
// log(x / y) with one division, of the caller: `s` is (x.m - y.m) / (x.m + y.m).
Value* emit_log_ratio(Lanes& b, const Split& x, const Split& y, Value* s);
Value* emit_log1mexp(Lanes& b, Value* x);
// log x as an unevaluated sum with about 68 bits, for finite x > 0 only.
Pair emit_long_log(Lanes& b, Value* x);

// logistic.cpp
Value* emit_sigmoid(Lanes& b, Value* x);
Value* emit_softplus(Lanes& b, Value* x);
Value* emit_logit(Lanes& b, Value* x);
Value* emit_logaddexp(Lanes& b, Value* x, Value* y);

// power.cpp
Value* emit_pow(Lanes& b, Value* x, Value* y);

// trigonometric.cpp: |x| <= 2^20, NaN beyond
Value* emit_sin(Lanes& b, Value* x);
Value* emit_cos(Lanes& b, Value* x);
Value* emit_tan(Lanes& b, Value* x);

// inverse_trigonometric.cpp
Value* emit_asin(Lanes& b, Value* x);
Value* emit_acos(Lanes& b, Value* x);
Value* emit_atan(Lanes& b, Value* x);
Value* emit_atan2(Lanes& b, Value* y, Value* x);

// error_function.cpp
Value* emit_erf(Lanes& b, Value* x);
Value* emit_erfc(Lanes& b, Value* x);
Value* emit_normal_cdf(Lanes& b, Value* x);
Value* emit_normal_log_cdf(Lanes& b, Value* x);
Value* emit_normal_quantile(Lanes& b, Value* p);

// gamma.cpp
Value* emit_lgamma(Lanes& b, Value* x);
Value* emit_digamma(Lanes& b, Value* x);
Value* emit_trigamma(Lanes& b, Value* x);

// beta.cpp
Value* emit_lbeta(Lanes& b, Value* x, Value* y);
Value* emit_log_choose(Lanes& b, Value* n, Value* k);

// differences.cpp
Value* emit_log1pmx(Lanes& b, Value* x);
Value* emit_expm1mx(Lanes& b, Value* x);
Value* emit_xlogy(Lanes& b, Value* x, Value* y);
Value* emit_xlog1py(Lanes& b, Value* x, Value* y);
Value* emit_kl_div(Lanes& b, Value* x, Value* m);
Value* emit_log_of_ratio(Lanes& b, Value* x, Value* m);  // log(x / m)
Value* emit_lgamma_excess(Lanes& b, Value* x);
Value* emit_digamma_excess(Lanes& b, Value* x);

// random.cpp: from the 128 random bits that belong to a draw (random_block.h).
struct RandomBits {
  Value* first;
  Value* second;
};
// A number in the open interval (0, 1) from 64 bits.
Value* emit_uniform(Lanes& b, Value* bits);
// A standard normal from both halves of a block.
Value* emit_normal(Lanes& b, const RandomBits& bits);

}  // namespace lacuna::codegen::math
