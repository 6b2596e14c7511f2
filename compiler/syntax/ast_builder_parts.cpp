// Names, types, targets, binders and parameters.
#include "compiler/syntax/ast_builder.h"
#include "compiler/syntax/limits.h"

namespace lacuna::syntax {

using diagnostics::Id;

SourceRange AstBuilder::range(antlr4::ParserRuleContext* tree) const {
  // A rule that ends a slice has the slice's end as its last token, which is empty.
  return range(tree->start, tree->stop);
}

Name AstBuilder::name(Grammar::NameContext* tree) {
  const SourceRange place = range(token(tree->text));
  return {text(place), place};
}

List<Name> AstBuilder::names(const std::vector<Grammar::NameContext*>& trees) {
  std::vector<Name> list;
  for (Grammar::NameContext* tree : trees) list.push_back(name(tree));
  return context_.arena->copy(list);
}

Name AstBuilder::bare_name(const Built& built, Id id) {
  const auto* simple = built.expr->get_if<NameExpr>();
  if (simple && !simple->parenthesized) return {simple->text, simple->range};
  report(id, built.outer, text(built.outer));
  return {text(built.outer), built.outer};
}

List<Binder> AstBuilder::binders(Grammar::BindersContext* tree) {
  std::vector<Binder> list;
  for (Grammar::BinderContext* item : tree->items) list.push_back({name(item->variable), name(item->dimension)});
  if (list.size() > kMaximumBinders) {
    const std::uint32_t limit = kMaximumBinders;
    report(Id::TooManyBinders, range(tree), limit);
  }
  return context_.arena->copy(list);
}

TargetItem AstBuilder::target_item(Grammar::TargetItemContext* tree) {
  const Built index = built(tree->index);
  TargetItem item;
  item.range = range(tree);
  if (!tree->dimension) {
    item.index = index.expr;
    return item;
  }
  item.is_binder = true;
  item.binder = {bare_name(index, Id::BinderNameExpected), name(tree->dimension)};
  return item;
}

Target AstBuilder::target(Grammar::TargetContext* tree) {
  Target target;
  target.range = range(tree);
  target.name = name(tree->subject);
  target.has_brackets = tree->open != nullptr;
  std::vector<TargetItem> items;
  for (Grammar::TargetItemContext* item : tree->items) items.push_back(target_item(item));
  if (items.size() > kMaximumBinders) {
    const std::uint32_t limit = kMaximumBinders;
    report(Id::TooManyBinders, target.range, limit);
  }
  target.items = context_.arena->copy(items);
  if (tree->condition) target.where = expression(tree->condition);
  if (tree->of) target.type = type(tree->of);
  return target;
}

TypeExpr* AstBuilder::type(Grammar::TypeContext* tree) {
  auto* node = context_.arena->make<TypeExpr>();
  node->range = range(tree);
  const SourceRange word = tree->distribution ? range(token(tree->distribution)) : range(tree->subject);
  node->name = {text(word), word};
  std::vector<Expr*> arguments;
  for (Grammar::ExpressionContext* argument : tree->arguments) arguments.push_back(expression(argument));
  node->arguments = context_.arena->copy(arguments);
  node->optional = tree->optional != nullptr;
  node->has_brackets = tree->open != nullptr;
  node->dimensions = names(tree->dimensions);
  return node;
}

List<Parameter> AstBuilder::parameters(Grammar::ParametersContext* tree) {
  std::vector<Parameter> list;
  for (Grammar::ParameterContext* item : tree->items) list.push_back(parameter(item));
  return context_.arena->copy(list);
}

Parameter AstBuilder::build(Grammar::OnlyParameterContext* tree) { return parameter(tree->parameter()); }

Parameter AstBuilder::parameter(Grammar::ParameterContext* tree) {
  Parameter parameter;
  parameter.range = range(tree);
  parameter.doc = doc(tree);
  parameter.is_dimension = tree->dimension != nullptr;
  parameter.name = name(tree->dimension ? tree->dimension : tree->subject);
  if (tree->of) parameter.type = type(tree->of);
  if (tree->value) parameter.default_value = expression(tree->value);
  parameter.aliases = names(tree->aliases);
  return parameter;
}

}  // namespace lacuna::syntax
