#include "compiler/check/expr.h"

#include <array>

#include "compiler/check/symbol.h"

namespace lacuna::check {

namespace {

constexpr std::array kBuiltins{
#define LACUNA_BUILTIN(name, spelling, min, max, rule) BuiltinEntry{#name, spelling, min, max, Rule::rule},
#include "compiler/check/builtins.def"
#undef LACUNA_BUILTIN
};

// Compares two trees; the binders of reductions and comprehensions are told apart by place, not by identity.
class Comparison {
 public:
  bool equal(const Expr* a, const Expr* b) {
    if (a == b && renamed_.empty()) return true;
    if (!a || !b || a->kind != b->kind) return a == b;
    switch (a->kind) {
      case ExprKind::Error: return false;
      case ExprKind::Literal: return equal_literal(a->as<LiteralExpr>(), b->as<LiteralExpr>());
      case ExprKind::Label:
        return a->as<LabelExpr>().label == b->as<LabelExpr>().label &&
               a->as<LabelExpr>().dimension == b->as<LabelExpr>().dimension;
      case ExprKind::Variable: return equal_symbol(a->as<VariableExpr>().symbol, b->as<VariableExpr>().symbol);
      case ExprKind::Size: return a->as<SizeExpr>().dimension == b->as<SizeExpr>().dimension;
      case ExprKind::Builtin:
        return a->as<BuiltinExpr>().op == b->as<BuiltinExpr>().op &&
               equal_lists(a->as<BuiltinExpr>().arguments, b->as<BuiltinExpr>().arguments);
      case ExprKind::If: return equal_if(a->as<IfExpr>(), b->as<IfExpr>());
      case ExprKind::Reduce: {
        const auto &x = a->as<ReduceExpr>(), &y = b->as<ReduceExpr>();
        return x.op == y.op && equal_bound(x.binders, y.binders, x.where, y.where, x.body, y.body);
      }
      case ExprKind::Array: return equal_lists(a->as<ArrayExpr>().elements, b->as<ArrayExpr>().elements);
      case ExprKind::Comprehension: {
        const auto &x = a->as<ComprehensionExpr>(), &y = b->as<ComprehensionExpr>();
        return equal_bound(x.binders, y.binders, x.where, y.where, x.body, y.body);
      }
      case ExprKind::Subscript:
        return equal(a->as<SubscriptExpr>().object, b->as<SubscriptExpr>().object) &&
               equal_lists(a->as<SubscriptExpr>().indices, b->as<SubscriptExpr>().indices);
      case ExprKind::FunctionCall:
        return a->as<FunctionCallExpr>().function == b->as<FunctionCallExpr>().function &&
               equal_lists(a->as<FunctionCallExpr>().arguments, b->as<FunctionCallExpr>().arguments);
      case ExprKind::Distribution: return equal_distribution(a->as<DistributionExpr>(), b->as<DistributionExpr>());
      case ExprKind::Member: {
        const auto &x = a->as<MemberExpr>(), &y = b->as<MemberExpr>();
        return x.member == y.member && equal(x.object, y.object) && equal_lists(x.arguments, y.arguments);
      }
    }
    return false;
  }

 private:
  static bool equal_literal(const LiteralExpr& a, const LiteralExpr& b) {
    const bool exact = a.type.scalar != types::Scalar::Real && b.type.scalar != types::Scalar::Real;
    return exact ? a.integer == b.integer : a.value == b.value;
  }

  bool equal_symbol(const Symbol* a, const Symbol* b) const {
    for (auto pair = renamed_.rbegin(); pair != renamed_.rend(); ++pair)
      if (pair->first == a || pair->second == b) return pair->first == a && pair->second == b;
    return a == b;
  }

  bool equal_if(const IfExpr& a, const IfExpr& b) {
    return equal(a.condition, b.condition) && equal(a.then_value, b.then_value) && equal(a.else_value, b.else_value);
  }

  template <class T>
  bool equal_lists(List<const T* const> a, List<const T* const> b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (!equal(a[i], b[i])) return false;
    return true;
  }

  bool equal_bound(List<const Symbol* const> a, List<const Symbol* const> b, const Expr* where_a, const Expr* where_b,
                   const Expr* body_a, const Expr* body_b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (a[i]->type.index_of != b[i]->type.index_of) return false;
    const std::size_t mark = renamed_.size();
    for (std::size_t i = 0; i < a.size(); ++i) renamed_.push_back({a[i], b[i]});
    const bool result = equal(where_a, where_b) && equal(body_a, body_b);
    renamed_.resize(mark);
    return result;
  }

  bool equal_distribution(const DistributionExpr& a, const DistributionExpr& b) {
    if (a.distribution != b.distribution || !equal_lists(a.arguments, b.arguments)) return false;
    if (!a.component_binder != !b.component_binder) return false;
    if (!a.component_binder) return equal_lists(a.components, b.components);
    if (a.component_binder->type.index_of != b.component_binder->type.index_of) return false;
    renamed_.push_back({a.component_binder, b.component_binder});
    const bool result = equal(a.component_where, b.component_where) && equal_lists(a.components, b.components);
    renamed_.pop_back();
    return result;
  }

  std::vector<std::pair<const Symbol*, const Symbol*>> renamed_;
};

}  // namespace

const BuiltinEntry& builtin_entry(Builtin op) { return kBuiltins[static_cast<std::size_t>(op)]; }

bool is_reduction(Builtin op) { return builtin_entry(op).rule == Rule::Whole; }

bool same(const Expr& a, const Expr& b) { return Comparison().equal(&a, &b); }

}  // namespace lacuna::check
