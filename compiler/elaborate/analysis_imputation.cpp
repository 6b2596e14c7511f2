// Whether imputed cells are part of inference: only when some density reads them.
#include <unordered_set>

#include "compiler/elaborate/analysis.h"

namespace lacuna::elaborate {

namespace {

bool has_density(const Item& item) {
  return item.kind == ItemKind::Latent || item.kind == ItemKind::Observed || item.kind == ItemKind::Factor;
}

// Whether a latent, an observed array or a factor reads `symbol`, directly, through lets, or through the array that a later
// statement completes further.
bool density_reads(const Analysis& a, const Symbol* symbol) {
  std::unordered_set<const Symbol*> carriers{symbol};
  for (const Item* item : a.items) {
    const auto* observed = item->get_if<ObservedItem>();
    for (const Symbol* s = observed ? observed->completed : nullptr; s; s = s->completes)
      if (s == symbol) carriers.insert(observed->completed);
  }
  bool grown = true;
  while (grown) {
    grown = false;
    for (const Dependency& d : a.model.dependencies) {
      if (!carriers.contains(d.to)) continue;
      if (has_density(*d.from)) return true;
      if (d.from->kind == ItemKind::Let) grown |= carriers.insert(d.from->symbol).second;
    }
  }
  return false;
}

}  // namespace

void find_imputation(Analysis& a) {
  for (Item* item : a.items) {
    if (item->kind != ItemKind::Observed) continue;
    auto& observed = static_cast<ObservedItem&>(*item);
    if (!observed.completed) continue;
    if (!density_reads(a, observed.completed))
      observed.imputation = Imputation::Leaf;
    else
      observed.imputation = observed.target->type.scalar == types::Scalar::Real ? Imputation::Latent : Imputation::Summed;
  }
}

}  // namespace lacuna::elaborate
