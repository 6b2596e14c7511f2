// Every rule of adjoint_rules.def against differences of the interpreter, at points on both sides of what it selects
// on.
#include "compiler/autodiff/adjoint_rules.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "compiler/autodiff/reversal.h"
#include "compiler/ir/parser.h"
#include "compiler/ir/verifier.h"
#include "test/unit/autodiff/differences.h"

namespace lacuna::autodiff {
namespace {

using ir::Op;

const Point kAnywhere = {-2.3L, -0.4L, 0.3L, 1.7L};
const Point kPositive = {0.2L, 0.9L, 3.5L, 24};
const Point kUnit = {0.1L, 0.45L, 0.83L};

// Where the operands of an operation may be: one list for each.
std::vector<Point> domain(Op op, std::size_t operands) {
  static const std::map<Op, std::vector<Point>> table = {
      {Op::Min, {kAnywhere, {-1, 0.1L, 2}}},
      {Op::Max, {kAnywhere, {-1, 0.1L, 2}}},
      {Op::Log, {kPositive}},
      {Op::Log1p, {{-0.7L, 0.2L, 5}}},
      {Op::Sqrt, {kPositive}},
      {Op::Pow, {kPositive, kAnywhere}},
      {Op::Asin, {{-0.6L, 0.2L}}},
      {Op::Acos, {{-0.6L, 0.2L}}},
      {Op::Logit, {kUnit}},
      {Op::Log1mExp, {{-3, -0.4L, -0.1L}}},
      {Op::NormalQuantile, {kUnit}},
      {Op::Mod, {kAnywhere, {-0.7L, 1.3L}}},
      {Op::Lgamma, {kPositive}},
      {Op::LgammaExcess, {kPositive}},
      {Op::Digamma, {kPositive}},
      {Op::DigammaExcess, {kPositive}},
      {Op::Lbeta, {kPositive, kPositive}},
      {Op::LogChoose, {{30, 50.5L}, {2.5L, 11}}},
      {Op::XLogY, {kAnywhere, kPositive}},
      {Op::XLog1pY, {kAnywhere, kPositive}},
      {Op::Log1pMx, {{-0.7L, 0.01L, 0.2L, 5}}},
      {Op::KlDiv, {kPositive, kPositive}},
      {Op::LogRatio, {kPositive, kPositive}},
      {Op::GammaP, {kPositive, kPositive}},
      {Op::GammaQ, {kPositive, kPositive}},
      {Op::LogGammaP, {kPositive, {0.9L, 3.5L}}},
      {Op::LogGammaQ, {kPositive, {0.9L, 3.5L}}},
      {Op::BetaInc, {kPositive, {0.9L, 3.5L}, kUnit}},
      {Op::LogBetaInc, {kPositive, {0.9L, 3.5L}, kUnit}},
  };
  const auto found = table.find(op);
  return found != table.end() ? found->second : std::vector<Point>(operands, kAnywhere);
}

// A model whose density is the operation of its parameters.
ir::Module model_of(Op op, std::size_t operands) {
  std::string text = "module m {\n";
  std::string loads;
  std::string list;
  for (std::size_t i = 0; i < operands; ++i) {
    const std::string n = std::to_string(i);
    text += "param @p" + n + " : real\n";
    loads += "%x" + n + " = load @p" + n + "[]\n";
    list += (i == 0 ? "%x" : ", %x") + n;
  }
  text += "func draw @f() {\n" + loads + "%r = " + std::string(info(op).mnemonic) + " " + list + "\nreturn %r\n} }";
  return std::move(*ir::parse(text).module);
}

void for_each_point(const std::vector<Point>& lists, Point& point, const std::function<void(const Point&)>& visit) {
  if (point.size() == lists.size()) return visit(point);
  for (long double x : lists[point.size()]) {
    point.push_back(x);
    for_each_point(lists, point, visit);
    point.pop_back();
  }
}

TEST(AdjointRules, AgreeWithDifferences) {
  for (int i = 0; i < ir::op_count(); ++i) {
    const Op op = static_cast<Op>(i);
    if (!has_adjoint(op) || !info(op).operands.starts_with('r')) continue;
    const std::size_t operands = info(op).operands.size();
    ir::Module module = model_of(op, operands);
    const Reversed made = add_gradient(module, "f", "gradient");
    ASSERT_TRUE(made.ok()) << made.error;
    ASSERT_EQ(ir::verify(module), std::vector<std::string>{}) << info(op).mnemonic;
    ir::Interpreter run(module);
    Point scratch;
    for_each_point(domain(op, operands), scratch, [&](const Point& point) {
      const Point expected = differences(
          [&](const Point& p) {
            run.set_vector(ir::BufferKind::Parameter, p);
            return run.call("f").results[0].real;
          },
          point);
      run.set_vector(ir::BufferKind::Parameter, point);
      const ir::Outcome outcome = run.call("gradient");
      ASSERT_TRUE(outcome.ok()) << outcome.error;
      EXPECT_LT(distance(run.vector(ir::BufferKind::Gradient), expected), 1e-9)
          << info(op).mnemonic << " at " << static_cast<double>(point[0]) << ": "
          << static_cast<double>(run.vector(ir::BufferKind::Gradient)[0]) << " is not "
          << static_cast<double>(expected[0]);
    });
  }
}

// The operations of real results and operands that declare to have no derivative.
TEST(AdjointRules, AreThereOrDeclaredAbsent) {
  const std::set<Op> absent = {Op::Trigamma,         Op::LogGammaPShape, Op::LogGammaQShape, Op::LogBetaIncFirst,
                               Op::LogBetaIncSecond, Op::GammaPInverse,  Op::GammaQInverse,  Op::BetaIncInverse};
  for (int i = 0; i < ir::op_count(); ++i) {
    const Op op = static_cast<Op>(i);
    if (!info(op).has(ir::Elementwise) || !info(op).operands.starts_with('r') || info(op).results != "r") continue;
    EXPECT_NE(has_adjoint(op), absent.contains(op)) << info(op).mnemonic;
  }
}

TEST(AdjointRules, AskingForAnAbsentOneIsAnError) {
  ir::Module module = model_of(Op::Trigamma, 1);
  EXPECT_EQ(add_gradient(module, "f", "gradient").error, "`trigamma` has no derivative here");
}

}  // namespace
}  // namespace lacuna::autodiff
