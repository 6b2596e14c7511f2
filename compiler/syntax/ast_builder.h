// Turns the parse tree of one declaration's head or one statement into syntax tree nodes.
//
// needs    a parse tree from rule_parser.h, whose tokens are SliceTokens
// leaves   nodes in the arena; or an error reported and `failed()` set, after which the result must not be used
// shown by test/lit/syntax/
// Included only by files that are built with the parser generator's headers.
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/support/arena.h"
#include "compiler/syntax/ast.h"
#include "compiler/syntax/doc_comments.h"
#include "compiler/syntax/rule_parser.h"

namespace lacuna::syntax {

// Everything that nodes are made from.
struct BuildContext {
  support::FileId file;
  std::string_view text;
  const TokenList* list;
  support::Arena* arena;
  diagnostics::Sink* sink;
  const DocComments* docs;
};

class AstBuilder {
 public:
  using Grammar = grammar::LacunaParser;

  explicit AstBuilder(BuildContext context) : context_(context) {}

  // Whether the last tree held a mistake that the grammar alone does not see. Reset by `begin`.
  bool failed() const { return failed_; }
  void begin() { failed_ = false; }

  // Declarations' heads; bodies are added by the caller.
  OpenDecl* build(Grammar::OnlyOpenContext* tree);
  DimDecl* build(Grammar::OnlyDimContext* tree);
  ModelDecl* build(Grammar::OnlyModelHeadContext* tree);
  GuideDecl* build(Grammar::OnlyGuideHeadContext* tree);
  DistDecl* build(Grammar::OnlyDistHeadContext* tree);
  FnDecl* build(Grammar::OnlyFunctionHeadContext* tree);
  FnDecl* build(Grammar::OnlyFunctionContext* tree);
  DistMember build(Grammar::OnlyMemberContext* tree);

  ForStmt* build(Grammar::OnlyForHeadContext* tree);
  Expr* build(Grammar::OnlyReturnContext* tree);
  Stmt* build(Grammar::OnlyStatementContext* tree);
  Parameter build(Grammar::OnlyParameterContext* tree);

 private:
  // An expression, the stretch it covers with its parentheses, and the height of its tree.
  struct Built {
    Expr* expr = nullptr;
    SourceRange outer;
    std::uint32_t height = 1;
  };
  class Chain;

  // Expressions (ast_builder_expressions.cpp).
  Expr* expression(Grammar::ExpressionContext* tree) { return built(tree).expr; }
  Built built(Grammar::ExpressionContext* tree);
  Built conditional(Grammar::ExpressionContext* tree);
  Built operand(Grammar::OperandContext* tree);
  Built primary(Grammar::PrimaryContext* tree);
  Built literal(antlr4::Token* token);
  Built integer(const Token& token);
  Built real(const Token& token);
  Built string(const Token& token);
  Built array(Grammar::ArrayContext* tree);
  Built suffix(Built object, Grammar::SuffixContext* tree);
  Built call(Built callee, Grammar::SuffixContext* tree);
  Built subscript(Built object, Grammar::SuffixContext* tree);
  Argument argument(Grammar::ArgumentContext* tree, std::uint32_t& height);
  void check_argument_order(const std::vector<Argument>& arguments);
  Built unary(const Token& op, Built operand);
  Built binary(const Token& op, Built left, Built right);
  Built finish(Expr* expr, SourceRange range, std::uint32_t height);
  std::string_view unescape(const Token& token);

  // Parts (ast_builder_parts.cpp).
  List<Binder> binders(Grammar::BindersContext* tree);
  Target target(Grammar::TargetContext* tree);
  TargetItem target_item(Grammar::TargetItemContext* tree);
  TypeExpr* type(Grammar::TypeContext* tree);
  List<Parameter> parameters(Grammar::ParametersContext* tree);
  Parameter parameter(Grammar::ParameterContext* tree);
  Name name(Grammar::NameContext* tree);
  List<Name> names(const std::vector<Grammar::NameContext*>& trees);
  // The bare name that an expression is; reports `Id` when it is anything else.
  Name bare_name(const Built& built, diagnostics::Id id);

  template <class Node>
  Node* make(SourceRange range) {
    Node* node = context_.arena->make<Node>();
    node->kind = Node::kKind;
    node->range = range;
    return node;
  }
  template <class Node>
  Node* documented(antlr4::ParserRuleContext* tree) {
    Node* node = make<Node>(range(tree));
    node->doc = doc(tree);
    return node;
  }

  static const Token& token(antlr4::Token* token) { return static_cast<SliceToken*>(token)->token(); }
  SourceRange range(const Token& token) const { return {context_.file, token.begin, token.end}; }
  SourceRange range(antlr4::Token* first, antlr4::Token* last) const {
    return {context_.file, token(first).begin, token(last).end};
  }
  SourceRange range(antlr4::ParserRuleContext* tree) const;
  std::string_view text(SourceRange range) const { return context_.text.substr(range.begin, range.end - range.begin); }
  std::string_view doc(antlr4::ParserRuleContext* tree) const { return context_.docs->before(token(tree->start).begin); }

  template <class... Args>
  diagnostics::Diagnostic& report(diagnostics::Id id, SourceRange range, const Args&... args) {
    failed_ = true;
    return context_.sink->report(id, range, args...);
  }

  BuildContext context_;
  bool failed_ = false;
};

}  // namespace lacuna::syntax
