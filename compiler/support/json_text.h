// JSON written as text.
#pragma once
#include <string>
#include <string_view>

namespace lacuna::support {

// `text` as a JSON string, in quotes. Bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace lacuna::support
