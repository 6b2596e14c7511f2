// Modules as text that several tests read.
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "compiler/ir/parser.h"

namespace lacuna::ir {

// A module that must parse.
inline Module read(std::string_view text) {
  Parsed parsed = parse(text);
  EXPECT_TRUE(parsed.module.has_value()) << parsed.error;
  return parsed.module ? std::move(*parsed.module) : Module{};
}

// A hierarchical regression with gaps: a space, a gather, a nested loop, and data made by bind.
inline constexpr std::string_view kRegression = R"(module regression {
  dim N
  dim J
  dim P preset 2
  dim M = cells @seen
  site "y" line 7
  input @county : index<J>[N]
  input @x : real[N, P]
  input @y : real?[N]
  data @square : real[M]
  param @a : real[J]
  param @b : real[P]
  param @log_sigma : real
  natural @at_a : real[J]
  gradient @d_a of @a
  gradient @d_at_a of @at_a
  output @each : real[M]
  space @seen (%n in N) where {
    %0 = present @y[%n]
    yield %0
  }
  func data @bind() {
    build_space @seen
    for (%n) at %k in @seen {
      %0 = load @y[%n]
      %1 = mul %0, %0
      store @square[%k], %1
    }
  }
  func draw @log_density(%jacobian: bool) {
    %s = load @log_sigma[]
    %scale = exp %s
    %total = for (%n) at %k in @seen by @county parts(64) tile(32) lanes(rows) -> (sum) site 0 {
      %eta = for (%p) in [P] -> (sum) {
        %0 = load @x[%n, %p]
        %1 = load @b[%p]
        %2 = mul %0, %1
        yield %2
      }
      %j = load @county[%n]
      %a = load @a[%j]
      %mean = add %eta, %a
      %y = load @y[%n]
      %3 = sub %y, %mean
      %z = div %3, %scale
      %4 = mul %z, %z
      store @each[%k], %4
      yield %4
    }
    %5 = const 0.0
    %6 = select %jacobian, %s, %5
    %7 = add %total, %6
    return %7
  }
}
)";

// The rest of the text form: a scan, branches, a space with parameters, kernels, literals.
inline constexpr std::string_view kEverything = R"(module everything {
  dim T
  dim K preset 3
  dim C = K - 1
  dim D = 2 * T * K + 4
  input @allowed : bool[T, K]
  input @group : index<K>[T]
  param @u : real[C]
  gradient @d_u of @u
  direction @v of @u
  product @hv of @u
  work @h : real[T]
  work @A : real[K, K]
  work @L : real[K, K]
  work @count : int[K]
  space @among [%t in T] (%k in K) where {
    %0 = load @allowed[%t, %k]
    %1 = not %0
    yield %1
  }
  space @sorted (T) by @group
  func data @bind() {
    build_space @among
    build_space @sorted
    %0 = size K
    %1 = const 1
    %2 = ilt %1, %0
    check %2 "TooFew" site -1 [%0]
  }
  func draw @run(%start: real) {
    %last, %sum, %any = scan (%t) down in [T] carry (%now = %start) -> (sum, any) {
      %0 = int %t
      %1 = const -3
      %first = ieq %0, %1
      %next = if %first {
        %2 = const -inf
        yield %2
      } else {
        %3 = for (%k) in @among[%t] -> (logsumexp) {
          %4 = const 1.5e-09
          yield %4
        }
        yield %3
      }
      yield %next, %now, %first
    }
    %5 = const nan
    fill @A, %5
    kernel cholesky @L, @A
    %6 = external "solve" [%last, %sum]
    %7 = const 2
    %8 = index K %7
    accumulate @count[%8], %7
    return %6, %any
  }
}
)";

}  // namespace lacuna::ir
