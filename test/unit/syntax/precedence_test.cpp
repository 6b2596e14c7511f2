#include <gtest/gtest.h>

#include "test/unit/syntax/parsed.h"

namespace lacuna::test {
namespace {

TEST(Precedence, LoosestFirst) {
  EXPECT_EQ(tree("a ?? b || c"), "(?? a (|| b c))");
  EXPECT_EQ(tree("a || b && c"), "(|| a (&& b c))");
  EXPECT_EQ(tree("a && b == c"), "(&& a (== b c))");
  EXPECT_EQ(tree("a < b + c"), "(< a (+ b c))");
  EXPECT_EQ(tree("a + b * c"), "(+ a (* b c))");
  EXPECT_EQ(tree("-a * b"), "(* (negate a) b)");
  EXPECT_EQ(tree("a * -b"), "(* a (negate b))");
  EXPECT_EQ(tree("!a && b"), "(&& (not a) b)");
  EXPECT_EQ(tree("a ^ b[0]"), "(^ a (subscript b 0))");
}

TEST(Precedence, SumsAndProductsGoToTheLeft) {
  EXPECT_EQ(tree("a - b - c"), "(- (- a b) c)");
  EXPECT_EQ(tree("a - b + c"), "(+ (- a b) c)");
  EXPECT_EQ(tree("a / b * c % d @ e"), "(@ (% (* (/ a b) c) d) e)");
  EXPECT_EQ(tree("a ?? b ?? c"), "(?? (?? a b) c)");
}

TEST(Precedence, PowersGoToTheRightAndBindTighterThanSigns) {
  EXPECT_EQ(tree("a ^ b ^ c"), "(^ a (^ b c))");
  EXPECT_EQ(tree("-x ^ 2"), "(negate (^ x 2))");
  EXPECT_EQ(tree("2 ^ -x ^ 2"), "(^ 2 (negate (^ x 2)))");
  EXPECT_EQ(tree("2 ^ -x * 3"), "(* (^ 2 (negate x)) 3)");
  EXPECT_EQ(tree("- - !x"), "(negate (negate (not x)))");
}

TEST(Precedence, IfReachesAsFarAsItCan) {
  EXPECT_EQ(tree("if a then b else c + d"), "(if a b (+ c d))");
  EXPECT_EQ(tree("if a || b then c else if d then e else f"), "(if (|| a b) c (if d e f))");
  EXPECT_EQ(tree("(if a then b else c) + d"), "(+ (if a b c) d)");
}

TEST(Precedence, ComparisonsDoNotChain) {
  EXPECT_EQ(tree("a < b < c"), "error E0112");
  EXPECT_EQ(tree("a == b != c"), "error E0112");
  EXPECT_EQ(tree("a < b && b < c"), "(&& (< a b) (< b c))");
  EXPECT_EQ(tree("(a < b) == c"), "(== (< a b) c)");
}

TEST(Ranges, CoverWhatWasWrittenAndNoMore) {
  const Parsed parsed("dim K = ( a + f(b) ) * - c[0]");
  ASSERT_TRUE(parsed.codes().empty());
  const auto& product = parsed.program.declarations[0]->as<syntax::DimDecl>().value->as<syntax::BinaryExpr>();
  EXPECT_EQ(parsed.text(product.range), "( a + f(b) ) * - c[0]");
  EXPECT_EQ(parsed.text(product.op_range), "*");
  EXPECT_TRUE(product.left->parenthesized);
  EXPECT_EQ(parsed.text(product.left->range), "a + f(b)");
  EXPECT_EQ(parsed.text(product.right->range), "- c[0]");
  EXPECT_EQ(parsed.text(product.right->as<syntax::UnaryExpr>().operand->range), "c[0]");
}

}  // namespace
}  // namespace lacuna::test
