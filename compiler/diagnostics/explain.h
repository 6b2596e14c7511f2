// The long form of a diagnostic: its page of docs/diagnostics/, embedded when the compiler is built.
#pragma once
#include <optional>
#include <string_view>

namespace lacuna::diagnostics {

// The page of a code such as "E0304" (in Markdown), or nothing when there is none.
std::optional<std::string_view> explanation(std::string_view code);

}  // namespace lacuna::diagnostics
