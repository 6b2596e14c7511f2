// What may happen to each dimension at prediction (language.md section 7), and which cannot be opened.
#include <algorithm>

#include "compiler/elaborate/analysis.h"

namespace lacuna::elaborate {

using diagnostics::Id;

namespace {

// The dimension of an event that has no meaning with other elements. A multivariate normal's has: new elements are drawn given
// the known ones.
bool is_fixed_event(const check::DistributionExpr& d, const types::Dimension* dimension, Dims event) {
  return types::contains(event, dimension) && d.distribution->name != "MultivariateNormal";
}

void check_opened(Analysis& a, const Dimension* d) {
  for (const Item* item : a.items) {
    const auto* latent = item->get_if<LatentItem>();
    const auto* observed = item->get_if<ObservedItem>();
    if (!latent && !observed) continue;
    const Dims dims = item->symbol->type.dims;
    const auto structured = latent ? static_cast<std::size_t>(types::event_rank(latent->structure)) : 0;
    const bool in_structure = structured <= dims.size() && types::contains(dims.last(structured), d);
    const bool in_event = latent ? is_fixed_event(*latent->distribution, d, latent->event) : is_fixed_event(*observed->distribution, d, observed->event);
    if (!in_structure && !in_event) continue;
    a.sink.report(Id::OpenedEvent, d->open_range, d->name)
        .also_at(item->range, fmt::format("`{}` is one event over `{}`", item->name, d->name))
        .note(fmt::format("the elements of an event belong together: there is no such thing as one more element of `{}`, given the others", item->name))
        .help(fmt::format("leave `{}` closed", d->name));
    return;
  }
}

bool has_latent(const Analysis& a, const Dimension* d) {
  return std::any_of(a.items.begin(), a.items.end(), [&](const Item* item) {
    const auto* latent = item->get_if<LatentItem>();
    return latent && latent->summation == Summation::None && types::contains(latent->symbol->type.dims, d);
  });
}

bool runs_in_order(const Analysis& a, const Dimension* d) {
  return std::any_of(a.items.begin(), a.items.end(), [&](const Item* item) {
    return std::any_of(item->order.begin(), item->order.end(), [&](const Symbol* index) { return index->type.index_of == d; });
  });
}

}  // namespace

void find_dimension_kinds(Analysis& a) {
  for (DimensionInfo& info : a.model.dimensions) {
    info.ordered = runs_in_order(a, info.dimension) || a.drawn_along.contains(info.dimension);
    if (info.dimension->open) {
      info.kind = DimensionKind::Open;
      check_opened(a, info.dimension);
    } else {
      info.kind = info.ordered || has_latent(a, info.dimension) ? DimensionKind::Closed : DimensionKind::Free;
      info.apart = info.kind == DimensionKind::Free && is_apart(a, info.dimension);
    }
  }
}

}  // namespace lacuna::elaborate
