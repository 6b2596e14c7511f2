#include "compiler/support/nearest.h"

#include <gtest/gtest.h>

namespace lacuna::support {
namespace {

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(edit_distance("sigma", "sigma", 3), 0);
  EXPECT_EQ(edit_distance("sigma", "sgima", 3), 1);   // two neighbours swapped
  EXPECT_EQ(edit_distance("sigma", "sigm", 3), 1);    // one letter left out
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3);
  EXPECT_EQ(edit_distance("Sigma", "sIGMA", 3), 1);   // case alone
  EXPECT_EQ(edit_distance("a", "abcdef", 2), 3);      // beyond the limit
}

TEST(Nearest, TakesTheFirstOfEquals) { EXPECT_EQ(nearest("bat", {"cat", "hat"}), "cat"); }

TEST(Nearest, IsSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest("alpha", {"omega", "mu"}), "");
  EXPECT_EQ(nearest("x", {"beta"}), "");
  EXPECT_EQ(nearest("K", {"N", "T"}), "");
  EXPECT_EQ(nearest("k", {"N", "K"}), "K");
}

}  // namespace
}  // namespace lacuna::support
