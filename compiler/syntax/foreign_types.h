// Types as Stan and others write them.
#pragma once
#include <string>
#include <string_view>

#include "compiler/syntax/syntax_errors.h"

namespace lacuna::syntax {

// Whether a word is a type of this language or another (`vector`, `row_vector`, `float`).
bool is_type_word(std::string_view word);

// What a stretch such as `vector[N] x`, `real<lower=0> sigma` or `array[N] int y` declares: a type, then a name.
struct ForeignDeclaration {
  std::string_view name;  // empty when the stretch is no such thing
  std::size_t name_at = 0;
  std::string type;  // as Lacuna writes it
};
ForeignDeclaration foreign_declaration(const Source& source, Slice slice);

// Lacuna's type for `real<lower=0, upper=1>` (the tokens from the type's name to `>`); an empty text when there is none.
std::string bounded_type(const Source& source, Slice slice);

}  // namespace lacuna::syntax
