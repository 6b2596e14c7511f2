#include "runtime/data/labels.h"

#include <fast_float/fast_float.h>

#include <algorithm>

namespace lacuna::runtime::data {
namespace {

bool is_number(const std::string& text, double& value) {
  const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value == value;
}

}  // namespace

std::string canonical_label(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == text.npos || point == 0 || point + 1 == text.size()) return std::string(text);
  if (text.find_first_not_of('0', point + 1) != text.npos) return std::string(text);
  const std::size_t digits = text[0] == '-' ? 1 : 0;
  if (digits == point || text.substr(digits, point - digits).find_first_not_of("0123456789") != text.npos) {
    return std::string(text);
  }
  return std::string(text.substr(0, point));
}

void sort_labels(std::vector<std::string>& labels) {
  std::vector<std::pair<double, std::string>> numbered;
  for (const std::string& label : labels) {
    double value = 0;
    if (!is_number(label, value)) break;
    numbered.emplace_back(value, label);
  }
  if (numbered.size() == labels.size()) {
    std::sort(numbered.begin(), numbered.end());
    std::transform(numbered.begin(), numbered.end(), labels.begin(), [](auto& pair) { return std::move(pair.second); });
  } else {
    std::sort(labels.begin(), labels.end());
  }
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
}

std::uint64_t label_key(std::string_view label) {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (const char c : label) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9ull;
  hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBull;
  return hash ^ (hash >> 31);
}

}  // namespace lacuna::runtime::data
