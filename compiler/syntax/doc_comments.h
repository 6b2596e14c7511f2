// Which `///` lines document what.
//
// needs    a file's comments and tokens
// leaves   for each token, the text of the documentation that stands right before it
// shown by test/lit/syntax/ast_declarations.ppl
#pragma once
#include <string_view>

#include "compiler/support/arena.h"
#include "compiler/syntax/tokens.h"

namespace lacuna::syntax {

class DocComments {
 public:
  DocComments(const TokenList& list, std::string_view text, support::Arena& arena)
      : list_(&list), text_(text), arena_(&arena) {}

  // The documentation before the token that begins at byte `begin`: its lines without slashes, joined by newlines.
  // A comment that follows code on its line documents nothing.
  std::string_view before(std::uint32_t begin) const;

 private:
  std::string_view line(const Comment& comment) const;

  const TokenList* list_;
  std::string_view text_;
  support::Arena* arena_;
};

}  // namespace lacuna::syntax
