// Uniforms and normals from random bits.
#include <numbers>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

// 64 bits to (k + 1/2) / 2^52 for the highest 52 bits k; exact.
Value* to_unit(Lanes& b, Value* bits) {
  Value* fraction = b.ir.CreateLShr(bits, b.integer(bits, 12));
  Value* above_one = b.from_bits(b.ir.CreateOr(fraction, b.integer(bits, 0x3FF0000000000000)));
  return b.sub(above_one, 1 - 0x1p-53);
}

// cos(2 pi v) for v in (0, 1): quarter turns are taken off exactly.
Value* cosine_of_turns(Lanes& b, Value* v) {
  Value* quarters = b.mul(v, 4.0);
  Value* shifted = b.add(quarters, b.real(v, 0x1.8p52));
  Value* turn = b.ir.CreateAnd(b.bits(shifted), b.integer(v, 3));
  Value* r = b.mul(b.sub(quarters, b.sub(shifted, 0x1.8p52)), std::numbers::pi / 2);
  Value* z = b.mul(r, r);
  Value* sine = b.fma(b.mul(z, r), b.polynomial(z, kSin), r);
  Value* cosine = b.fma(b.mul(z, z), b.polynomial(z, kCos), b.fma(z, -0.5, b.real(z, 1.0)));
  const auto bit = [&](std::uint64_t which) {
    return b.ir.CreateICmpNE(b.ir.CreateAnd(turn, b.integer(turn, which)), b.integer(turn, 0));
  };
  // cos(r + n pi / 2) for n = 0, 1, 2, 3: cos r, -sin r, -cos r, sin r.
  Value* value = b.select(bit(1), sine, cosine);
  Value* negative = b.ir.CreateXor(bit(1), bit(2));
  return b.select(negative, b.neg(value), value);
}

}  // namespace

Value* emit_uniform(Lanes& b, Value* bits) { return to_unit(b, bits); }

Value* emit_normal(Lanes& b, const RandomBits& bits) {
  Value* radius = b.sqrt(b.mul(emit_log_of_normal(b, to_unit(b, bits.first)), -2.0));
  return b.mul(radius, cosine_of_turns(b, to_unit(b, bits.second)));
}

}  // namespace lacuna::codegen::math
