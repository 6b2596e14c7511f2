#include "compiler/elaborate/reads.h"

namespace lacuna::elaborate {

using check::ExprKind;

template <class F>
void ReadWalker::under(const Expr& condition, bool truth, F&& inside) {
  const auto mark = facts_.mark();
  const std::size_t depth = conditions_.size();
  assume(condition, truth);
  inside();
  facts_.restore(mark);
  conditions_.resize(depth);
}

void ReadWalker::assume(const Expr& condition, bool truth) {
  facts_.assume(condition, truth);
  conditions_.push_back({&condition, truth});
}

const Expr* ReadWalker::guard_from(std::size_t first) const {
  const Expr* all = nullptr;
  for (std::size_t i = first; i < conditions_.size(); ++i)
    if (const auto& [condition, truth] = conditions_[i]; condition->stage <= Stage::Data) all = make_.both(all, truth ? condition : make_.negation(condition));
  return all;
}

void ReadWalker::enter_space(const Item& item) {
  for (const Symbol* index : item.space.indices) {
    facts_.bind(*index);
    indices_.push_back(index);
  }
  outer_indices_ = indices_.size();
  role_ = ReadRole::Space;
  if (!item.space.where) return;
  walk(*item.space.where);
  assume(*item.space.where, true);
  outer_conditions_ = conditions_.size();
}

void ReadWalker::walk_body(const Item& item) {
  role_ = ReadRole::Body;
  if (const auto* let = item.get_if<LetItem>()) {
    walk(*let->value);
  } else if (const auto* latent = item.get_if<LatentItem>()) {
    walk(*latent->distribution);
    if (latent->normaliser) walk(*latent->normaliser);
  } else if (const auto* factor = item.get_if<FactorItem>()) {
    walk(*factor->value);
  } else if (const auto* output = item.get_if<OutputItem>()) {
    if (output->value) walk(*output->value);
    if (output->distribution) walk(*output->distribution);
  } else if (const auto* observed = item.get_if<ObservedItem>()) {
    role_ = ReadRole::Scored;
    if (observed->scored) walk(*observed->scored);
    if (observed->seen) walk_bound(observed->seen_indices, nullptr, *observed->seen);
    role_ = ReadRole::Body;
    // Cells that are imputed are drawn from the distribution too, so that only the space's condition holds for them.
    if (observed->scored && !observed->completed)
      under(*observed->scored, true, [&] {
        outer_conditions_ = conditions_.size();
        walk(*observed->distribution);
      });
    else
      walk(*observed->distribution);
  }
}

void ReadWalker::walk(const Item& item, const Visit& visit) {
  visit_ = &visit;
  item_ = &item;
  facts_ = {};
  conditions_.clear();
  outer_conditions_ = 0;
  indices_.clear();
  enter_space(item);
  walk_body(item);
}

void ReadWalker::walk_all(List<const Expr* const> all) {
  for (const Expr* e : all)
    if (e) walk(*e);
}

void ReadWalker::walk_builtin(const check::BuiltinExpr& e) {
  if (e.op == Builtin::And || e.op == Builtin::Or) {
    walk(*e.arguments[0]);
    under(*e.arguments[0], e.op == Builtin::And, [&] { walk(*e.arguments[1]); });
    return;
  }
  walk_all(e.arguments);
}

void ReadWalker::walk_if(const check::IfExpr& e) {
  walk(*e.condition);
  under(*e.condition, true, [&] { walk(*e.then_value); });
  under(*e.condition, false, [&] { walk(*e.else_value); });
}

void ReadWalker::walk_bound(List<const Symbol* const> binders, const Expr* where, const Expr& body) {
  const auto mark = facts_.mark();
  const std::size_t depth = conditions_.size(), free = indices_.size();
  for (const Symbol* binder : binders) {
    facts_.bind(*binder);
    indices_.push_back(binder);
  }
  if (where) {
    walk(*where);
    assume(*where, true);
  }
  walk(body);
  facts_.restore(mark);
  conditions_.resize(depth);
  indices_.resize(free);
}

void ReadWalker::walk_distribution(const check::DistributionExpr& e) {
  walk_all(e.arguments);
  if (e.component_binder) {
    walk_bound({&e.component_binder, 1}, e.component_where, *e.components[0]);
    return;
  }
  for (const auto* component : e.components) walk(*component);
}

void ReadWalker::visit_read(const Symbol* symbol, List<const Expr* const> indices, const Expr& e) {
  if (symbol->kind == check::SymbolKind::Index) return;
  bool inner = false;
  for (const Expr* index : indices)
    for_each_node(index, [&](const Expr& node) {
      const auto* variable = node.get_if<check::VariableExpr>();
      if (!variable) return;
      for (std::size_t i = outer_indices_; i < indices_.size(); ++i) inner |= indices_[i] == variable->symbol;
    });
  (*visit_)({item_, symbol, indices, &e, role_, inner}, *this);
}

void ReadWalker::walk(const Expr& e) {
  switch (e.kind) {
    case ExprKind::Variable: visit_read(e.as<check::VariableExpr>().symbol, {}, e); break;
    case ExprKind::Subscript: {
      const auto& part = e.as<check::SubscriptExpr>();
      walk_all(part.indices);
      if (const auto* variable = part.object->get_if<check::VariableExpr>())
        visit_read(variable->symbol, part.indices, e);
      else
        walk(*part.object);
      break;
    }
    case ExprKind::Builtin: walk_builtin(e.as<check::BuiltinExpr>()); break;
    case ExprKind::If: walk_if(e.as<check::IfExpr>()); break;
    case ExprKind::Reduce: {
      const auto& reduce = e.as<check::ReduceExpr>();
      walk_bound(reduce.binders, reduce.where, *reduce.body);
      break;
    }
    case ExprKind::Comprehension: {
      const auto& comprehension = e.as<check::ComprehensionExpr>();
      walk_bound(comprehension.binders, comprehension.where, *comprehension.body);
      break;
    }
    case ExprKind::Array: walk_all(e.as<check::ArrayExpr>().elements); break;
    case ExprKind::Distribution: walk_distribution(e.as<check::DistributionExpr>()); break;
    case ExprKind::Member:
      walk(*e.as<check::MemberExpr>().object);
      walk_all(e.as<check::MemberExpr>().arguments);
      break;
    default: break;
  }
}

void for_each_child(const Expr& e, const std::function<void(const Expr*)>& visit) {
  const auto all = [&](const auto& list) {
    for (const Expr* child : list) visit(child);
  };
  switch (e.kind) {
    case ExprKind::Builtin: all(e.as<check::BuiltinExpr>().arguments); break;
    case ExprKind::If: {
      const auto& choice = e.as<check::IfExpr>();
      visit(choice.condition);
      visit(choice.then_value);
      visit(choice.else_value);
      break;
    }
    case ExprKind::Reduce:
      visit(e.as<check::ReduceExpr>().where);
      visit(e.as<check::ReduceExpr>().body);
      break;
    case ExprKind::Comprehension:
      visit(e.as<check::ComprehensionExpr>().where);
      visit(e.as<check::ComprehensionExpr>().body);
      break;
    case ExprKind::Array: all(e.as<check::ArrayExpr>().elements); break;
    case ExprKind::Subscript:
      visit(e.as<check::SubscriptExpr>().object);
      all(e.as<check::SubscriptExpr>().indices);
      break;
    case ExprKind::FunctionCall: all(e.as<check::FunctionCallExpr>().arguments); break;
    case ExprKind::Distribution: {
      const auto& d = e.as<check::DistributionExpr>();
      all(d.arguments);
      all(d.components);
      visit(d.component_where);
      break;
    }
    case ExprKind::Member:
      visit(e.as<check::MemberExpr>().object);
      all(e.as<check::MemberExpr>().arguments);
      break;
    default: break;
  }
}

void for_each_node(const Expr* e, const std::function<void(const Expr&)>& visit) {
  if (!e) return;
  visit(*e);
  for_each_child(*e, [&](const Expr* child) { for_each_node(child, visit); });
}

std::vector<const Expr*> trees_of(const Item& item) {
  std::vector<const Expr*> trees{item.space.where};
  if (const auto* let = item.get_if<LetItem>()) {
    trees.push_back(let->value);
  } else if (const auto* latent = item.get_if<LatentItem>()) {
    trees.insert(trees.end(), {latent->distribution, latent->lower, latent->upper, latent->normaliser});
  } else if (const auto* observed = item.get_if<ObservedItem>()) {
    trees.insert(trees.end(), {observed->scored, observed->seen, observed->distribution, observed->lower, observed->upper});
  } else if (const auto* factor = item.get_if<FactorItem>()) {
    trees.push_back(factor->value);
  } else if (const auto* output = item.get_if<OutputItem>()) {
    trees.insert(trees.end(), {output->value, output->distribution});
  }
  return trees;
}

}  // namespace lacuna::elaborate
