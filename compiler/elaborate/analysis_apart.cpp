// Which free dimensions a prediction may go through in stretches: nothing that is drawn or computed reads across their elements.
#include <algorithm>

#include "compiler/elaborate/analysis.h"

namespace lacuna::elaborate {

using check::ExprKind;

namespace {

class Crossing {
 public:
  Crossing(const Dimension* d, bool in_output) : dimension_(d), in_output_(in_output) {}

  bool in(const Expr* e) const {
    if (!e) return false;
    switch (e->kind) {
      // An index as a number: it would count from another start.
      case ExprKind::Variable: return runs(e->as<check::VariableExpr>().symbol);
      case ExprKind::Size: return e->as<check::SizeExpr>().dimension == dimension_;
      case ExprKind::Label: return e->as<check::LabelExpr>().dimension == dimension_;
      case ExprKind::Reduce: return in_reduction(e->as<check::ReduceExpr>());
      case ExprKind::Comprehension: return any_runs(e->as<check::ComprehensionExpr>().binders) || in_children(*e);
      case ExprKind::Subscript: return in_subscript(e->as<check::SubscriptExpr>());
      default: return in_children(*e);
    }
  }

 private:
  bool runs(const Symbol* symbol) const { return symbol->kind == check::SymbolKind::Index && symbol->type.index_of == dimension_; }
  bool any_runs(List<const Symbol* const> binders) const {
    return std::any_of(binders.begin(), binders.end(), [&](const Symbol* s) { return runs(s); });
  }
  // What is reduced from data keeps its training value, but in outputs, which are computed over the data given.
  bool in_reduction(const check::ReduceExpr& e) const {
    if (!any_runs(e.binders)) return in_children(e);
    return in_output_ || e.stage > Stage::Data;
  }
  // Along the dimension itself only the element at hand may be read.
  bool in_subscript(const check::SubscriptExpr& e) const {
    if (e.object->kind != ExprKind::Variable && in(e.object)) return true;
    for (std::size_t k = 0; k < e.indices.size(); ++k) {
      const auto* own = e.indices[k] ? e.indices[k]->get_if<check::VariableExpr>() : nullptr;
      const bool along = k < e.object->type.dims.size() && e.object->type.dims[k] == dimension_;
      if (along ? !(own && runs(own->symbol)) : in(e.indices[k])) return true;
    }
    return false;
  }
  bool in_children(const Expr& e) const {
    bool found = false;
    for_each_child(e, [&](const Expr* child) { found = found || in(child); });
    return found;
  }

  const Dimension* dimension_;
  bool in_output_;
};

bool has_in_event(const Item& item, const Dimension* d) {
  if (const auto* observed = item.get_if<ObservedItem>()) return types::contains(observed->event, d);
  if (const auto* output = item.get_if<OutputItem>()) return types::contains(output->event, d);
  return false;
}

}  // namespace

bool is_apart(const Analysis& a, const Dimension* d) {
  for (const Symbol* argument : a.model.arguments)
    if (argument->type.index_of == d) return false;
  for (const DimensionInfo& info : a.model.dimensions)
    if (Crossing(d, true).in(info.dimension->derived)) return false;
  return std::none_of(a.items.begin(), a.items.end(), [&](const Item* item) {
    if (item->kind == ItemKind::Factor) return false;
    const Crossing crossing(d, item->kind == ItemKind::Output);
    const std::vector<const Expr*> trees = trees_of(*item);
    return has_in_event(*item, d) || std::any_of(trees.begin(), trees.end(), [&](const Expr* e) { return crossing.in(e); });
  });
}

}  // namespace lacuna::elaborate
