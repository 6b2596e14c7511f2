#include "compiler/support/nearest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

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

// The whole table, straight from the definition.
int whole_table(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      d[i][j] = static_cast<int>(i + j);
      if (i > 0 && j > 0) {
        d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST(EditDistance, IsThatOfTheWholeTableUpToItsLimit) {
  std::mt19937 random(7);
  const auto word = [&] {
    std::string text(random() % 9, 'a');
    for (char& c : text) c = static_cast<char>('a' + random() % 3);
    return text;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = word();
    const std::string b = word();
    const int limit = static_cast<int>(random() % 5);
    ASSERT_EQ(edit_distance(a, b, limit), std::min(whole_table(a, b), limit + 1)) << a << " " << b << " " << limit;
  }
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
