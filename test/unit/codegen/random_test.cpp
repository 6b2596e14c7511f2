// Draws as machine code: the interpreter's numbers, in any number of lanes, on three processors; and their moments.
#include <gtest/gtest.h>

#include <cmath>

#include "compiler/ir/interpreter.h"
#include "compiler/ir/parser.h"
#include "compiler/ir/verifier.h"
#include "compiler/jit/machine.h"

namespace lacuna::codegen {
namespace {

struct Case {
  const char* call;  // of @a and @b at the cell
  bool whole;
};

const Case kCases[] = {{"standard_uniform %seed, %cell, %counter", false},
                       {"standard_normal %seed, %cell, %counter", false},
                       {"standard_gamma %seed, %cell, %counter, %x", false},
                       {"log_standard_gamma %seed, %cell, %counter, %x", false},
                       {"poisson_draw %seed, %cell, %counter, %x", true},
                       {"binomial_draw %seed, %cell, %counter, %n, %p", true}};

std::string program(const std::string& call, const std::string& schedule) {
  return "module m { dim N input @a : real[N] input @b : real[N] output @out : real[N] func draw @f() { for (%i) in [N] " + schedule +
         " { %x = load @a[%i] %n = round %x %p = load @b[%i] %seed = const 123456789123 %one = int %i %big = const 77777777777 %cell = imul %one, %big "
         "%counter = const 1125899906842631 %y = " +
         call + " store @out[%i], %y } } }";
}

class Draws : public testing::TestWithParam<std::tuple<const char*, const char*, Case>> {};

TEST_P(Draws, AreTheInterpreters) {
  const auto [cpu, schedule, what] = GetParam();
  const Target target = named_target(cpu);
  if (!runs_here(target)) GTEST_SKIP() << "this machine has no " << cpu;
  const ir::Parsed parsed = ir::parse(program(what.call, schedule));
  ASSERT_TRUE(parsed.module) << parsed.error;
  ASSERT_EQ(ir::verify(*parsed.module), std::vector<std::string>{});
  constexpr std::int64_t kCells = 3001;
  std::vector<double> a, b;
  const double sizes[] = {0, 0.01, 0.3, 0.999, 1, 3.5, 9.999, 10, 40, 1234.5, 1e6, 1e9, 1e12, -1, NAN, INFINITY};
  const double shares[] = {0, 1e-12, 0.01, 0.3, 0.5, 0.77, 1, -0.1, NAN};
  for (std::int64_t i = 0; i < kCells; ++i) {
    a.push_back(sizes[i % 16]);
    b.push_back(shares[i % 9]);
  }
  jit::Machine machine(*parsed.module, target);
  ASSERT_EQ(machine.error(), "");
  ir::Interpreter oracle(*parsed.module);
  oracle.set_size({0}, kCells);
  machine.set_size({0}, kCells);
  for (const auto& [buffer, values] : {std::pair(0u, a), std::pair(1u, b)}) {
    oracle.set_input({buffer}, {.reals = values});
    machine.set_input({buffer}, {.reals = values});
  }
  ASSERT_TRUE(oracle.bind().ok());
  ASSERT_FALSE(machine.bind());
  const ir::Outcome outcome = oracle.call("f");
  ASSERT_TRUE(outcome.ok()) << outcome.error;
  std::vector<double> got(kCells + 64, -7);
  machine.run("f", {.outputs = {got.data()}}, 0);
  for (std::int64_t i = 0; i < kCells; ++i) {
    const double expected = static_cast<double>(oracle.contents({2})[static_cast<std::size_t>(i)].real);
    const double drawn = got[static_cast<std::size_t>(i)];
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(drawn)) << i;
    } else if (what.whole) {
      EXPECT_EQ(drawn, expected) << i << " a " << a[static_cast<std::size_t>(i)] << " b " << b[static_cast<std::size_t>(i)];
    } else {
      EXPECT_NEAR(drawn, expected, 1e-13 * std::max(1.0, std::abs(expected))) << i << " a " << a[static_cast<std::size_t>(i)];
    }
  }
  EXPECT_EQ(got[kCells], -7);
}

INSTANTIATE_TEST_SUITE_P(All, Draws,
                         testing::Combine(testing::Values("x86-64-v4", "x86-64-v3", "x86-64"), testing::Values("", "tile(16) lanes(rows)", "tile(2) lanes(rows)"),
                                          testing::ValuesIn(kCases)));

}  // namespace
}  // namespace lacuna::codegen
