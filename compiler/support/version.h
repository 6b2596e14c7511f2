// The version of the compiler: part of what a compiled model and a cache entry are known by.
#pragma once
#include <string_view>

namespace lacuna::support {

// As in the project() line of CMakeLists.txt.
constexpr std::string_view version() { return "0.1.0"; }

}  // namespace lacuna::support
