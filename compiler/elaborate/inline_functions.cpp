#include "compiler/elaborate/inline_functions.h"

namespace lacuna::elaborate {

using check::ExprKind;

const Expr* FunctionInliner::substitute(const Expr& e, std::unordered_map<const Symbol*, const Expr*> parameters,
                                        std::unordered_map<const Dimension*, const Dimension*> dimensions) {
  Scope outer = std::move(scope_);
  scope_ = {std::move(parameters), {}, std::move(dimensions), true};
  const Expr* result = rewrite(e);
  scope_ = std::move(outer);
  return result;
}

const Dimension* FunctionInliner::rewrite_dimension(const Dimension* d) const {
  const auto found = scope_.dimensions.find(d);
  return found == scope_.dimensions.end() || !found->second ? d : found->second;
}

Type FunctionInliner::rewrite_type(Type type) {
  if (!scope_.active) return type;
  if (type.index_of) type.index_of = rewrite_dimension(type.index_of);
  std::vector<const Dimension*> dims;
  for (const Dimension* d : type.dims) dims.push_back(rewrite_dimension(d));
  type.dims = make_.arena.copy(dims);
  return type;
}

const Symbol* FunctionInliner::rewrite_binder(const Symbol* binder) {
  if (!scope_.active) return binder;
  const Symbol* fresh = make_.index(binder->name, rewrite_dimension(binder->type.index_of), binder->range);
  scope_.binders[binder] = fresh;
  return fresh;
}

std::vector<const Symbol*> FunctionInliner::rewrite_binders(List<const Symbol* const> binders) {
  std::vector<const Symbol*> fresh;
  for (const Symbol* binder : binders) fresh.push_back(rewrite_binder(binder));
  return fresh;
}

std::vector<const Expr*> FunctionInliner::rewrite_all(List<const Expr* const> all) {
  std::vector<const Expr*> result;
  for (const Expr* e : all) result.push_back(rewrite_optional(e));
  return result;
}

const Expr* FunctionInliner::rewrite_call(const check::FunctionCallExpr& e) {
  const check::Function& f = *e.function;
  if (!f.body) return make_.error(e.range);
  Scope inner;
  inner.active = true;
  for (std::size_t i = 0; i < f.parameters.size() && i < e.arguments.size(); ++i) inner.values[f.parameters[i]] = rewrite(*e.arguments[i]);
  for (std::size_t i = 0; i < f.generic.size() && i < e.dimensions.size(); ++i)
    if (e.dimensions[i]) inner.dimensions[f.generic[i]] = rewrite_dimension(e.dimensions[i]);
  Scope outer = std::move(scope_);
  scope_ = std::move(inner);
  for (std::size_t i = 0; i < f.lets.size(); ++i) {
    const Expr* value = rewrite(*f.let_values[i]);
    // Indexed lets of a body are arrays over the indices they are written with.
    if (!f.lets[i]->domain_axes.empty() && value->type.dims.size() < f.lets[i]->type.dims.size()) {
      std::vector<const Symbol*> binders;
      for (const Symbol* axis : f.lets[i]->domain_axes) binders.push_back(scope_.binders.contains(axis) ? scope_.binders[axis] : axis);
      value = make_.comprehension(binders, nullptr, value, value->range);
    }
    scope_.values[f.lets[i]] = value;
  }
  const Expr* result = rewrite(*f.body);
  scope_ = std::move(outer);
  return result;
}

const Expr* FunctionInliner::rewrite_distribution(const check::DistributionExpr& e) {
  auto* made = copy_of(e);
  made->arguments = make_.arena.copy(rewrite_all(e.arguments));
  std::vector<const Dimension*> dims;
  for (const Dimension* d : e.dimensions) dims.push_back(d ? rewrite_dimension(d) : nullptr);
  made->dimensions = make_.arena.copy(dims);
  if (e.component_binder) made->component_binder = rewrite_binder(e.component_binder);
  made->component_where = rewrite_optional(e.component_where);
  std::vector<const check::DistributionExpr*> components;
  for (const auto* component : e.components) components.push_back(&rewrite(*component)->as<check::DistributionExpr>());
  made->components = make_.arena.copy(components);
  return made;
}

const Expr* FunctionInliner::rewrite(const Expr& e) {
  make_.count();
  if (!make_.within_limit() && e.kind != ExprKind::Distribution) return make_.error(e.range);
  switch (e.kind) {
    case ExprKind::Error:
    case ExprKind::Literal: return &e;
    case ExprKind::Label: {
      auto* made = copy_of(e.as<check::LabelExpr>());
      if (made->dimension) made->dimension = rewrite_dimension(made->dimension);
      const bool comes_with_data = made->dimension && made->dimension->origin != types::DimensionOrigin::Labels;
      return comes_with_data ? make_.label(made->dimension, made->label, made->range) : made;
    }
    case ExprKind::Variable: {
      const Symbol* symbol = e.as<check::VariableExpr>().symbol;
      if (const auto value = scope_.values.find(symbol); value != scope_.values.end()) return value->second;
      if (const auto binder = scope_.binders.find(symbol); binder != scope_.binders.end()) return make_.variable(binder->second, e.range);
      return &e;
    }
    case ExprKind::Size: {
      auto* made = copy_of(e.as<check::SizeExpr>());
      made->dimension = rewrite_dimension(made->dimension);
      return made;
    }
    case ExprKind::Builtin: {
      auto* made = copy_of(e.as<check::BuiltinExpr>());
      made->arguments = make_.arena.copy(rewrite_all(made->arguments));
      return made;
    }
    case ExprKind::If: {
      auto* made = copy_of(e.as<check::IfExpr>());
      made->condition = rewrite(*made->condition);
      made->then_value = rewrite(*made->then_value);
      made->else_value = rewrite(*made->else_value);
      return made;
    }
    case ExprKind::Reduce: {
      auto* made = copy_of(e.as<check::ReduceExpr>());
      made->binders = make_.arena.copy(rewrite_binders(made->binders));
      made->where = rewrite_optional(made->where);
      made->body = rewrite(*made->body);
      return made;
    }
    case ExprKind::Array: {
      auto* made = copy_of(e.as<check::ArrayExpr>());
      made->elements = make_.arena.copy(rewrite_all(made->elements));
      return made;
    }
    case ExprKind::Comprehension: {
      auto* made = copy_of(e.as<check::ComprehensionExpr>());
      made->binders = make_.arena.copy(rewrite_binders(made->binders));
      made->where = rewrite_optional(made->where);
      made->body = rewrite(*made->body);
      return made;
    }
    case ExprKind::Subscript: {
      auto* made = copy_of(e.as<check::SubscriptExpr>());
      made->object = rewrite(*made->object);
      made->indices = make_.arena.copy(rewrite_all(made->indices));
      return made;
    }
    case ExprKind::FunctionCall: return rewrite_call(e.as<check::FunctionCallExpr>());
    case ExprKind::Distribution: return rewrite_distribution(e.as<check::DistributionExpr>());
    case ExprKind::Member: {
      auto* made = copy_of(e.as<check::MemberExpr>());
      made->object = rewrite(*made->object);
      made->arguments = make_.arena.copy(rewrite_all(made->arguments));
      return made;
    }
  }
  return &e;
}

}  // namespace lacuna::elaborate
