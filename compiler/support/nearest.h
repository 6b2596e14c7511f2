// The known word nearest to a misspelt one, for "did you mean".
#pragma once
#include <string_view>
#include <vector>

namespace lacuna::support {

// The number of insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) between two words;
// `limit + 1` when it is larger than `limit`. A change of case alone counts as one whatever its length.
int edit_distance(std::string_view a, std::string_view b, int limit);

// The candidate nearest to `word`, or an empty view when none is near enough (a third of its length, at least 1, at most 3;
// names of one letter only by case).
// Ties go to the candidate that comes first.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace lacuna::support
