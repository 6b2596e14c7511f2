#include "compiler/diagnostics/explain.h"

#include <algorithm>
#include <utility>

namespace lacuna::diagnostics {

namespace {

using Page = std::pair<std::string_view, std::string_view>;
// Pairs of code and page, in the order of codes.
constexpr Page kPages[] = {
#include "explain_pages.inc"
    {"~", ""}};

}  // namespace

std::optional<std::string_view> explanation(std::string_view code) {
  const auto* const found = std::lower_bound(std::begin(kPages), std::end(kPages), code, [](const Page& p, std::string_view c) { return p.first < c; });
  if (found == std::end(kPages) || found->first != code || code == "~") return std::nullopt;
  return found->second;
}

}  // namespace lacuna::diagnostics
