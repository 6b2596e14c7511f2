#include "compiler/syntax/limits.h"

#include <gtest/gtest.h>

#include "compiler/syntax/format.h"
#include "test/unit/syntax/parsed.h"

namespace lacuna::test {
namespace {

using Codes = std::vector<std::string>;

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Limits, BracketsNestTo256) {
  EXPECT_EQ(tree(repeat("(", 256) + "a" + repeat(")", 256)), "a");
  EXPECT_EQ(tree(repeat("(", 257) + "a" + repeat(")", 257)), "error E0901");
  EXPECT_EQ(tree(repeat("a[", 257) + "a" + repeat("]", 257)), "error E0901");
  EXPECT_EQ(Parsed("model m() " + repeat("{ for n in N ", 257)).codes(), Codes{"E0901"});
}

TEST(Limits, BracketsThatAreNeverClosedAreRefusedAtOnce) {
  // Eight million of them, so anything but one pass would be noticed.
  EXPECT_EQ(Parsed(repeat("(", 8'000'000)).codes(), Codes{"E0901"});
  EXPECT_EQ(Parsed(repeat("- ", 4'000'000)).codes(), Codes{"E0901"});
}

TEST(Limits, SignsAndConditionsNestTo256) {
  EXPECT_EQ(tree(repeat("-", 256) + "a").substr(0, 8), "(negate ");
  EXPECT_EQ(tree(repeat("-", 257) + "a"), "error E0901");
  EXPECT_EQ(tree(repeat("if a then b else ", 256) + "c").substr(0, 4), "(if ");
  EXPECT_EQ(tree(repeat("if a then b else ", 257) + "c"), "error E0901");
  // Conditions side by side do not nest.
  EXPECT_EQ(tree("[" + repeat("if a then b else c, ", 1000) + "a]").substr(0, 7), "(array ");
}

TEST(Limits, ChainsOfOperatorsAreBounded) {
  EXPECT_EQ(tree("a" + repeat(" + a", 999)).substr(0, 3), "(+ ");
  EXPECT_EQ(tree("a" + repeat(" + a", 1000)), "error E0906");
  EXPECT_EQ(tree("a" + repeat(" ^ a", 1000)), "error E0906");
  EXPECT_EQ(tree("a" + repeat(".b", 1000)), "error E0906");
  EXPECT_EQ(tree("a" + repeat("[0]", 200'000)), "error E0906");
}

TEST(Limits, BindersAreBounded) {
  EXPECT_EQ(tree("[1 for n in N" + repeat(", n in N", 255) + "]").substr(0, 15), "(comprehension ");
  EXPECT_EQ(tree("[1 for n in N" + repeat(", n in N", 256) + "]"), "error E0907");
}

TEST(Limits, FilesOverEightMegabytesAreRefused) {
  EXPECT_EQ(Parsed(std::string(syntax::kMaximumBytes, ' ')).codes(), Codes{});
  EXPECT_EQ(Parsed(std::string(syntax::kMaximumBytes + 1, ' ')).codes(), Codes{"E0902"});
}

TEST(Limits, ErrorsOfAFileAreBounded) {
  const Parsed parsed("model m() {\n" + repeat("let x\n", 5000) + "}");
  EXPECT_EQ(parsed.codes().size(), syntax::kMaximumErrors + 1);
  EXPECT_EQ(parsed.codes().back(), "E0908");
}

}  // namespace
}  // namespace lacuna::test
