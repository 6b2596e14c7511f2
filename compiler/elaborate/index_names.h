// Names for the indices that whole-array statements do not write: short, and unlike any name around them.
//
// needs    the names of the model
// leaves   `n` for `N`, `c` or `county` for `County`, `k2` when both are taken
// shown by test/lit/elaborate/
#pragma once
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "compiler/types/type.h"

namespace lacuna::elaborate {

class IndexNames {
 public:
  void take_in_model(std::string_view name) { model_.emplace(name); }
  // Forgets the names of the item before.
  void begin_item() {
    item_.clear();
    taken_.clear();
  }
  void take(std::string_view name) {
    if (item_.emplace(name).second) taken_.emplace_back(name);
  }
  std::string fresh(const types::Dimension* d);

  // Names taken while it lives are free again after: those bound inside an expression.
  class Scope {
   public:
    explicit Scope(IndexNames& names) : names_(names), mark_(names.taken_.size()) {}
    ~Scope() {
      for (; names_.taken_.size() > mark_; names_.taken_.pop_back()) names_.item_.erase(names_.taken_.back());
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    IndexNames& names_;
    std::size_t mark_;
  };

 private:
  bool free(const std::string& name) const { return !model_.contains(name) && !item_.contains(name); }

  std::unordered_set<std::string> model_;
  std::unordered_set<std::string> item_;
  std::vector<std::string> taken_;  // of the item, in order
};

}  // namespace lacuna::elaborate
