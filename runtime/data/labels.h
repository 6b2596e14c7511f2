// The labels of a dimension: one spelling, one order, one key for each.
//
//   needs    nothing
//   leaves   texts and 64-bit keys that are the same on every machine
//   shown by test/unit/runtime/match_test.cpp
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::runtime::data {

// The one spelling of a label: a whole number loses its ".0", which other programs add to columns with gaps.
std::string canonical_label(std::string_view text);

// Sorts by number when all labels are numbers, else as text (which is also the order of dates written 2026-01-31);
// equal ones are left once.
void sort_labels(std::vector<std::string>& labels);

// The key that random numbers of a labelled element use: FNV-1a over the bytes, then Stafford's mix 13.
std::uint64_t label_key(std::string_view label);

}  // namespace lacuna::runtime::data
