#include "compiler/support/nearest.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace lacuna::support {

namespace {

bool equal_but_for_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
           return std::tolower(x) == std::tolower(y);
         });
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b, int limit) {
  if (a == b) return 0;
  if (equal_but_for_case(a, b)) return 1;
  const int n = static_cast<int>(a.size());
  const int m = static_cast<int>(b.size());
  if (std::abs(n - m) > limit) return limit + 1;
  // Three rows of the table; cells further than `limit` from its diagonal cannot matter.
  constexpr int kInline = 64;
  std::array<int, 3 * (kInline + 1)> inline_rows;
  std::vector<int> long_rows;
  int* rows = inline_rows.data();
  if (m > kInline) {
    long_rows.resize(3 * (static_cast<std::size_t>(m) + 1));
    rows = long_rows.data();
  }
  int* before = rows;
  int* previous = rows + (m + 1);
  int* current = rows + 2 * (m + 1);
  for (int j = 0; j <= m; ++j) before[j] = previous[j] = j;
  int least_before = 0;
  for (int i = 1; i <= n; ++i) {
    const int first = std::max(1, i - limit);
    const int last = std::min(m, i + limit);
    current[first - 1] = first == 1 ? i : limit + 1;
    int least = current[first - 1];
    for (int j = first; j <= last; ++j) {
      const int substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      const int insertion = current[j - 1] + 1;
      const int deletion = j < i + limit || i + limit > m ? previous[j] + 1 : limit + 1;
      current[j] = std::min({insertion, deletion, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) current[j] = std::min(current[j], before[j - 2] + 1);
      least = std::min(least, current[j]);
    }
    // A swap reaches back two rows.
    if (least > limit && least_before > limit) return limit + 1;
    least_before = least;
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return std::min(previous[m], limit + 1);
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  const int limit = std::clamp(static_cast<int>(word.size()) / 3, 1, 3);
  std::string_view best;
  int best_distance = limit + 1;
  for (std::string_view candidate : candidates) {
    // One letter for another is a different name, not a slip.
    if (std::min(word.size(), candidate.size()) < 2 && !equal_but_for_case(word, candidate)) continue;
    const int distance = edit_distance(word, candidate, limit);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace lacuna::support
