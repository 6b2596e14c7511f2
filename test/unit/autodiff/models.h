// Small models in the IR's text form that exercise every construct which is differentiated, with data for them.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <string_view>

#include "compiler/ir/interpreter.h"
#include "compiler/ir/parser.h"
#include "test/unit/autodiff/differences.h"

namespace lacuna::autodiff {

inline constexpr std::int64_t kRows = 7;
inline constexpr std::int64_t kGroups = 3;
inline constexpr std::int64_t kColumns = 2;

inline constexpr std::string_view kDeclarations = R"(module m {
  dim N dim J dim P dim M = cells @seen
  input @x : real[N, P] input @y : real?[N] input @j : index<J>[N]
  param @a : real[J] param @b : real[P] param @s : real
  work @h : real[N]
  space @seen (%n in N) where { %p = present @y[%n] yield %p }
  func data @bind() { build_space @seen }
  func draw @f() {
)";

inline ir::Module model_of(std::string_view body) {
  ir::Parsed parsed = ir::parse(std::string(kDeclarations) + std::string(body) + "\n} }");
  EXPECT_TRUE(parsed.module.has_value()) << parsed.error;
  return parsed.module ? std::move(*parsed.module) : ir::Module{};
}

inline void bind(ir::Interpreter& run, const ir::Module& module) {
  run.set_size(module.find_dim("N"), kRows);
  run.set_size(module.find_dim("J"), kGroups);
  run.set_size(module.find_dim("P"), kColumns);
  ir::InputArray x;
  ir::InputArray y;
  ir::InputArray j;
  for (std::int64_t n = 0; n < kRows; ++n) {
    y.reals.push_back(n % 3 == 1 ? NAN : 0.3 * static_cast<double>(n) - 0.7);
    j.whole.push_back((n * 2 + 1) % kGroups);
    for (std::int64_t p = 0; p < kColumns; ++p) x.reals.push_back(std::sin(1.0 + static_cast<double>(3 * n + p)));
  }
  run.set_input(module.find_buffer("x"), x);
  run.set_input(module.find_buffer("y"), y);
  run.set_input(module.find_buffer("j"), j);
  ASSERT_TRUE(run.bind().ok());
}

inline const Point kPoint = {0.4L, -0.9L, 1.2L, 0.7L, -0.3L, 0.25L};
inline const Point kDirection = {0.5L, 1.0L, -0.7L, 0.2L, 0.9L, -1.1L};

struct Sample {
  const char* name;
  std::string_view body;  // of @f
};

inline constexpr Sample kSamples[] = {
    {"OfStraightCode", "%s = load @s[] %e = exp %s %t = tanh %s %r = mul %e, %t %q = add %r, %s return %q"},
    {"OfASumOverASpace", R"(%s = load @s[] %scale = exp %s
    %total = for (%n) in @seen -> (sum) {
      %k = load @j[%n] %m = load @a[%k] %y = load @y[%n]
      %d = sub %y, %m %z = div %d, %scale %q = mul %z, %z yield %q }
    %c = const -0.5 %r = mul %c, %total %l = sub %r, %s return %l)"},
    {"OfNestedReductions", R"(%s = load @s[]
    %total = for (%n) in @seen -> (sum) {
      %eta = for (%p) in [P] -> (sum) { %x = load @x[%n, %p] %b = load @b[%p] %q = mul %x, %b yield %q }
      %high, %all = for (%g) in [J] -> (max, logsumexp) { %a = load @a[%g] %t = mul %a, %eta yield %t, %t }
      %u = sub %all, %high %v = mul %u, %s yield %v }
    return %total)"},
    {"OfProductsAndSumsOfLogs",
     R"(%p, %l, %least = for (%g) in [J] -> (prod, sum_log, min) { %a = load @a[%g] %e = exp %a yield %a, %e, %a }
    %q = mul %p, %l %r = add %q, %least return %r)"},
    {"OfExtremesThatAreTied",
     R"(%s = load @s[]
    %high, %low = for (%n) in [N] -> (max, min) { %k = load @j[%n] %e = exp %s yield %e, %s }
    %v = mul %high, %low return %v)"},
    {"OfAMaterialisedLet", R"(%s = load @s[]
    for (%n) in [N] { %k = load @j[%n] %a = load @a[%k] %v = mul %a, %s store @h[%n], %v }
    %t = for (%i) in [N] -> (sum) { %h = load @h[%i] %e = exp %h yield %e }
    %u = for (%m) in @seen -> (sum) { %g = load @h[%m] %y = load @y[%m] %d = sub %g, %y %q = mul %d, %d yield %q }
    %r = add %t, %u return %r)"},
    {"OfARecurrenceThroughABuffer", R"(%s = load @s[] %zero = const 0 %one = const 1
    scan (%n) in [N] carry () {
      %i = int %n %first = ieq %i, %zero
      %v = if %first { yield %s } else {
        %before = isub %i, %one %m = index N %before %h = load @h[%m] %q = sin %h %k = load @j[%n] %a = load @a[%k]
        %w = mul %q, %a yield %w }
      store @h[%n], %v }
    %t = for (%r) in @seen -> (sum) { %g = load @h[%r] %y = load @y[%r] %p = mul %g, %y yield %p }
    return %t)"},
    {"OfCarriedValues", R"(%s = load @s[] %one = const 1
    %last, %count, %sum = scan (%n) in [N] carry (%h = %s, %i = %one) -> (sum) {
      %k = load @j[%n] %a = load @a[%k] %q = sin %h %w = mul %q, %a %r = real %i %v = div %w, %r
      %next = iadd %i, %one %z = mul %h, %h yield %v, %next, %z }
    %t = add %last, %sum return %t)"},
    {"OfAScanInsideALoop", R"(%s = load @s[]
    %t = for (%g) in [J] -> (sum) {
      %a = load @a[%g]
      %last = scan (%p) down in [P] carry (%h = %a) { %b = load @b[%p] %q = cos %h %v = mul %q, %b %w = add %v, %s yield %w }
      yield %last }
    return %t)"},
    {"OfBranches", R"(%s = load @s[] %zero = const 0.0
    %t = for (%g) in [J] -> (sum) {
      %a = load @a[%g] %c = lt %a, %zero
      %v = if %c { %e = exp %a yield %e } else { %l = log1p %a %m = mul %l, %s yield %m }
      yield %v }
    return %t)"},
};

}  // namespace lacuna::autodiff
