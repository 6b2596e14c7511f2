// Functions that run once for a draw that is looked at, not for each step of inference.
#pragma once
#include <string_view>

namespace lacuna::ir {

// Binding keeps nothing by the row for them alone: they compute again, and read data where these are.
inline bool is_rarely_run(std::string_view function) {
  return function == "terms" || function == "natural_terms" || function == "pointwise" || function == "natural_pointwise" || function.starts_with("likelihood.");
}

}  // namespace lacuna::ir
