// Names of a program as C takes them: letters beyond ASCII have no place in a header that every compiler reads.
//
//   needs    UTF-8
//   leaves   letters, digits and underscores, not beginning with a digit
//   shown by test/unit/support/c_name_test.cpp
#pragma once
#include <string>
#include <string_view>

namespace lacuna::support {

// "y.imputed" becomes y_imputed; Greek letters their names (σ: sigma); others their number (é: ue9). Two names may
// become one.
std::string c_name(std::string_view name);

// True for a word that C or C++ keeps for itself ("register", "new").
bool is_c_word(std::string_view name);

}  // namespace lacuna::support
