#include "compiler/check/walk.h"

namespace lacuna::check {

namespace {

void each(List<const Expr* const> all, const std::function<void(const Expr&)>& visit) {
  for (const Expr* e : all)
    if (e) for_each_expr(*e, visit);
}

void maybe(const Expr* e, const std::function<void(const Expr&)>& visit) {
  if (e) for_each_expr(*e, visit);
}

}  // namespace

void for_each_expr(const Expr& e, const std::function<void(const Expr&)>& visit) {
  visit(e);
  switch (e.kind) {
    case ExprKind::Error:
    case ExprKind::Literal:
    case ExprKind::Label:
    case ExprKind::Variable:
    case ExprKind::Size: break;
    case ExprKind::Builtin: each(e.as<BuiltinExpr>().arguments, visit); break;
    case ExprKind::If: {
      const auto& i = e.as<IfExpr>();
      for (const Expr* part : {i.condition, i.then_value, i.else_value}) maybe(part, visit);
      break;
    }
    case ExprKind::Reduce:
      maybe(e.as<ReduceExpr>().body, visit);
      maybe(e.as<ReduceExpr>().where, visit);
      break;
    case ExprKind::Array: each(e.as<ArrayExpr>().elements, visit); break;
    case ExprKind::Comprehension:
      maybe(e.as<ComprehensionExpr>().body, visit);
      maybe(e.as<ComprehensionExpr>().where, visit);
      break;
    case ExprKind::Subscript:
      maybe(e.as<SubscriptExpr>().object, visit);
      each(e.as<SubscriptExpr>().indices, visit);
      break;
    case ExprKind::FunctionCall: each(e.as<FunctionCallExpr>().arguments, visit); break;
    case ExprKind::Distribution: {
      const auto& d = e.as<DistributionExpr>();
      each(d.arguments, visit);
      for (const DistributionExpr* component : d.components) maybe(component, visit);
      maybe(d.component_where, visit);
      break;
    }
    case ExprKind::Member:
      maybe(e.as<MemberExpr>().object, visit);
      each(e.as<MemberExpr>().arguments, visit);
      break;
  }
}

bool reads_symbol(const Expr& e, const Symbol* symbol) {
  bool found = false;
  for_each_expr(e, [&](const Expr& part) {
    const auto* v = part.get_if<VariableExpr>();
    found |= v && v->symbol == symbol;
    const auto* d = part.get_if<DistributionExpr>();
    found |= d && d->parameter == symbol;
  });
  return found;
}

}  // namespace lacuna::check
