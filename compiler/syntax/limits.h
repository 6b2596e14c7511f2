// How large and how deep a program may be. Input decides nesting, and everything that walks a tree recurses, so the depth is
// bounded before anything recurses.
#pragma once
#include <cstddef>
#include <cstdint>

namespace lacuna::syntax {

inline constexpr std::size_t kMaximumBytes = std::size_t{8} << 20;
// Brackets, prefixes, chains of `^`, of `if ... else if`, plates.
inline constexpr std::uint32_t kMaximumNesting = 256;
// Binders of one plate, comprehension or target; deeper ones count by nesting.
inline constexpr std::uint32_t kMaximumBinders = 256;
// The height of an expression's tree: a flat chain of operators is as high as it is long.
inline constexpr std::uint32_t kMaximumHeight = 1000;
// Syntax errors reported for one file before the rest is left unread.
inline constexpr std::size_t kMaximumErrors = 1000;

}  // namespace lacuna::syntax
