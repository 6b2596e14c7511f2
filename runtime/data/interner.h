// Distinct texts and a code for each, in the order of their first appearance.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lacuna::runtime::data {

class Interner {
 public:
  std::int64_t code(std::string_view text) {
    if (last_ >= 0 && texts_[static_cast<std::size_t>(last_)] == text) return last_;
    const auto found = codes_.find(text);
    if (found != codes_.end()) return last_ = found->second;
    last_ = static_cast<std::int64_t>(texts_.size());
    texts_.emplace_back(text);
    codes_.emplace(texts_.back(), last_);
    return last_;
  }
  // The code of a text that is known, or -1.
  std::int64_t find(std::string_view text) const {
    const auto found = codes_.find(text);
    return found == codes_.end() ? -1 : found->second;
  }
  std::size_t size() const { return texts_.size(); }
  std::vector<std::string> take() const { return {texts_.begin(), texts_.end()}; }

 private:
  std::deque<std::string> texts_;  // a deque's elements stay where they are, so the views into them hold
  std::unordered_map<std::string_view, std::int64_t> codes_;
  std::int64_t last_ = -1;
};

}  // namespace lacuna::runtime::data
