// Function `outside`: which numbers that distributions take within bounds lie outside them at a point, for the message when no
// starting point is finite. Values are those of the arguments as the program writes them.
#include "compiler/density/model_writer.h"

namespace lacuna::density {

using elaborate::ItemKind;
using ir::Op;
using ir::Reducer;

namespace {

bool is_bounded(const Symbol& parameter) {
  return parameter.type.scalar == types::Scalar::Real && parameter.type.dims.empty() && !parameter.type.bounds.is_all();
}

// Those of a distribution and of the ones that it takes.
void gather(const elaborate::Item& item, const elaborate::DistributionExpr& d, std::vector<BoundedParameter>& found) {
  for (std::size_t i = 0; i < d.arguments.size(); ++i) {
    if (!d.arguments[i]) continue;
    if (const auto* inner = d.arguments[i]->get_if<check::DistributionExpr>())
      gather(item, *inner, found);
    else if (is_bounded(*d.distribution->parameters[i]))
      found.push_back({&item, d.arguments[i], d.distribution->parameters[i]->type.bounds});
  }
}

const elaborate::DistributionExpr* distribution_of(const elaborate::Item& item) {
  if (const auto* latent = item.get_if<elaborate::LatentItem>()) return latent->distribution;
  if (const auto* observed = item.get_if<elaborate::ObservedItem>()) return observed->distribution;
  return nullptr;
}

}  // namespace

std::vector<BoundedParameter> bounded_parameters(const elaborate::Model& model) {
  std::vector<BoundedParameter> found;
  for (const elaborate::Item* item : model.items) {
    const elaborate::DistributionExpr* const d = distribution_of(*item);
    if (d && !d->component_binder) gather(*item, *d, found);
  }
  return found;
}

void ModelWriter::write_outside(Body& f, const elaborate::Item& item) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const std::vector<Reducer> reducers{Reducer::ISum, Reducer::Min, Reducer::Max};
  for (const BoundedParameter& each : bounded_parameters(model_)) {
    if (each.item != &item) continue;
    const auto look = [&](const Scope& scope) -> Values {
      const ValueId x = w.to_real(w.scalar(*each.value, scope));
      const ValueId inside = in_interval(f, x, each.bounds);
      return {b.op(Op::ToInt, {b.op(Op::Not, {inside})}), b.select(inside, b.real(std::numeric_limits<double>::infinity()), x),
              b.select(inside, b.real(-std::numeric_limits<double>::infinity()), x)};
    };
    const auto stretch = stretches_.find(&item);
    const bool listed = item.kind == ItemKind::Latent && stretch->second.cells.valid();
    const std::vector<ValueId> found =
        listed ? for_vectors(f, stretch->second, reducers, [&](const Scope& scope, const Place&) { return look(scope); })
               : for_cells(f, item, space_of(item), reducers, [&](const Scope& scope, const Values&) { return look(scope); });
    f.outside.insert(f.outside.end(), found.begin(), found.end());
  }
}

}  // namespace lacuna::density
