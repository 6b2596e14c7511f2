// What a check is called that an input holds a value in a cell: by the input; other checks are called by numbers.
//
// needs    nothing
// leaves   names that lowering gives, and that descriptions and the interpreted model read
// shown by test/lit/command/unchecked_cells.test
#pragma once
#include <string>
#include <string_view>

namespace lacuna::ir {

inline constexpr std::string_view kGiven = "given ";

inline std::string given_check(std::string_view input) { return std::string(kGiven).append(input); }

// The input that a check is about; empty when it is called by a number.
inline std::string_view given_input(std::string_view check) { return check.starts_with(kGiven) ? check.substr(kGiven.size()) : std::string_view(); }

}  // namespace lacuna::ir
