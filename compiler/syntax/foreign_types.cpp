#include "compiler/syntax/foreign_types.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lacuna::syntax {

namespace {

struct TypeWord {
  std::string_view theirs;
  std::string_view ours;
};

constexpr std::array kTypes = {
    TypeWord{"real", "real"},          TypeWord{"int", "int"},
    TypeWord{"vector", "real"},        TypeWord{"row_vector", "real"},
    TypeWord{"matrix", "real"},        TypeWord{"array", "real"},
    TypeWord{"float", "real"},         TypeWord{"double", "real"},
    TypeWord{"bool", "bool"},          TypeWord{"simplex", "simplex"},
    TypeWord{"ordered", "ordered"},    TypeWord{"positive_ordered", "positive_ordered"},
    TypeWord{"unit_vector", "unit_vector"}, TypeWord{"positive", "positive"},
    TypeWord{"nonnegative", "nonnegative"}, TypeWord{"unit", "unit"},
    TypeWord{"count", "count"},        TypeWord{"cov_matrix", "cov"},
    TypeWord{"corr_matrix", "corr"},   TypeWord{"cholesky_factor_cov", "cholesky_cov"},
    TypeWord{"cholesky_factor_corr", "cholesky_corr"}};

std::string_view ours(std::string_view word) {
  const auto* const found = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeWord& t) { return t.theirs == word; });
  return found == kTypes.end() ? std::string_view() : found->ours;
}

// The token after the bracket that opens at `at`, which must close before `end`.
std::size_t after_bracket(const Source& source, std::size_t at, std::size_t end) {
  int depth = 0;
  for (std::size_t i = at; i < end; ++i) {
    if (source.kind(i) == TokenKind::LeftBracket) ++depth;
    if (source.kind(i) == TokenKind::RightBracket && --depth == 0) return i + 1;
  }
  return end;
}

// The words of a bound: `lower` gives `0` in `<lower=0, upper=1>`.
std::string_view bound(const Source& source, Slice slice, std::string_view which) {
  for (std::size_t i = slice.begin; i + 2 < slice.end; ++i) {
    if (source.words(i) != which || source.kind(i + 1) != TokenKind::Assign) continue;
    std::size_t end = i + 2;
    while (end < slice.end && source.kind(end) != TokenKind::Comma && source.kind(end) != TokenKind::Greater) ++end;
    return source.words(i + 2, end);
  }
  return {};
}

}  // namespace

bool is_type_word(std::string_view word) { return !ours(word).empty(); }

std::string bounded_type(const Source& source, Slice slice) {
  const std::string_view base = ours(source.words(slice.begin));
  const std::string_view lower = bound(source, slice, "lower");
  const std::string_view upper = bound(source, slice, "upper");
  if (base == "int") return lower == "0" && upper == "1" ? "bool" : lower == "0" && upper.empty() ? "count" : std::string(base);
  if (lower == "0" && upper == "1") return "unit";
  if (lower == "0" && upper.empty()) return "positive";
  if (lower.empty() && upper.empty()) return std::string(base);
  return fmt::format("interval({}, {})", lower.empty() ? "-inf" : lower, upper.empty() ? "inf" : upper);
}

ForeignDeclaration foreign_declaration(const Source& source, Slice slice) {
  ForeignDeclaration result;
  std::size_t at = slice.begin;
  if (at >= slice.end || !is_name(source.kind(at)) || !is_type_word(source.words(at))) return result;
  std::string type(ours(source.words(at)));
  std::string dimensions;
  const bool array = source.words(at) == "array";
  ++at;
  while (at < slice.end) {
    const TokenKind kind = source.kind(at);
    if (kind == TokenKind::Less) {
      std::size_t end = at;
      while (end < slice.end && source.kind(end) != TokenKind::Greater) ++end;
      if (end == slice.end) return result;
      type = bounded_type(source, {at - 1, end + 1});
      at = end + 1;
    } else if (kind == TokenKind::LeftBracket) {
      const std::size_t end = after_bracket(source, at, slice.end);
      dimensions += (dimensions.empty() ? "" : ", ") + std::string(end > at + 2 ? source.words(at + 1, end - 1) : "");
      at = end;
    } else if (is_name(kind) && array && is_type_word(source.words(at))) {
      type = ours(source.words(at++));
    } else {
      break;
    }
  }
  if (at >= slice.end || !is_name(source.kind(at))) return result;
  result.name = source.words(at);
  result.name_at = at;
  // `real x[N]`, as older Stan has it.
  if (at + 2 < slice.end && source.kind(at + 1) == TokenKind::LeftBracket) {
    const std::size_t end = after_bracket(source, at + 1, slice.end);
    if (end > at + 3) dimensions += (dimensions.empty() ? "" : ", ") + std::string(source.words(at + 2, end - 1));
  }
  result.type = dimensions.empty() ? type : fmt::format("{}[{}]", type, dimensions);
  return result;
}

}  // namespace lacuna::syntax
