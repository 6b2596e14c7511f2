// The version of the compiler: part of what a compiled model and a cache entry are known by.
#pragma once
#include <string_view>

namespace lacuna::support {

constexpr std::string_view version() { return LACUNA_VERSION; }

}  // namespace lacuna::support
