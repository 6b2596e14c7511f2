// The random bits that belong to a draw.
//
//   needs    a builder at the place where they are wanted
//   leaves   the 128 bits of one block for each lane
//   shown by test/unit/codegen/random_test.cpp
#pragma once
#include "compiler/codegen/lanes.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen {

// What a draw is keyed by (ir/random_numbers.h), as integers.
struct RandomSource {
  llvm::Value* seed;
  llvm::Value* cell;
  llvm::Value* counter;
};

// In line, as a loop over the rounds.
math::RandomBits emit_random_block(Lanes& b, const RandomSource& source);
// From a function of the module, `lacuna.random_block.LANES`, which is added when it is first asked for.
math::RandomBits random_block(Lanes& b, const RandomSource& source);

}  // namespace lacuna::codegen
