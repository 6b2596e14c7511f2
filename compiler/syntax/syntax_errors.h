// What is said of a slice that did not match.
//
// needs    the slice, and where the generated parser stopped
// leaves   exactly one error
// shown by test/lit/syntax/fail_*.ppl
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/boundaries.h"
#include "compiler/syntax/slice.h"

namespace lacuna::syntax {

struct Failure {
  Slice slice;
  std::size_t at = 0;     // the token that fits nowhere; the slice's end when more was expected
  std::string construct;  // "this `sample` statement", in the author's words
  std::function<std::vector<TokenKind>()> expected;
};

// The tokens of a file as the writers of messages see them.
struct Source {
  support::FileId file;
  std::string_view text;
  const std::vector<Token>* tokens;

  const Token& operator[](std::size_t i) const { return (*tokens)[i]; }
  TokenKind kind(std::size_t i) const { return i < tokens->size() ? (*tokens)[i].kind : TokenKind::End; }
  SourceRange range(std::size_t i) const { return {file, (*tokens)[i].begin, (*tokens)[i].end}; }
  // Of the tokens [begin, end), at least one.
  SourceRange range(std::size_t begin, std::size_t end) const { return {file, (*tokens)[begin].begin, (*tokens)[end - 1].end}; }
  std::string_view words(std::size_t i) const { return text.substr((*tokens)[i].begin, (*tokens)[i].end - (*tokens)[i].begin); }
  std::string_view words(std::size_t begin, std::size_t end) const {
    return begin < end ? text.substr((*tokens)[begin].begin, (*tokens)[end - 1].end - (*tokens)[begin].begin) : std::string_view();
  }
};

class SyntaxErrors {
 public:
  SyntaxErrors(Source source, diagnostics::Sink& sink) : source_(source), sink_(sink) {}

  void report(const Failure& failure);

 private:
  bool unreadable_token(const Failure& failure);
  bool brackets(const Failure& failure);
  void unclosed(const Failure& failure, std::size_t open);
  bool is_half_number(const Slice& slice, std::size_t at) const;
  bool number(const Failure& failure);
  bool conditional(const Failure& failure, const std::vector<TokenKind>& expected);
  bool relation(const Failure& failure, const std::vector<TokenKind>& expected);
  void generic(const Failure& failure, const std::vector<TokenKind>& kinds);
  std::string expectation(const Failure& failure, const std::vector<TokenKind>& kinds) const;
  void ends_too_early(const Failure& failure, const std::string& expected);

  Source source_;
  diagnostics::Sink& sink_;
  std::vector<std::string_view> reserved_;  // words reported already as no names: one mistake, however often the name is used
};

// "`,` or `)`": what could stand in a place, in words.
std::string expected_in_words(const std::vector<TokenKind>& kinds);

}  // namespace lacuna::syntax
