// Philox 4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw 2011), a block for each lane: 32-bit words in 64-bit lanes, whose
// upper halves hold anything until a word is used.
#include <array>
#include <numbers>

#include "compiler/codegen/math/coefficients.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen::math {
namespace {

constexpr std::uint64_t kFirstFactor = 0xD2511F53, kSecondFactor = 0xCD9E8D57;
constexpr std::uint64_t kFirstBump = 0x9E3779B9, kSecondBump = 0xBB67AE85;

Value* low_word(Lanes& b, Value* x) { return b.ir.CreateAnd(x, b.integer(x, 0xFFFFFFFF)); }
Value* high_word(Lanes& b, Value* x) { return b.ir.CreateLShr(x, b.integer(x, 32)); }

// The key of round `round`, from one half of the seed.
Value* round_key(Lanes& b, Value* half, std::uint64_t bump, std::uint64_t round) {
  return low_word(b, b.ir.CreateAdd(half, b.integer(half, bump * round & 0xFFFFFFFF)));
}

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

RandomBits emit_philox(Lanes& b, const RandomSource& source) {
  std::array<Value*, 4> c = {source.cell, high_word(b, source.cell), source.counter, high_word(b, source.counter)};
  Value *first = low_word(b, source.seed), *second = high_word(b, source.seed);
  for (std::uint64_t round = 0; round < 10; ++round) {
    Value* x = b.ir.CreateMul(low_word(b, c[0]), b.integer(c[0], kFirstFactor));
    Value* y = b.ir.CreateMul(low_word(b, c[2]), b.integer(c[2], kSecondFactor));
    Value* k0 = round_key(b, first, kFirstBump, round);
    Value* k1 = round_key(b, second, kSecondBump, round);
    c = {b.ir.CreateXor(b.ir.CreateXor(high_word(b, y), c[1]), k0), y,
         b.ir.CreateXor(b.ir.CreateXor(high_word(b, x), c[3]), k1), x};
  }
  const auto joined = [&](Value* low, Value* high) {
    return b.ir.CreateOr(low_word(b, low), b.ir.CreateShl(high, b.integer(high, 32)));
  };
  return {joined(c[0], c[1]), joined(c[2], c[3])};
}

Value* emit_uniform(Lanes& b, Value* bits) { return to_unit(b, bits); }

Value* emit_normal(Lanes& b, const RandomBits& bits) {
  Value* radius = b.sqrt(b.mul(emit_log_of_normal(b, to_unit(b, bits.first)), -2.0));
  return b.mul(radius, cosine_of_turns(b, to_unit(b, bits.second)));
}

}  // namespace lacuna::codegen::math
