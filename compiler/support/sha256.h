// SHA-256 (FIPS 180-4), by which programs are told apart.
#pragma once
#include <string>
#include <string_view>

namespace lacuna::support {

// The digest of `text` as 64 hexadecimal digits.
std::string sha256_hex(std::string_view text);

}  // namespace lacuna::support
