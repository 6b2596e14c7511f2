// Names for the indices that whole-array statements do not write: short, and unlike any name around them.
//
// needs    the names of the model
// leaves   `n` for `N`, `c` or `county` for `County`, `k2` when both are taken
// shown by test/lit/elaborate/
#pragma once
#include <string>
#include <string_view>
#include <unordered_set>

#include "compiler/types/type.h"

namespace lacuna::elaborate {

class IndexNames {
 public:
  void take_in_model(std::string_view name) { model_.emplace(name); }
  // Forgets the names of the item before.
  void begin_item() { item_.clear(); }
  void take(std::string_view name) { item_.emplace(name); }
  std::string fresh(const types::Dimension* d);

 private:
  bool free(const std::string& name) const { return !model_.contains(name) && !item_.contains(name); }

  std::unordered_set<std::string> model_;
  std::unordered_set<std::string> item_;
};

}  // namespace lacuna::elaborate
