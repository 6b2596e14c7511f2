// Distinct texts and a code for each, in the order of their first appearance.
//
// A table by open addressing that holds hashes and codes; the texts stand one behind the other. A text that is known costs
// a look into the table and one at the text, whatever their number.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::runtime::data {

class Interner {
 public:
  std::int64_t code(std::string_view text) {
    if (last_ >= 0 && text_of(last_) == text) return last_;
    if (2 * size() >= slots_.size()) grow();
    const std::uint64_t hash = std::hash<std::string_view>()(text);
    Slot& slot = slots_[slot_of(hash, text)];
    if (slot.code < 0) {
      slot = {hash, static_cast<std::int64_t>(size())};
      bytes_ += text;
      ends_.push_back(bytes_.size());
    }
    return last_ = slot.code;
  }
  // The code of a text that is known, or -1.
  std::int64_t find(std::string_view text) const {
    return slots_.empty() ? -1 : slots_[slot_of(std::hash<std::string_view>()(text), text)].code;
  }
  std::size_t size() const { return ends_.size() - 1; }
  std::vector<std::string> take() const {
    std::vector<std::string> texts;
    texts.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) texts.emplace_back(text_of(static_cast<std::int64_t>(i)));
    return texts;
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::int64_t code = -1;  // none
  };

  std::string_view text_of(std::int64_t code) const {
    const std::size_t begin = ends_[static_cast<std::size_t>(code)];
    return std::string_view(bytes_).substr(begin, ends_[static_cast<std::size_t>(code) + 1] - begin);
  }
  // Where a text is, or would be.
  std::size_t slot_of(std::uint64_t hash, std::string_view text) const {
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at].code >= 0 && (slots_[at].hash != hash || text_of(slots_[at].code) != text))
      at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());  // a power of 2
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.code < 0) continue;
      std::size_t at = slot.hash & (slots_.size() - 1);
      while (slots_[at].code >= 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;  // at most half of them taken
  std::string bytes_;
  std::vector<std::size_t> ends_{0};  // text i stands from ends_[i] to ends_[i + 1]
  std::int64_t last_ = -1;
};

}  // namespace lacuna::runtime::data
