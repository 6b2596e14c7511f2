// Gradients and Hessian products of whole functions against differences, and the shape of what is written.
#include "compiler/autodiff/reversal.h"

#include <gtest/gtest.h>

#include "compiler/ir/parser.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "test/unit/autodiff/models.h"

namespace lacuna::autodiff {
namespace {

using ir::BufferKind;
using ir::Interpreter;
using ir::Module;

Point gradient_at(Interpreter& run, const Point& point) {
  run.set_vector(BufferKind::Parameter, point);
  const ir::Outcome outcome = run.call("gradient");
  EXPECT_TRUE(outcome.ok()) << outcome.error;
  return run.vector(BufferKind::Gradient);
}

// The function's gradient and its Hessian times a direction, both against differences.
void check(std::string_view body, const Point& point = kPoint) {
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
      point);
  EXPECT_LT(distance(gradient_at(run, point), slope), 1e-10);

  // d/dt of the gradient at point + t direction is the Hessian times the direction.
  Point curvature;
  for (std::size_t i = 0; i < point.size(); ++i) {
    auto along = [&](const Point& t) {
      Point p = point;
      for (std::size_t k = 0; k < p.size(); ++k) p[k] += t[0] * kDirection[k];
      return gradient_at(run, p)[i];
    };
    curvature.push_back(differences(along, {0})[0]);
  }
  run.set_vector(BufferKind::Parameter, point);
  run.set_vector(BufferKind::Direction, kDirection);
  const ir::Outcome outcome = run.call("product");
  ASSERT_TRUE(outcome.ok()) << outcome.error;
  EXPECT_LT(distance(run.vector(BufferKind::Product), curvature), 1e-10);
}

TEST(Reversal, AgreesWithDifferences) {
  for (const Sample& sample : kSamples) {
    SCOPED_TRACE(sample.name);
    check(sample.body);
  }
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

// A component whose density is 0 has no weight; the infinite derivative of its log must not be multiplied by that 0. The other summand is
// -3 s, with the weight 1.
TEST(Reversal, GivesNoShareToWhatHasNoWeight) {
  const Point far = {0, 0, 0, 0, 0, -1000};
  for (const char* body : {
           "%s = load @s[] %p = exp %s %l = log %p %t = const -3.0 %o = mul %t, %s %r = logaddexp %l, %o return %r",
           "%s = load @s[] %p = exp %s %l = log %p %t = const -3.0 %o = mul %t, %s %r = max %l, %o return %r",
           "%s = load @s[] %p = exp %s %l = log %p %t = const -3.0 %o = mul %t, %s %e = sqrt %p %x = exp %l %y = add %x, %o return %y",
           R"(%s = load @s[] %p = exp %s %t = const -3.0 %o = mul %t, %s
              %r = for (%j) in [J] -> (logsumexp) { %z = const 0 %k = int %j %c = ieq %k, %z
                %v = if %c { yield %o } else { %l = log %p yield %l } yield %v } return %r)",
           R"(%s = load @s[] %p = exp %s %l = log %p %t = const -3.0 %o = mul %t, %s %zero = const 0.0 %c = lt %p, %zero
              %v = if %c { yield %l } else { yield %o } return %v)",
       }) {
    SCOPED_TRACE(body);
    Module module = model_of(body);
    ASSERT_TRUE(add_gradient(module, "f", "gradient").ok());
    ASSERT_TRUE(add_hessian_product(module, "gradient", "product").ok());
    ASSERT_EQ(ir::verify(module), std::vector<std::string>{}) << ir::print(module);
    Interpreter run(module, ir::Precision::Double);
    bind(run, module);
    EXPECT_EQ(gradient_at(run, far).back(), -3);
    run.set_vector(BufferKind::Direction, kDirection);
    ASSERT_TRUE(run.call("product").ok());
    EXPECT_EQ(run.vector(BufferKind::Product).back(), 0);
  }
}

// The derivative by a factor that is 0 is the product of the others.
TEST(Reversal, OfProductsWithFactorsThatAreZero) {
  constexpr std::string_view kProduct = R"(%s = load @s[] %p = for (%j) in [J] -> (prod) { %a = load @a[%j] %m = mul %a, %s yield %m }
    %q = mul %p, %p %r = add %p, %q return %r)";
  check(kProduct, {0, -0.9L, 1.2L, 0.7L, -0.3L, 0.25L});
  check(kProduct, {0.4L, -0.9L, 0, 0.7L, -0.3L, 0.25L});
  Module module = model_of(kProduct);
  ASSERT_TRUE(add_gradient(module, "f", "gradient").ok());
  Interpreter run(module);
  bind(run, module);
  EXPECT_EQ(gradient_at(run, {0, -0.9L, 0, 0.7L, -0.3L, 0.25L}), Point(6, 0));
}

// Where no weight can be 0, no comparison is written.
TEST(Reversal, ComparesNothingWhereEveryTermCounts) {
  Module module = model_of("%s = load @s[] %p = exp %s %l = log %p %d = div %l, %p return %d");
  ASSERT_TRUE(add_gradient(module, "f", "gradient").ok());
  EXPECT_EQ(ir::print(module).find("select"), std::string::npos);
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
