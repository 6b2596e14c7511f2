#include "compiler/ir/interpreter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/ir/stages.h"
#include "test/unit/ir/samples.h"

namespace lacuna::ir {
namespace {

InputArray reals(std::vector<double> values) {
  return {.reals = std::move(values)};
}
InputArray whole(std::vector<std::int64_t> values) {
  return {.whole = std::move(values)};
}

TEST(Interpreter, RunsARegressionWithGaps) {
  const Module module = read(kRegression);
  Interpreter run(module);
  run.set_size(module.find_dim("N"), 3);
  run.set_size(module.find_dim("J"), 2);
  run.set_input(module.find_buffer("county"), whole({1, 0, 1}));
  run.set_input(module.find_buffer("x"), reals({1, 2, 3, 4, 5, 6}));
  run.set_input(module.find_buffer("y"), reals({10, std::nan(""), 30}));
  ASSERT_TRUE(run.bind().ok());
  EXPECT_EQ(run.size(module.find_dim("M")), 2);
  EXPECT_EQ(run.contents(module.find_buffer("square"))[1].real, 900);
  EXPECT_EQ(run.parameter_count(), 5);
  run.set_vector(BufferKind::Parameter, {0.5L, -1, 2, 3, std::log(2.0L)});
  const Outcome outcome = run.call("log_density", {Cell::of(true)});
  ASSERT_TRUE(outcome.ok()) << outcome.error;
  // Row 0: 10 - (1*2 + 2*3 - 1) = 3; row 2: 30 - (5*2 + 6*3 - 1) = 3; each (3 / 2)^2.
  EXPECT_NEAR(static_cast<double>(outcome.results[0].real), 4.5 + std::log(2.0), 1e-17);
  EXPECT_NEAR(static_cast<double>(run.contents(module.find_buffer("each"))[1].real), 2.25, 1e-17);
}

std::string run_error(const std::string& body, bool missing = false) {
  const Module module =
      read("module m { dim N input @y : real?[N] work @w : real[N] func draw @f() { " + body + " } }");
  Interpreter run(module);
  run.set_size(module.find_dim("N"), 2);
  run.set_input(module.find_buffer("y"), reals({1, missing ? std::nan("") : 2}));
  return run.call("f").error;
}

TEST(Interpreter, NoticesWhatGeneratedCodeWouldNot) {
  EXPECT_EQ(run_error("for (%n) in [N] { %a = load @y[%n] }"), "");
  EXPECT_EQ(run_error("for (%n) in [N] { %a = load @y[%n] }", true), "@y: missing cell 1 is read");
  EXPECT_EQ(run_error("for (%n) in [N] { %a = load @w[%n] }"), "@w: element 0 is read before it is written");
  EXPECT_EQ(run_error("%i = const 2 %n = index N %i"), "index 2 of N is out of range");
  EXPECT_EQ(run_error("%i = const 1 %n = index N %i %a = const 1.0 store @w[%n], %a store @w[%n], %a"),
            "@w: element 1 is stored twice");
  EXPECT_EQ(run_error("%i = const 1 %n = index N %i %a = const 1.0 accumulate @w[%n], %a"),
            "@w: element 1 is added to before it is set");
}

std::vector<Cell> results(const std::string& body, std::int64_t n, Precision precision = Precision::Extended) {
  const Module module = read("module m { dim N func draw @f() { " + body + " } }");
  Interpreter run(module, precision);
  run.set_size(module.find_dim("N"), n);
  const Outcome outcome = run.call("f");
  EXPECT_TRUE(outcome.ok()) << outcome.error;
  return outcome.results;
}

TEST(Interpreter, ReducesEmptyLoopsToNeutralElements) {
  const auto none = results(
      "%a, %b, %c, %d, %e, %f = for (%n) in [N] -> (sum, sum_log, prod, max, logsumexp, all) "
      "{ %x = const 1.0 %t = const false yield %x, %x, %x, %x, %x, %t } return %a, %b, %c, %d, %e, %f",
      0);
  EXPECT_EQ(none[0].real, 0);
  EXPECT_EQ(none[1].real, 0);
  EXPECT_EQ(none[2].real, 1);
  EXPECT_EQ(none[3].real, -INFINITY);
  EXPECT_EQ(none[4].real, -INFINITY);
  EXPECT_EQ(none[5].whole, 1);
}

TEST(Interpreter, Reduces) {
  const auto three = results(
      "%a, %b, %c, %d, %e, %f = for (%n) in [N] -> (sum, sum_log, prod, min, logsumexp, isum) "
      "{ %i = int %n %one = const 1 %k = iadd %i, %one %x = real %k yield %x, %x, %x, %x, %x, %k } "
      "return %a, %b, %c, %d, %e, %f",
      3);
  EXPECT_EQ(three[0].real, 6);
  EXPECT_NEAR(static_cast<double>(three[1].real), std::log(6.0), 1e-16);
  EXPECT_EQ(three[2].real, 6);
  EXPECT_EQ(three[3].real, 1);
  EXPECT_NEAR(static_cast<double>(three[4].real), std::log(std::exp(1.0) + std::exp(2.0) + std::exp(3.0)), 1e-15);
  EXPECT_EQ(three[5].whole, 6);
  const auto nothing = results("%e = for (%n) in [N] -> (logsumexp) { %x = const -inf yield %x } return %e", 3);
  EXPECT_EQ(nothing[0].real, -INFINITY);
}

TEST(Interpreter, ScansInBothOrders) {
  // x -> 2 x + n over 0, 1, 2 from 1: 2, 5, 12; downwards 2, 1, 0: 4, 9, 18. The sum is of the values before each step.
  const std::string step =
      " carry (%x = %one) -> (sum) { %t = const 2.0 %d = mul %t, %x %i = real %n %y = add %d, %i yield %y, %x } return "
      "%r, %s";
  const auto up = results("%one = const 1.0 %r, %s = scan (%n) in [N]" + step, 3);
  EXPECT_EQ(up[0].real, 12);
  EXPECT_EQ(up[1].real, 1 + 2 + 5);
  const auto down = results("%one = const 1.0 %r, %s = scan (%n) down in [N]" + step, 3);
  EXPECT_EQ(down[0].real, 18);
  EXPECT_EQ(down[1].real, 1 + 4 + 9);
}

TEST(Interpreter, RoundsToDoubleWhenAsked) {
  const std::string body = "%a = const 1.0 %b = const 3.0 %c = div %a, %b return %c";
  EXPECT_EQ(results(body, 1)[0].real, 1.0L / 3.0L);
  EXPECT_EQ(results(body, 1, Precision::Double)[0].real, 1.0 / 3.0);
}

// In extended precision 1.1 - 0.1, of the two nearest doubles, is above 1.
TEST(Interpreter, JumpsWhereDoublesDo) {
  const std::string start = "%a = const 1.1 %b = const 0.1 %one = const 1.0 %c = sub %a, %b ";
  EXPECT_EQ(results(start + "%r = eq %c, %one return %r", 1)[0].whole, 1);
  EXPECT_EQ(results(start + "%r = lt %one, %c return %r", 1)[0].whole, 0);
  EXPECT_EQ(results(start + "%r = ceil %c return %r", 1)[0].real, 1);
}

TEST(Interpreter, SortsAndListsSpaces) {
  const Module module = read(R"(module m {
    dim N dim J
    input @j : index<J>[N]
    space @sorted (N) by @j
    space @of [%k in J] (%n in N) where { %a = load @j[%n] %p = int %a %q = int %k %t = ieq %p, %q yield %t }
    func data @bind() { build_space @sorted build_space @of }
  })");
  Interpreter run(module);
  run.set_size(module.find_dim("N"), 4);
  run.set_size(module.find_dim("J"), 3);
  run.set_input(module.find_buffer("j"), whole({2, 0, 2, 0}));
  ASSERT_TRUE(run.bind().ok());
  using Tuples = std::vector<std::vector<std::int64_t>>;
  EXPECT_EQ(run.cells(module.find_space("sorted")), (Tuples{{1}, {3}, {0}, {2}}));
  EXPECT_EQ(run.cells(module.find_space("of"), {0}), (Tuples{{1}, {3}}));
  EXPECT_EQ(run.cells(module.find_space("of"), {1}), Tuples{});
  EXPECT_EQ(run.cells(module.find_space("of"), {2}), (Tuples{{0}, {2}}));
}

TEST(Interpreter, ReportsFailedChecks) {
  const Module module = read(R"(module m { dim N site "y" line 3 func data @bind() {
    for (%n) in [N] { %i = int %n %two = const 2 %t = ilt %i, %two check %t "TooLarge" site 0 [%i] } } })");
  Interpreter run(module);
  run.set_size(module.find_dim("N"), 5);
  const Outcome outcome = run.bind();
  EXPECT_EQ(outcome.failed_check, "TooLarge");
  EXPECT_EQ(outcome.site, 0);
  EXPECT_EQ(outcome.index, std::vector<std::int64_t>{2});
}

TEST(Interpreter, SolvesWithCholesky) {
  // A = [4 2; 2 10] = L L' with L = [2 0; 1 3]; L z = (2, 7) gives (1, 2), L' x = z gives (1/6, 2/3).
  const Module module = read(R"(module m {
    dim K preset 2
    input @a : real[K, K] input @b : real[K]
    work @L : real[K, K] work @z : real[K] work @x : real[K]
    func draw @f() {
      kernel cholesky @L, @a
      kernel solve_lower @z, @L, @b
      kernel solve_lower_transposed @x, @L, @z
    } })");
  Interpreter run(module);
  run.set_input(module.find_buffer("a"), reals({4, 2, 2, 10}));
  run.set_input(module.find_buffer("b"), reals({2, 7}));
  ASSERT_TRUE(run.call("f").ok());
  EXPECT_EQ(run.contents(module.find_buffer("L"))[3].real, 3);
  EXPECT_EQ(run.contents(module.find_buffer("L"))[1].real, 0);
  EXPECT_EQ(run.contents(module.find_buffer("z"))[1].real, 2);
  EXPECT_NEAR(static_cast<double>(run.contents(module.find_buffer("x"))[0].real), 1.0 / 6, 1e-18);
}

TEST(Stages, FollowFromOperands) {
  const Module module = read(kRegression);
  const Function& f = *module.find_function("log_density");
  const auto stages = stages_of(module, f.body, f.stage);
  auto stage = [&](std::string_view name) {
    for (std::size_t i = 0; i < f.body.values.size(); ++i) {
      if (f.body.values[i].name == name) return stages[i];
    }
    return Stage::Constant;
  };
  EXPECT_EQ(stage("j"), Stage::Data);
  EXPECT_EQ(stage("y"), Stage::Data);
  EXPECT_EQ(stage("a"), Stage::Draw);
  EXPECT_EQ(stage("eta"), Stage::Draw);
  EXPECT_EQ(stage("total"), Stage::Draw);
}

}  // namespace
}  // namespace lacuna::ir
