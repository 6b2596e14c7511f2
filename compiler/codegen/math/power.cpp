#include <cmath>
#include <limits>

#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// |x|^y for |x| in (0, inf): exp(y log|x|), the product as an unevaluated sum.
Value* magnitude(Lanes& b, Value* x, Value* y) {
  const Pair log = emit_long_log(b, x);
  // Beyond 2^64 the sign of y log|x| alone decides, unless log|x| is 0 or |x| is within 2^-53 of 1.
  Value* bounded = b.at_most(b.at_least(y, -0x1p64), 0x1p64);
  const Pair product = b.product(bounded, log.high);
  Value* low = b.fma(bounded, log.low, product.low);
  const Pair exponent = b.quick_sum(product.high, low);
  Value* high = b.at_most(b.at_least(exponent.high, -800.0), 800.0);
  Value* tail = b.select(b.ir.CreateFCmpOEQ(high, exponent.high), exponent.low, 0.0);
  // exp(high + tail) = exp(high / 2)^2 (1 + tail) would round twice; one exponential, then one correction.
  Value* power = emit_exp(b, high);
  Value* finite = b.lt(power, kInfinity);
  return b.select(finite, b.fma(power, tail, power), power);
}

}  // namespace

// As C's pow: x^0 = 1 and 1^y = 1 whatever the other is, negative bases with integral exponents, zeros and infinities.
Value* emit_pow(Lanes& b, Value* x, Value* y) {
  Value* ax = b.abs(x);
  Value* ay = b.abs(y);
  Value* integral = b.ir.CreateOr(b.ir.CreateFCmpOEQ(b.floor(y), y), b.ge(ay, 0x1p53));
  Value* half = b.mul(y, 0.5);
  Value* odd = b.ir.CreateAnd(b.ir.CreateAnd(integral, b.lt(ay, 0x1p53)), b.ir.CreateFCmpONE(b.floor(half), half));
  Value* ordinary = b.ir.CreateAnd(b.gt(ax, 0.0), b.lt(ax, kInfinity));
  Value* result = magnitude(b, b.select(ordinary, ax, 1.0), y);
  // 0 and inf as a base: 0 or inf by the exponent's sign
  Value* grows = b.ir.CreateXor(b.lt(y, 0.0), b.ge(ax, 1.0));
  result = b.select(ordinary, result, b.select(grows, b.real(x, kInfinity), 0.0));
  Value* negative = b.ir.CreateICmpSLT(b.bits(x), b.integer(x, 0));
  Value* outside = b.ir.CreateAnd(b.ir.CreateAnd(b.lt(x, 0.0), b.gt(ax, 0.0)),
                                  b.ir.CreateAnd(b.ir.CreateNot(integral), b.lt(ax, kInfinity)));
  result = b.select(b.ir.CreateAnd(negative, odd), b.neg(result), result);
  result = b.select(outside, kNan, result);
  result = b.select(b.is_nan(b.add(x, y)), b.add(x, y), result);
  // inf - inf above is NaN without either being NaN
  Value* opposite =
      b.ir.CreateAnd(b.ir.CreateFCmpOEQ(ax, b.real(x, kInfinity)), b.ir.CreateFCmpOEQ(ay, b.real(x, kInfinity)));
  result = b.select(opposite, b.select(b.gt(y, 0.0), b.real(x, kInfinity), 0.0), result);
  Value* minus_one = b.ir.CreateAnd(b.eq(ax, 1.0), b.eq(ay, kInfinity));
  Value* one = b.ir.CreateOr(b.ir.CreateOr(b.eq(y, 0.0), b.eq(x, 1.0)), minus_one);
  return b.select(one, 1.0, result);
}

}  // namespace lacuna::codegen::math
