#include "compiler/support/c_name.h"

#include <gtest/gtest.h>

namespace lacuna::support {
namespace {

TEST(CName, KeepsWhatCTakes) { EXPECT_EQ(c_name("log_radon2"), "log_radon2"); }
TEST(CName, ReplacesDots) { EXPECT_EQ(c_name("y.imputed"), "y_imputed"); }
TEST(CName, SpellsGreek) {
  EXPECT_EQ(c_name("σ"), "sigma");
  EXPECT_EQ(c_name("μ_a"), "mu_a");
  EXPECT_EQ(c_name("Ω"), "Omega");
}
TEST(CName, NumbersOtherLetters) { EXPECT_EQ(c_name("é"), "ue9"); }
TEST(CName, NeverBeginsWithADigitAndIsNeverEmpty) {
  EXPECT_EQ(c_name("2x"), "_2x");
  EXPECT_EQ(c_name(""), "_");
}
TEST(CName, KnowsTheWordsOfTheLanguage) {
  EXPECT_TRUE(is_c_word("register"));
  EXPECT_TRUE(is_c_word("new"));
  EXPECT_FALSE(is_c_word("floor"));
}

}  // namespace
}  // namespace lacuna::support
