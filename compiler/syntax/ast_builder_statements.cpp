// Declarations' heads and statements.
#include "compiler/syntax/ast_builder.h"

namespace lacuna::syntax {

OpenDecl* AstBuilder::build(Grammar::OnlyOpenContext* tree) {
  auto* node = documented<OpenDecl>(tree);
  node->names = names(tree->names);
  return node;
}

DimDecl* AstBuilder::build(Grammar::OnlyDimContext* tree) {
  auto* node = documented<DimDecl>(tree);
  node->name = name(tree->subject);
  if (tree->value) node->value = expression(tree->value);
  return node;
}

ModelDecl* AstBuilder::build(Grammar::OnlyModelHeadContext* tree) {
  auto* node = documented<ModelDecl>(tree);
  node->name = name(tree->subject);
  node->parameters = parameters(tree->parameters());
  return node;
}

GuideDecl* AstBuilder::build(Grammar::OnlyGuideHeadContext* tree) {
  auto* node = documented<GuideDecl>(tree);
  node->name = name(tree->subject);
  node->model = name(tree->of);
  return node;
}

DistDecl* AstBuilder::build(Grammar::OnlyDistHeadContext* tree) {
  auto* node = documented<DistDecl>(tree);
  node->name = name(tree->subject);
  node->parameters = parameters(tree->parameters());
  if (tree->result) node->result = type(tree->result);
  return node;
}

FnDecl* AstBuilder::build(Grammar::OnlyFunctionHeadContext* tree) {
  auto* node = documented<FnDecl>(tree);
  node->name = name(tree->subject);
  node->parameters = parameters(tree->parameters());
  if (tree->result) node->result = type(tree->result);
  node->is_block = true;
  return node;
}

FnDecl* AstBuilder::build(Grammar::OnlyFunctionContext* tree) {
  auto* node = documented<FnDecl>(tree);
  node->name = name(tree->subject);
  node->parameters = parameters(tree->parameters());
  if (tree->result) node->result = type(tree->result);
  node->value = expression(tree->value);
  return node;
}

DistMember AstBuilder::build(Grammar::OnlyMemberContext* tree) {
  DistMember member;
  member.range = range(tree);
  member.doc = doc(tree);
  member.name = name(tree->subject);
  member.has_parameters = tree->open != nullptr;
  member.parameters = names(tree->parameterNames);
  member.value = expression(tree->value);
  return member;
}

ForStmt* AstBuilder::build(Grammar::OnlyForHeadContext* tree) {
  auto* node = documented<ForStmt>(tree);
  node->binders = binders(tree->binders());
  if (tree->condition) node->where = expression(tree->condition);
  return node;
}

Expr* AstBuilder::build(Grammar::OnlyReturnContext* tree) { return expression(tree->value); }

Stmt* AstBuilder::build(Grammar::OnlyStatementContext* only) {
  Grammar::StatementContext* tree = only->statement();
  if (Grammar::LetStatementContext* let = tree->letStatement()) {
    auto* node = documented<LetStmt>(let);
    node->target = target(let->target());
    node->value = expression(let->value);
    return node;
  }
  if (Grammar::SampleStatementContext* sample = tree->sampleStatement()) {
    auto* node = documented<SampleStmt>(sample);
    node->target = target(sample->target());
    node->distribution = expression(sample->distribution);
    node->noncentered = sample->noncentered != nullptr;
    if (node->noncentered) node->noncentered_range = range(token(sample->noncentered));
    return node;
  }
  if (Grammar::ObserveStatementContext* observe = tree->observeStatement()) {
    auto* node = documented<ObserveStmt>(observe);
    node->target = target(observe->target());
    node->distribution = expression(observe->distribution);
    if (observe->condition) node->where = expression(observe->condition);
    node->impute = observe->impute != nullptr;
    if (node->impute) node->impute_range = range(observe->otherwise, observe->impute);
    return node;
  }
  if (Grammar::FactorStatementContext* factor = tree->factorStatement()) {
    auto* node = documented<FactorStmt>(factor);
    node->value = expression(factor->value);
    if (factor->condition) node->where = expression(factor->condition);
    return node;
  }
  if (Grammar::OutputStatementContext* output = tree->outputStatement()) {
    auto* node = documented<OutputStmt>(output);
    node->target = target(output->target());
    node->drawn = token(output->relation).kind == TokenKind::Tilde;
    node->value = expression(output->value);
    return node;
  }
  if (Grammar::ParamStatementContext* param = tree->paramStatement()) {
    auto* node = documented<ParamStmt>(param);
    node->name = name(param->subject);
    node->type = type(param->of);
    if (param->value) node->value = expression(param->value);
    return node;
  }
  auto* node = documented<AutoStmt>(tree->autoStatement());
  node->family = name(tree->autoStatement()->family);
  return node;
}

}  // namespace lacuna::syntax
