// Counter-based random numbers whose whole state is a value: equal keys, equal numbers, in any order and on any thread.
//
//   needs    Random123 (Salmon, Moraes, Dror, Shaw 2011): Philox 4x32 with 10 rounds
//   leaves   streams of 32-bit words keyed by seed, draw, site and cell, as lacuna/model.h lays the counter out
//   shown by test/unit/runtime/random_test.cpp
#pragma once
#include <Random123/philox.h>

#include <array>
#include <cstdint>
#include <span>

namespace lacuna::runtime::random {

// Sites that are not of a program: each use of chance in the runtime has its own.
enum class Purpose : std::uint32_t {
  Start = 0xFF00,      // starting points
  Guide = 0xFF01,      // the guide's noise while it is fitted; draw = step
  Posterior = 0xFF02,  // draws from the fitted guide
  Check = 0xFF03,      // draws that judge a guide along the way
  Variance = 0xFF04,   // draws that compare gradient estimators
  Fixed = 0xFF05,      // the draws of an objective that is optimised over the same ones all along
};

// The key of a cell with more than one axis, from the key of the axes so far and the next axis's label key.
inline std::uint64_t combine(std::uint64_t key, std::uint64_t next) {
  return ((key ^ (key >> 32)) * 0x9E3779B97F4A7C15ull) ^ next;
}

// Block number `block` of the stream.
inline std::array<std::uint32_t, 4> philox(std::uint64_t seed, std::uint32_t draw, std::uint32_t site,
                                           std::uint64_t cell, std::uint32_t block) {
  const philox4x32_ctr_t counter = {
      {static_cast<std::uint32_t>(cell), static_cast<std::uint32_t>(cell >> 32), draw, site << 16 | block}};
  const philox4x32_key_t key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const philox4x32_ctr_t words = philox4x32(counter, key);
  return {words[0], words[1], words[2], words[3]};
}

// 64 random bits to a number in the open interval (0, 1): (k + 1/2) / 2^52 for the highest 52 bits k. Both ends are
// out.
inline double to_unit(std::uint64_t bits) {
  return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

// The words of one cell, block after block. At most 65,536 blocks, far more than any draw takes.
class Stream {
 public:
  Stream(std::uint64_t seed, std::uint32_t draw, std::uint32_t site, std::uint64_t cell)
      : seed_(seed), cell_(cell), draw_(draw), site_(site) {}

  std::uint64_t bits() {
    if (next_ == 4) {
      words_ = philox(seed_, draw_, site_, cell_, block_++);
      next_ = 0;
    }
    const std::uint64_t low = words_[next_], high = words_[next_ + 1];
    next_ += 2;
    return high << 32 | low;
  }
  double uniform() { return to_unit(bits()); }

 private:
  std::uint64_t seed_, cell_;
  std::uint32_t draw_, site_, block_ = 0, next_ = 4;
  std::array<std::uint32_t, 4> words_{};
};

// Standard normals by Box and Muller (1958): sqrt(-2 log u) times the cosine and the sine of 2 pi v, u and v the
// uniforms of the two halves of one block. Numbers 2i and 2i + 1 of `out` come from the block of cell i, so any stretch
// can be made alone.
void fill_normal(std::uint64_t seed, std::uint32_t draw, Purpose purpose, std::span<double> out);

}  // namespace lacuna::runtime::random
