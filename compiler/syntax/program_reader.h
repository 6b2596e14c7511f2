// The outer loop over a file's declarations and statements, written by hand: it cuts out one at a time, has the generated
// parser match it, has the builder make nodes of what matched, and drops the parse tree.
//
// needs    the tokens of one file
// leaves   its declarations; for each mistake one error and a `Broken` node
// shown by test/lit/syntax/
#pragma once
#include <vector>

#include "compiler/syntax/ast_builder.h"
#include "compiler/syntax/boundaries.h"
#include "compiler/syntax/syntax_errors.h"

namespace lacuna::syntax {

class ProgramReader {
 public:
  // `cut_short`: the text ends early for a reason already reported, so what is unfinished at its end is not an error.
  ProgramReader(BuildContext context, bool cut_short);

  List<Decl*> declarations();

 private:
  using Grammar = grammar::LacunaParser;

  const Token& current() const { return tokens_[at_]; }
  TokenKind kind() const { return tokens_[at_].kind; }
  bool too_many_errors();

  // Declarations (program_reader_declarations.cpp); each leaves `at_` past what it read.
  Decl* declaration();
  Decl* open_or_dim();
  Decl* model();
  Decl* guide();
  Decl* dist();
  Decl* function();
  Decl* function_block(Slice head);
  Decl* misplaced();
  Decl* broken(Slice head);

  // Bodies (program_reader.cpp).
  std::vector<Stmt*> body(BodyKind kind);
  std::vector<DistMember> members();
  void statement(BodyKind body, std::vector<Stmt*>& into);
  void plate(BodyKind body, std::vector<Stmt*>& into);
  void foreign(BodyKind body, std::vector<Stmt*>& into);
  void function_return(FnDecl* function, bool& returned);
  bool open_brace(std::string_view owner, Slice head);
  void close_brace(std::size_t opened);
  Stmt* broken_statement(Slice slice);
  Name declared_name(Slice slice) const;
  std::string construct(Slice slice) const;

  // What the builder makes of the slice, or nothing when an error was reported.
  template <class Context>
  auto read(Context* (Grammar::*rule)(), Slice slice) {
    using Result = decltype(builder_.build(static_cast<Context*>(nullptr)));
    if (Context* tree = parser_.parse(rule, slice)) return build<Result>(tree);
    fail(rule, slice);
    return Result{};
  }
  // The same for a head with a list of parameters: a mistake in one does not hide those in others.
  template <class Context>
  auto read_head(Context* (Grammar::*rule)(), Slice slice) {
    using Result = decltype(builder_.build(static_cast<Context*>(nullptr)));
    if (Context* tree = parser_.parse(rule, slice)) return build<Result>(tree);
    if (!parameters_fail(slice)) {
      parser_.parse(rule, slice);
      fail(rule, slice);
    }
    return Result{};
  }
  template <class Result, class Context>
  Result build(Context* tree) {
    builder_.begin();
    Result built = builder_.build(tree);
    return builder_.failed() ? Result{} : built;
  }
  // Reports that the rule, just tried, does not match.
  template <class Context>
  void fail(Context* (Grammar::*rule)(), Slice slice) {
    const bool unfinished = parser_.failed_at() == slice.end && tokens_[slice.end].kind == TokenKind::End;
    if (cut_short_ && unfinished) return;
    errors_.report({slice, parser_.failed_at(), construct(slice), [this, rule, slice] { return parser_.expected(rule, slice); }});
  }
  // Tries each parameter of a head by itself; whether any was wrong, which is then reported.
  bool parameters_fail(Slice head);

  SourceRange range(Slice slice) const;
  SourceRange range(const Token& token) const { return {context_.file, token.begin, token.end}; }
  std::string_view text(const Token& token) const { return context_.text.substr(token.begin, token.end - token.begin); }

  BuildContext context_;
  const std::vector<Token>& tokens_;
  Boundaries boundaries_;
  RuleParser parser_;
  AstBuilder builder_;
  SyntaxErrors errors_;
  bool cut_short_;
  bool stopped_ = false;
  std::size_t at_ = 0;
  std::size_t errors_before_;
};

}  // namespace lacuna::syntax
