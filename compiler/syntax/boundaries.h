// Where declarations and statements begin and end, seen from the tokens alone.
//
// Statements begin with keywords that occur nowhere else, so a mistake in one never swallows the next, whatever brackets it
// leaves open. What begins with no keyword (a mistake, or a member of a `dist`) is found by its place: a name that follows a
// complete operand cannot go on with the expression.
//
// needs    a file's tokens
// leaves   slices for rule_parser.h
// shown by test/unit/syntax/recovery_test.cpp
#pragma once
#include <vector>

#include "compiler/syntax/tokens.h"

namespace lacuna::syntax {

// What the braces around a statement belong to.
enum class BodyKind : std::uint8_t { Model, Guide, Function, Dist };

class Boundaries {
 public:
  Boundaries(const std::vector<Token>& tokens, std::string_view text) : tokens_(tokens), text_(text) {}

  // `model`, `guide`, `dist`, `fn`, `dim`, `open` where they begin a declaration.
  bool starts_declaration(std::size_t at) const;
  // A keyword that begins a statement in any body, plates aside.
  static bool is_statement_keyword(TokenKind kind);
  // Such a keyword where it does begin one, and is not a mistaken name (`let sample = 3`).
  bool starts_statement(std::size_t at) const { return is_statement_keyword(tokens_[at].kind) && !used_as_name(at); }
  // `param x: …` and `auto ~ …`.
  bool starts_guide_statement(std::size_t at) const;

  // One past the last token of a declaration's head or of a plate's, which begins at `at`: a brace, or what cannot belong to it.
  std::size_t head_end(std::size_t at) const;
  // One past the last token of the statement (in a `dist`: the member) that begins at `at`.
  std::size_t statement_end(std::size_t at, BodyKind body) const;
  // The index of the brace that closes the one at `at`; of the declaration or end of file that comes before it, if any does.
  std::size_t block_end(std::size_t at) const;

 private:
  // Whether a reserved word stands where its author meant a name.
  bool used_as_name(std::size_t at) const;
  bool is_plate(std::size_t at) const;
  bool starts_member(std::size_t at) const;
  // Whether a name or `if` here cannot continue what stands before it. `after_sign`: the statement has its `~` or `=`, so that a name within a
  // line, too, begins the next when such a sign follows it.
  bool starts_afresh(std::size_t at, bool after_sign) const;
  // Whether the name at `at` is followed, its brackets aside, by what relates it to something: `y[n] ~ …`, `x = …`, `target += …`.
  bool is_related(std::size_t at) const;

  const std::vector<Token>& tokens_;
  std::string_view text_;
};

}  // namespace lacuna::syntax
