// Latents and imputed cells: their stretches of the vector, and where their natural values are kept.
#include <fmt/format.h>

#include <cmath>

#include "compiler/density/model_writer.h"

namespace lacuna::density {

using ir::BufferKind;
using types::Scalar;

void ModelWriter::declare_latent(const elaborate::LatentItem& item) {
  if (item.symbol->type.scalar != Scalar::Real) throw NotCompiled("summing out a discrete latent", item.range);
  if (item.structure != types::Structure::None && !is_vector_structure(item.structure))
    throw NotCompiled(fmt::format("a latent of type `{}`", types::structure_name(item.structure)), item.range);
  Stretch s{.item = &item, .name = std::string(item.name), .symbol = item.symbol, .distribution = item.distribution, .lower = item.lower,
            .upper = item.upper, .normaliser = item.normaliser, .structure = item.structure, .noncentered = item.noncentered};
  const auto& dims = item.symbol->type.dims;
  // The structure runs along the event, or along the last of the indices.
  const std::size_t along = std::max<std::size_t>(item.event.size(), item.structure == types::Structure::None ? 0 : 1);
  s.batch.assign(item.space.indices.begin(), item.space.indices.begin() + static_cast<std::ptrdiff_t>(dims.size() - along));
  s.rest.assign(dims.end() - static_cast<std::ptrdiff_t>(along), dims.end());
  if (item.space.where) s.cells = make_space(item, s.batch.size(), nullptr, true, fmt::format("cells.{}", item.name));
  declare_buffers(s);
  if (s.cells.valid() && s.transformed() && goes_in_step(item)) {
    ir::Buffer place{.name = fmt::format("place.{}", s.name), .kind = BufferKind::Data, .element = ir::Type::integer()};
    for (const Symbol* index : s.batch) place.axes.push_back(dims_.id(index->type.index_of));
    s.place = module_.add(place);
  }
  stretches_[&item] = s;
}

void ModelWriter::declare_imputed(const elaborate::ObservedItem& item) {
  if (item.target->type.scalar != Scalar::Real) throw NotCompiled("imputed cells that are not reals", item.range);
  const types::Structure structure = item.target->type.structure;
  if (structure != types::Structure::None && !is_vector_structure(structure))
    throw NotCompiled(fmt::format("imputed cells of type `{}`", types::structure_name(structure)), item.range);
  Stretch s{.item = &item, .name = fmt::format("{}.imputed", item.name), .symbol = item.completed, .distribution = item.distribution,
            .lower = item.lower, .upper = item.upper, .structure = structure};
  s.batch.assign(item.space.indices.begin(), item.space.indices.end());
  s.rest.assign(item.event.begin(), item.event.end());
  s.cells = make_space(item, s.batch.size(), item.scored, false, fmt::format("imputed.{}", item.name));
  declare_buffers(s);
  stretches_[&item] = s;
}

// The dimension of a vector's coordinates: `lost` shorter than `event`.
ir::DimId ModelWriter::coordinate_dimension(ir::DimId event, int lost) {
  if (lost == 0) return event;
  const std::string name = fmt::format("{}.less_{}", module_.dim(event).name, lost);
  const ir::DimId known = module_.find_dim(name);
  if (known.valid()) return known;
  return module_.add(ir::Dim{.name = name, .kind = ir::Dim::Kind::Derived, .size = ir::SizeExpr::of(event) + ir::SizeExpr::constant(-lost)});
}

void ModelWriter::declare_buffers(Stretch& s) {
  ir::Buffer natural{.kind = BufferKind::Natural, .element = ir::Type::real()};
  ir::Buffer value{.kind = BufferKind::Work, .element = ir::Type::real()};
  for (const Symbol* index : s.batch) value.axes.push_back(dims_.id(index->type.index_of));
  if (s.cells.valid())
    natural.axes.push_back(module_.add(ir::Dim{.name = s.name, .kind = ir::Dim::Kind::Cells, .cells = s.cells}));
  else
    natural.axes = value.axes;
  for (const Dimension* d : s.rest) {
    natural.axes.push_back(dims_.id(d));
    value.axes.push_back(dims_.id(d));
  }
  ir::Buffer parameter = natural;
  parameter.name = s.name;
  parameter.kind = BufferKind::Parameter;
  if (s.structure != types::Structure::None) parameter.axes.back() = coordinate_dimension(natural.axes.back(), lost_coordinates(s.structure));
  s.parameter = module_.add(parameter);
  natural.name = fmt::format("at.{}", s.name);
  if (options_.natural || options_.unconstrain) s.natural = module_.add(natural);
  value.name = fmt::format("value.{}", s.name);
  if (s.cells.valid() || (s.transformed() && !value.axes.empty())) s.value = module_.add(value);
}

std::vector<ir::DimId> ModelWriter::natural_axes(const Stretch& s) {
  std::vector<ir::DimId> axes = module_.buffer(s.parameter).axes;
  if (s.structure != types::Structure::None) axes.back() = dims_.id(s.rest.back());
  return axes;
}

}  // namespace lacuna::density
