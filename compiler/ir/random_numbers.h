// Draws that the interpreter makes, in extended precision: what the operations of the list "random numbers" in ops.def mean.
//
//   needs    Random123 (Salmon, Moraes, Dror, Shaw 2011): Philox 4x32 with 10 rounds
//   leaves   functions of a seed, a cell's key and a counter: the same numbers in any order
//   shown by test/unit/codegen/random_test.cpp
//
// The counter's low half is the draw, its high half site << 16 | block (lacuna/model.h). A source takes the blocks s, s + 64,
// s + 128, ... where s is the block that it begins with. Parameters that have no distribution give NaN, for counts -inf.
#pragma once
#include <cstdint>

namespace lacuna::ir::random {

struct Source {
  std::int64_t seed, cell, counter;
};

// The first half of a block, as a number in the open interval (0, 1).
long double standard_uniform(const Source& source);
// Box and Muller (1958), both halves of one block: sqrt(-2 log u) cos(2 pi v).
long double standard_normal(const Source& source);
// Marsaglia and Tsang (2000), two blocks a round; concentrations under 1 by the power of a uniform.
long double standard_gamma(const Source& source, long double concentration);
long double log_standard_gamma(const Source& source, long double concentration);
// By inversion under a rate of 10, else PTRS (Hoermann 1993), a block a round.
long double poisson_draw(const Source& source, long double rate);
// By inversion where n min(p, 1 - p) < 10, else BTRS (Hoermann 1993), a block a round.
long double binomial_draw(const Source& source, long double count, long double p);

}  // namespace lacuna::ir::random
