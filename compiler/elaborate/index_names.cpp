#include "compiler/elaborate/index_names.h"

namespace lacuna::elaborate {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_ascii(std::string_view s) {
  for (const char c : s)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

}  // namespace

std::string IndexNames::fresh(const types::Dimension* d) {
  std::string whole;
  if (is_ascii(d->name))
    for (const char c : d->name) whole += lower(c);
  if (whole.empty()) whole = "i";
  std::string name = whole.substr(0, 1);
  if (!free(name)) name = whole;
  for (int suffix = 2; !free(name); ++suffix) name = whole.substr(0, 1) + std::to_string(suffix);
  take(name);
  return name;
}

}  // namespace lacuna::elaborate
