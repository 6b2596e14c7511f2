// Gradients and Hessian products of whole functions against differences, and the shape of what is written.
#include "compiler/autodiff/reversal.h"

#include <gtest/gtest.h>

#include "compiler/ir/parser.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "test/unit/autodiff/differences.h"

namespace lacuna::autodiff {
namespace {

using ir::BufferKind;
using ir::Interpreter;
using ir::Module;

constexpr std::int64_t kRows = 7;
constexpr std::int64_t kGroups = 3;
constexpr std::int64_t kColumns = 2;

constexpr std::string_view kDeclarations = R"(module m {
  dim N dim J dim P dim M = cells @seen
  input @x : real[N, P] input @y : real?[N] input @j : index<J>[N]
  param @a : real[J] param @b : real[P] param @s : real
  work @h : real[N]
  space @seen (%n in N) where { %p = present @y[%n] yield %p }
  func data @bind() { build_space @seen }
  func draw @f() {
)";

Module model_of(std::string_view body) {
  ir::Parsed parsed = ir::parse(std::string(kDeclarations) + std::string(body) + "\n} }");
  EXPECT_TRUE(parsed.module.has_value()) << parsed.error;
  return parsed.module ? std::move(*parsed.module) : Module{};
}

void bind(Interpreter& run, const Module& module) {
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

const Point kPoint = {0.4L, -0.9L, 1.2L, 0.7L, -0.3L, 0.25L};
const Point kDirection = {0.5L, 1.0L, -0.7L, 0.2L, 0.9L, -1.1L};

Point gradient_at(Interpreter& run, const Point& point) {
  run.set_vector(BufferKind::Parameter, point);
  const ir::Outcome outcome = run.call("gradient");
  EXPECT_TRUE(outcome.ok()) << outcome.error;
  return run.vector(BufferKind::Gradient);
}

// The function's gradient and its Hessian times a direction, both against differences.
void check(std::string_view body) {
  Module module = model_of(body);
  ASSERT_EQ(ir::verify(module), std::vector<std::string>{});
  Reversed made = add_gradient(module, "f", "gradient");
  ASSERT_TRUE(made.ok()) << made.error;
  ASSERT_EQ(ir::verify(module), std::vector<std::string>{}) << ir::print(module);
  made = add_hessian_product(module, "gradient", "product");
  ASSERT_TRUE(made.ok()) << made.error;
  ASSERT_EQ(ir::verify(module), std::vector<std::string>{}) << ir::print(module);

  Interpreter run(module);
  bind(run, module);
  const Point slope = differences(
      [&](const Point& p) {
        run.set_vector(BufferKind::Parameter, p);
        const ir::Outcome outcome = run.call("f");
        EXPECT_TRUE(outcome.ok()) << outcome.error;
        return outcome.results.at(0).real;
      },
      kPoint);
  EXPECT_LT(distance(gradient_at(run, kPoint), slope), 1e-10);

  // d/dt of the gradient at point + t direction is the Hessian times the direction.
  Point curvature;
  for (std::size_t i = 0; i < kPoint.size(); ++i) {
    auto along = [&](const Point& t) {
      Point p = kPoint;
      for (std::size_t k = 0; k < p.size(); ++k) p[k] += t[0] * kDirection[k];
      return gradient_at(run, p)[i];
    };
    curvature.push_back(differences(along, {0})[0]);
  }
  run.set_vector(BufferKind::Parameter, kPoint);
  run.set_vector(BufferKind::Direction, kDirection);
  const ir::Outcome outcome = run.call("product");
  ASSERT_TRUE(outcome.ok()) << outcome.error;
  EXPECT_LT(distance(run.vector(BufferKind::Product), curvature), 1e-10);
}

TEST(Reversal, OfStraightCode) {
  check("%s = load @s[] %e = exp %s %t = tanh %s %r = mul %e, %t %q = add %r, %s return %q");
}

TEST(Reversal, OfASumOverASpace) {
  check(R"(%s = load @s[] %scale = exp %s
    %total = for (%n) in @seen -> (sum) {
      %k = load @j[%n] %m = load @a[%k] %y = load @y[%n]
      %d = sub %y, %m %z = div %d, %scale %q = mul %z, %z yield %q }
    %c = const -0.5 %r = mul %c, %total %l = sub %r, %s return %l)");
}

TEST(Reversal, OfNestedReductions) {
  check(R"(%s = load @s[]
    %total = for (%n) in @seen -> (sum) {
      %eta = for (%p) in [P] -> (sum) { %x = load @x[%n, %p] %b = load @b[%p] %q = mul %x, %b yield %q }
      %high, %all = for (%g) in [J] -> (max, logsumexp) { %a = load @a[%g] %t = mul %a, %eta yield %t, %t }
      %u = sub %all, %high %v = mul %u, %s yield %v }
    return %total)");
}

TEST(Reversal, OfProductsAndSumsOfLogs) {
  check(R"(%p, %l, %least = for (%g) in [J] -> (prod, sum_log, min) { %a = load @a[%g] %e = exp %a yield %a, %e, %a }
    %q = mul %p, %l %r = add %q, %least return %r)");
}

TEST(Reversal, OfAMaterialisedLet) {
  check(R"(%s = load @s[]
    for (%n) in [N] { %k = load @j[%n] %a = load @a[%k] %v = mul %a, %s store @h[%n], %v }
    %t = for (%i) in [N] -> (sum) { %h = load @h[%i] %e = exp %h yield %e }
    %u = for (%m) in @seen -> (sum) { %g = load @h[%m] %y = load @y[%m] %d = sub %g, %y %q = mul %d, %d yield %q }
    %r = add %t, %u return %r)");
}

TEST(Reversal, OfARecurrenceThroughABuffer) {
  check(R"(%s = load @s[] %zero = const 0 %one = const 1
    scan (%n) in [N] carry () {
      %i = int %n %first = ieq %i, %zero
      %v = if %first { yield %s } else {
        %before = isub %i, %one %m = index N %before %h = load @h[%m] %q = sin %h %k = load @j[%n] %a = load @a[%k]
        %w = mul %q, %a yield %w }
      store @h[%n], %v }
    %t = for (%r) in @seen -> (sum) { %g = load @h[%r] %y = load @y[%r] %p = mul %g, %y yield %p }
    return %t)");
}

TEST(Reversal, OfCarriedValues) {
  check(R"(%s = load @s[] %one = const 1
    %last, %count, %sum = scan (%n) in [N] carry (%h = %s, %i = %one) -> (sum) {
      %k = load @j[%n] %a = load @a[%k] %q = sin %h %w = mul %q, %a %r = real %i %v = div %w, %r
      %next = iadd %i, %one %z = mul %h, %h yield %v, %next, %z }
    %t = add %last, %sum return %t)");
}

TEST(Reversal, OfAScanInsideALoop) {
  check(R"(%s = load @s[]
    %t = for (%g) in [J] -> (sum) {
      %a = load @a[%g]
      %last = scan (%p) down in [P] carry (%h = %a) { %b = load @b[%p] %q = cos %h %v = mul %q, %b %w = add %v, %s yield %w }
      yield %last }
    return %t)");
}

TEST(Reversal, OfBranches) {
  check(R"(%s = load @s[] %zero = const 0.0
    %t = for (%g) in [J] -> (sum) {
      %a = load @a[%g] %c = lt %a, %zero
      %v = if %c { %e = exp %a yield %e } else { %l = log1p %a %m = mul %l, %s yield %m }
      yield %v }
    return %t)");
}

// The derivative of the branch that is not taken is infinite; it must not be multiplied by 0.
TEST(Reversal, NeverUsesTheBranchNotTaken) {
  Module module = model_of(R"(%s = load @s[] %zero = const 0.0 %c = lt %zero, %s
    %v = if %c { %l = sqrt %s yield %l } else { %m = neg %s yield %m } return %v)");
  ASSERT_TRUE(add_gradient(module, "f", "gradient").ok());
  Interpreter run(module);
  bind(run, module);
  EXPECT_EQ(gradient_at(run, {0, 0, 0, 0, 0, 0}).back(), -1);
}

TEST(Reversal, OverwritesEveryCoordinate) {
  Module module = model_of("%s = load @s[] return %s");
  ASSERT_TRUE(add_gradient(module, "f", "gradient").ok());
  Interpreter run(module);
  bind(run, module);
  EXPECT_EQ(gradient_at(run, kPoint), (Point{0, 0, 0, 0, 0, 1}));
}

}  // namespace
}  // namespace lacuna::autodiff
