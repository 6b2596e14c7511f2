// Cells that `else impute` fills and something reads: latents with the statement's own density, one coordinate a cell.
#include <fmt/format.h>

#include <cmath>

#include "compiler/density/model_writer.h"

namespace lacuna::density {

using ir::Reducer;

namespace {

// The support of the statement's distribution; `declare` has refused supports that depend on parameters.
ScalarSupport support_of(ir::Builder& b, const elaborate::ObservedItem& item) {
  const types::Interval bounds = item.distribution->distribution->result.bounds;
  ScalarSupport support;
  if (std::isfinite(bounds.lo)) support.lower = b.real(bounds.lo);
  if (std::isfinite(bounds.hi)) support.upper = b.real(bounds.hi);
  return support;
}

}  // namespace

// The whole array, from data where cells are scored; and the output `natural.<site>.imputed` where values are wanted.
void ModelWriter::write_completed(Body& f, const elaborate::ObservedItem& item, const ImputedSlot& slot) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const bool natural = options_.measure == Measure::Natural;
  const auto value = [&](ValueId cell) {
    const ValueId coordinate = b.load(slot.parameter, {cell});
    return natural ? coordinate : constrained(b, support_of(b, item), coordinate);
  };
  const auto data = std::get<std::shared_ptr<const Array>>(*f.env->find(item.target));
  const auto scored = spaces_.find(&item);
  for_cells(f, item, scored == spaces_.end() ? ir::SpaceId{} : scored->second, {}, [&](const auto&, const Values& at) -> Values {
    b.store(slot.completed, at, w.to_real(data->at(at)));
    return {};
  });
  ir::Domain domain = b.over(slot.cells);
  domain.position = true;
  b.for_each(domain, {}, [&](const Values& at) -> Values {
    b.store(slot.completed, Values(at.begin(), at.end() - 1), value(at.back()));
    return {};
  });
  f.env->bind(item.completed, Operand(load_array(b, slot.completed, {item.target->type.dims.begin(), item.target->type.dims.end()})));
  if (f.purpose.kind != Purpose::Constrain) return;
  const std::vector<ir::DimId> axes = module_.buffer(slot.parameter).axes;
  const ir::BufferId out = module_.add(ir::Buffer{.name = fmt::format("natural.{}.imputed", item.name), .kind = ir::BufferKind::Output, .element = ir::Type::real(), .axes = axes});
  b.for_each(ir::Builder::over(axes), {}, [&](const Values& at) -> Values {
    b.store(out, at, value(at[0]));
    return {};
  });
}

void ModelWriter::write_imputed_terms(Body& f, const elaborate::ObservedItem& item, const ImputedSlot& slot) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const bool counts = f.purpose.kind == Purpose::Terms;
  const bool transformed = options_.measure != Measure::Natural;
  ir::Domain domain = b.over(slot.cells);
  domain.position = true;
  std::vector<Reducer> reducers{Reducer::Sum};
  if (counts) reducers.push_back(Reducer::ISum);
  const std::vector<ValueId> sums = b.for_each(domain, reducers, [&](const Values& at) -> Values {
    auto scope = std::make_shared<Environment>(f.env);
    for (std::size_t i = 0; i < item.space.indices.size(); ++i) scope->bind(item.space.indices[i], at[i]);
    const ValueId coordinate = b.load(slot.parameter, {at.back()});
    const ScalarSupport support = support_of(b, item);
    const ValueId x = transformed ? constrained(b, support, coordinate) : coordinate;
    ValueId term = w.to_real(w.member(*w.instance(*item.distribution, scope), "log_density", {x}, item.body_range));
    if (transformed && f.purpose.jacobian)
      if (const auto log_j = log_jacobian(b, support, coordinate)) term = b.add(term, *log_j);
    if (!counts) return {term};
    return {term, b.op(ir::Op::ToInt, {b.op(ir::Op::Not, {b.op(ir::Op::IsFinite, {term})})})};
  });
  f.terms.push_back(sums[0]);
  f.by_site[sites_.at(&item)].push_back(sums[0]);
  if (counts) f.bad_by_site[sites_.at(&item)].push_back(sums[1]);
}

}  // namespace lacuna::density
