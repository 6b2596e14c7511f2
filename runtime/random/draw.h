// Draws from the univariate distributions, each from a stream of its own.
//
//   needs    philox.h
//   leaves   one draw a call; parameters outside their support give NaN (-1 for counts), never a hang
//   shown by test/unit/runtime/random_test.cpp
#pragma once
#include <cstdint>
#include <span>

#include "runtime/random/philox.h"

namespace lacuna::runtime::random {

// sqrt(-2 log u) cos(2 pi v): one block of the stream.
double draw_normal(Stream& stream);
// -log u.
double draw_exponential(Stream& stream);
// Shape > 0, scale 1. Marsaglia and Tsang (2000); shapes under 1 by the power of a uniform.
double draw_gamma(Stream& stream, double shape);
// The log of the same, which small shapes need: draws of shape 0.001 underflow.
double draw_log_gamma(Stream& stream, double shape);
// From two gammas, on the log scale.
double draw_beta(Stream& stream, double a, double b);
// Rate >= 0 and at most 1e15: by inversion under 10, else PTRS (Hörmann 1993).
std::int64_t draw_poisson(Stream& stream, double rate);
// By inversion when n min(p, 1 - p) < 10, else BTRS (Hörmann 1993).
std::int64_t draw_binomial(Stream& stream, std::int64_t n, double p);
// The position k with probability weights[k] / sum(weights); -1 when the sum is not positive and finite.
std::int64_t draw_categorical(Stream& stream, std::span<const double> weights);

}  // namespace lacuna::runtime::random
