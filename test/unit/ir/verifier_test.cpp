#include "compiler/ir/verifier.h"

#include <gtest/gtest.h>

#include "test/unit/ir/samples.h"

namespace lacuna::ir {
namespace {

// The first mistake of a module made of these declarations and instructions of one function.
std::string mistake(const std::string& body, const std::string& header = "draw @f()") {
  const std::string text = R"(module m {
  dim N
  dim J
  dim M = cells @s
  input @y : real?[N]
  input @x : real[N]
  input @j : index<J>[N]
  data @d : real[N]
  param @u : real[N]
  gradient @du of @u
  work @w : real[N]
  work @v : real[N]
  space @s (%n in N) where {
    %p = present @y[%n]
    yield %p
  }
  func )" + header + " {\n" +
                           body + "\n  }\n}\n";
  const std::vector<std::string> mistakes = verify(read(text));
  return mistakes.empty() ? "" : mistakes.front();
}

#define EXPECT_MISTAKE(part, ...) EXPECT_NE(mistake(__VA_ARGS__).find(part), std::string::npos) << mistake(__VA_ARGS__)

TEST(Verifier, AcceptsWhatIsRight) {
  EXPECT_EQ(mistake("for (%n) in @s { %a = load @u[%n] accumulate @du[%n], %a store @w[%n], %a }"), "");
  EXPECT_EQ(mistake("scan (%n) in [N] carry () { %a = load @w[%n] store @v[%n], %a }"), "");
  EXPECT_EQ(mistake("build_space @s for (%n) at %k in @s { %a = load @x[%n] store @d[%n], %a }", "data @f()"), "");
}

TEST(Verifier, ChecksTypes) {
  EXPECT_MISTAKE("operand 2 is int", "%a = const 1.0 %b = const 1 %c = add %a, %b");
  EXPECT_MISTAKE("two types", "%t = const true %a = const 1.0 %b = const 1 %c = select %t, %a, %b");
  EXPECT_MISTAKE("wrong types", "%x = for (%n) in [N] -> (sum) { %a = const 1 yield %a }");
  EXPECT_MISTAKE("takes one bool", "%a = const 1.0 if %a { } else { }");
  EXPECT_MISTAKE("yield different types",
                 "%t = const true %x = if %t { %a = const 1 yield %a } else { %b = const 1.0 yield %b }");
}

TEST(Verifier, ChecksDimensions) {
  EXPECT_MISTAKE("axis 1 of @x is N", "for (%j) in [J] { %a = load @x[%j] }");
  EXPECT_MISTAKE("has 1 axes, not 0", "%a = load @x[]");
  EXPECT_MISTAKE("@x is not optional", "for (%n) in [N] { %a = present @x[%n] }");
}

TEST(Verifier, ChecksDominance) {
  EXPECT_MISTAKE("not visible here", "for (%n) in [N] { %a = const 1.0 } %b = neg %a");
  EXPECT_MISTAKE("not visible", "%t = const true if %t { %a = const 1.0 } else { %b = neg %a }");
}

TEST(Verifier, ChecksStages) {
  EXPECT_MISTAKE("not known when data are bound", "for (%n) in [N] { %a = load @u[%n] }", "data @f()");
  EXPECT_MISTAKE("not written at this stage", "for (%n) in [N] { %a = const 1.0 store @d[%n], %a }");
  EXPECT_MISTAKE("not written at this stage", "for (%n) in [N] { %a = const 1.0 store @w[%n], %a }", "data @f()");
  EXPECT_MISTAKE("function of stage draw", "build_space @s");
  EXPECT_MISTAKE("under a condition of stage draw",
                 "for (%n) in [N] { %a = load @u[%n] %t = lt %a, %a if %t { store @w[%n], %a } else { } }");
  EXPECT_EQ(mistake("for (%n) in [N] { %a = load @x[%n] %t = lt %a, %a if %t { store @w[%n], %a } else { } }"), "");
}

TEST(Verifier, ChecksWhatIterationsShare) {
  EXPECT_MISTAKE("same element", "for (%n) in [N] { for (%m) in [N] { %a = const 1.0 store @w[%m], %a } }");
  EXPECT_MISTAKE("written by other iterations",
                 "for (%n) in [N] { %a = const 1.0 store @w[%n], %a %i = int %n %k = index N %i %b = load @w[%k] }");
  EXPECT_MISTAKE("written by other iterations", "for (%n) in [N] { %a = load @du[%n] accumulate @du[%n], %a }");
  EXPECT_EQ(mistake("for (%n) in [N] { %a = const 1.0 store @w[%n], %a %b = load @w[%n] }"), "");
}

TEST(Verifier, ChecksTables) {
  auto first = [](std::string_view text) {
    const auto mistakes = verify(read(text));
    return mistakes.empty() ? std::string() : mistakes.front();
  };
  EXPECT_EQ(first("module m { dim C = K - 1 dim K }"), "dimension C follows from one that is not above it");
  EXPECT_EQ(first("module m { work @w : real? }"), "@w: only inputs are optional");
  EXPECT_EQ(first("module m { param @p : int }"), "@p: should be real");
  EXPECT_EQ(first("module m { work @w : real gradient @g of @w }"), "@g: is of no parameter with its axes");
  EXPECT_EQ(first("module m { dim N input @x : real[N] space @s (%n in N) where { %a = load @x[%n] yield %a } }"),
            "@s: the predicate should yield one bool");
  EXPECT_EQ(first("module m { dim N param @p : bool? }"), "@p: only inputs are optional");
}

}  // namespace
}  // namespace lacuna::ir
