// Latents and imputed cells in a function: their natural values from the point, their densities, and the way back.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "compiler/check/walk.h"
#include "compiler/density/model_writer.h"

namespace lacuna::density {

using ir::Op;
using ir::Reducer;
using types::Structure;

namespace {

Values joined(Values all, const Values& along) {
  all.insert(all.end(), along.begin(), along.end());
  return all;
}

}  // namespace

std::vector<ir::DimId> ModelWriter::rest_of(const Stretch& s) {
  std::vector<ir::DimId> dims;
  for (const Dimension* d : s.rest) dims.push_back(dims_.id(d));
  return dims;
}

// Each number of one vector, by its place along it.
void ModelWriter::for_numbers(Body& f, const Stretch& s, const std::function<void(const Values&)>& body) {
  if (s.rest.empty()) return body({});
  f.builder->for_each(ir::Builder::over(rest_of(s)), {}, [&](const Values& along) -> Values {
    body(along);
    return {};
  });
}

// Natural values are the point itself, or go into a buffer of their own (single ones: into a value).
bool ModelWriter::is_stored(const Body& f, const Stretch& s) const { return s.value.valid() && (s.cells.valid() || !f.purpose.natural); }

ScalarSupport ModelWriter::support_at(Writer& w, const Stretch& s, const Env& env) {
  ScalarSupport support;
  if (s.lower) support.lower = w.to_real(w.scalar(*s.lower, env));
  if (s.upper) support.upper = w.to_real(w.scalar(*s.upper, env));
  return support;
}

// The bounds of the elements of an ordered vector.
ScalarSupport ModelWriter::bounds_at(Body& f, const Stretch& s, const Env& env) {
  if (s.structure != Structure::Ordered && s.structure != Structure::PositiveOrdered) return {};
  ScalarSupport bounds = support_at(*f.writer, s, env);
  if (s.structure == Structure::PositiveOrdered && !bounds.lower) bounds.lower = f.builder->real(0);
  return bounds;
}

// Whether natural values follow from earlier ones of the same stretch: then they are computed in order.
bool ModelWriter::reads_earlier(const Stretch& s) const {
  const auto reads = [&](const Expr* e) { return e && check::reads_symbol(*e, s.symbol); };
  return reads(s.lower) || reads(s.upper) || (s.noncentered && reads(s.distribution));
}

std::vector<ValueId> ModelWriter::for_vectors(Body& f, const Stretch& s, std::vector<Reducer> reducers,
                                              const std::function<Values(const Scope&, const Place&)>& body) {
  ir::Builder& b = *f.builder;
  if (!s.cells.valid() && s.batch.empty()) return body(scope_at(f, {}, {}), {});
  ir::Domain domain;
  if (s.cells.valid()) {
    domain = b.over(s.cells);
    domain.position = true;
  } else {
    for (const Symbol* index : s.batch) domain.dims.push_back(dims_.id(index->type.index_of));
  }
  const auto run = [&](const Values& given) {
    Place place{given, given};
    if (s.cells.valid()) {
      place.at.pop_back();
      place.coordinates = {given.back()};
    }
    return body(scope_at(f, s.batch, place.at), place);
  };
  if (reads_earlier(s)) return b.scan(domain, {}, std::move(reducers), run);
  return b.for_each(domain, std::move(reducers), run);
}

// One number, from the point: `at` are its indices there.
ValueId ModelWriter::natural_value(Body& f, const Stretch& s, const Scope& scope, const Values& at) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  if (f.purpose.natural) return b.load(s.natural, at);
  const ValueId u = b.load(s.parameter, at);
  if (s.noncentered) return w.member(*w.instance(*s.distribution, scope), "from_standard", {u}, s.item->body_range);
  return constrained(b, support_at(w, s, scope), u);
}

// Natural values may be given that are no simplex, or out of order: 0 for each vector that is what its type says, else -inf.
void ModelWriter::write_structure(Body& f, const Stretch& s) {
  if (!f.purpose.natural || s.structure == Structure::None || !f.sums()) return;
  ir::Builder& b = *f.builder;
  const ir::DimId along = dims_.id(s.rest.back());
  const auto array = std::get<std::shared_ptr<const Array>>(*f.env->find(s.symbol));
  add_sums(f, *s.item, for_vectors(f, s, reducers_of(f), [&](const Scope&, const Place& place) -> Values {
    const ValueId holds = is_structured(f, s.structure, s.symbol->type.bounds, along, [&](ValueId k) { return array->at(joined(place.at, {k})); });
    return counted(f, b.select(holds, b.real(0), b.real(-std::numeric_limits<double>::infinity())));
  }));
}

// Stores one vector's natural values; its log-Jacobian where that belongs to the whole vector.
std::optional<ValueId> ModelWriter::store_vector(Body& f, const Stretch& s, const Scope& scope, const Place& place) {
  ir::Builder& b = *f.builder;
  if (s.structure != Structure::None && !f.purpose.natural) {
    VectorTransform transform{b, s.structure, s.parameter, s.value, module_.buffer(s.value).axes.back(), module_.buffer(s.parameter).axes.back(), bounds_at(f, s, scope)};
    return transform.write(place.at, place.coordinates);
  }
  for_numbers(f, s, [&](const Values& along) {
    b.store(s.value, joined(place.at, along), natural_value(f, s, scope, joined(place.coordinates, along)));
  });
  return std::nullopt;
}

void ModelWriter::write_stretch(Body& f, const Stretch& s) {
  ir::Builder& b = *f.builder;
  const std::vector<const Dimension*> dims(s.symbol->type.dims.begin(), s.symbol->type.dims.end());
  const bool imputed = s.item->kind == elaborate::ItemKind::Observed;
  if (is_stored(f, s)) {
    if (imputed) write_completed(f, s);
    f.env->bind(s.symbol, Operand(load_array(b, s.value, dims)));
    const bool whole = s.structure != Structure::None && !f.purpose.natural;
    const std::vector<ValueId> sums = for_vectors(f, s, whole ? std::vector{Reducer::Sum} : std::vector<Reducer>{}, [&](const Scope& scope, const Place& place) -> Values {
      const std::optional<ValueId> log_jacobian = store_vector(f, s, scope, place);
      if (!whole) return {};
      return {log_jacobian ? *log_jacobian : b.real(0)};
    });
    if (whole && s.structure != Structure::ZeroSum && f.sums()) add_sums(f, *s.item, {if_jacobian(f, [&] { return sums[0]; })});
    write_structure(f, s);
    return;
  }
  const ir::BufferId point = f.purpose.natural ? s.natural : s.parameter;
  if (dims.empty())
    f.env->bind(s.symbol, f.purpose.natural || !s.transformed() ? Operand(b.load(point, {}, s.name)) : Operand(natural_value(f, s, f.env, {})));
  else
    f.env->bind(s.symbol, Operand(load_array(b, point, dims)));
  write_structure(f, s);
}

// The scored cells of a completed array come from data.
void ModelWriter::write_completed(Body& f, const Stretch& s) {
  ir::Builder& b = *f.builder;
  const auto& item = s.item->as<elaborate::ObservedItem>();
  const auto data = std::get<std::shared_ptr<const Array>>(*f.env->find(item.target));
  for_cells(f, item, space_of(item), {}, [&](const Scope&, const Values& at) -> Values {
    for_numbers(f, s, [&](const Values& along) { b.store(s.value, joined(at, along), f.writer->to_real(data->at(joined(at, along)))); });
    return {};
  });
}

ValueId ModelWriter::with_jacobian(Body& f, const std::function<ValueId()>& yes, const std::function<ValueId()>& no) {
  ir::Builder& b = *f.builder;
  return b.branch(b.op(Op::WithJacobian, {}), [&]() -> Values { return {yes()}; }, [&]() -> Values { return {no()}; })[0];
}

// `x` where the call asks for log-Jacobians, else 0.
ValueId ModelWriter::if_jacobian(Body& f, const std::function<ValueId()>& x) {
  return with_jacobian(f, x, [&] { return f.builder->real(0); });
}

// Of a non-centred value: its coordinate is standard normal, which is the density of the value times its Jacobian.
ValueId ModelWriter::standard_density(Body& f, const Stretch& s, const Scope& scope, const Values& coordinates) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const ValueId z = b.load(s.parameter, coordinates);
  const ValueId density = b.sub(b.mul(b.real(-0.5), b.mul(z, z)), b.real(0.5 * std::log(2 * std::numbers::pi)));
  const auto slope = [&] { return w.log_slope_of_standard(*w.instance(*s.distribution, scope), z, s.item->body_range); };
  return b.sub(density, with_jacobian(f, [&] { return b.real(0); }, slope));
}

// The log density of one vector, with what belongs to its numbers one by one: constants of narrowed supports, Jacobians.
// `coordinate`: where a single number stands in the point.
ValueId ModelWriter::density_of(Body& f, const Stretch& s, const Scope& scope, const Operand& x, const Values& coordinate) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  // A transformed value is inside its support.
  const bool inside = s.transformed() && !f.purpose.natural;
  const auto distribution = w.instance(*s.distribution, scope);
  ValueId term = inside ? w.member(*distribution, "log_density", {x}, s.item->body_range)
                        : w.member_anywhere(*distribution, "log_density", {x}, s.item->body_range);
  if (s.normaliser) term = b.add(term, w.to_real(w.scalar(*s.normaliser, scope)));
  if (f.purpose.natural || s.structure != Structure::None || s.noncentered) return term;
  const ScalarSupport support = support_at(w, s, scope);
  if (support.is_whole_line()) return term;
  if (s.rest.empty()) return b.add(term, if_jacobian(f, [&] { return *log_jacobian(b, support, b.load(s.parameter, coordinate)); }));
  const auto at = [&](const Values& along) -> Values { return {*log_jacobian(b, support, b.load(s.parameter, joined(coordinate, along)))}; };
  return b.add(term, if_jacobian(f, [&] { return b.for_each(ir::Builder::over(rest_of(s)), {Reducer::Sum}, at)[0]; }));
}

void ModelWriter::write_latent_terms(Body& f, const Stretch& s) {
  if (s.cells.valid()) return write_listed_terms(f, s);
  const auto& item = s.item->as<elaborate::LatentItem>();
  add_terms(f, item, {}, [&](const Scope& scope) -> ValueId {
    Values at;
    for (const Symbol* index : item.space.indices) at.push_back(std::get<ValueId>(*scope->find(index)));
    if (s.noncentered && !f.purpose.natural) return standard_density(f, s, scope, at);
    return density_of(f, s, scope, cell_of(*f.env->find(s.symbol), at, item.event), at);
  });
}

// Of latents under a condition, and of imputed cells: the terms of the cells in the list.
void ModelWriter::write_listed_terms(Body& f, const Stretch& s) {
  ir::Builder& b = *f.builder;
  const elaborate::Item& item = *s.item;
  const auto* latent = item.get_if<elaborate::LatentItem>();
  const auto& event = latent ? latent->event : item.as<elaborate::ObservedItem>().event;
  // A structure whose numbers have densities of their own: indices of the item that stand behind those of a vector.
  const std::vector<const Symbol*> indices(item.space.indices.begin(), item.space.indices.end());
  std::vector<ir::DimId> inner;
  for (std::size_t i = s.batch.size(); i < indices.size(); ++i) inner.push_back(dims_.id(indices[i]->type.index_of));
  const std::vector<ValueId> sums = for_vectors(f, s, reducers_of(f), [&](const Scope& scope, const Place& place) -> Values {
    const auto term = [&](const Scope& at_cell, const Values& at) -> ValueId {
      if (s.noncentered && !f.purpose.natural) return standard_density(f, s, at_cell, place.coordinates);
      // A single number is computed here rather than read back.
      const bool single = s.rest.empty() && !s.noncentered;
      const Operand x = single ? Operand(natural_value(f, s, at_cell, place.coordinates)) : cell_of(*f.env->find(s.symbol), at, event);
      return density_of(f, s, at_cell, x, place.coordinates);
    };
    if (inner.empty()) return counted(f, where_allowed(f, item, scope, [&] { return term(scope, place.at); }));
    return b.for_each(ir::Builder::over(inner), reducers_of(f), [&](const Values& along) -> Values {
      const Values at = joined(place.at, along);
      const Scope at_cell = scope_at(f, indices, at);
      return counted(f, where_allowed(f, item, at_cell, [&] { return term(at_cell, at); }));
    });
  });
  add_sums(f, item, sums);
}

// Output `natural.<site>`: the natural values.
void ModelWriter::write_natural(Body& f, const Stretch& s) {
  ir::Builder& b = *f.builder;
  const ir::BufferId out = output(fmt::format("natural.{}", s.name), natural_axes(s));
  const Operand value = *f.env->find(s.symbol);
  const auto* single = std::get_if<ValueId>(&value);
  for_vectors(f, s, {}, [&](const Scope&, const Place& place) -> Values {
    for_numbers(f, s, [&](const Values& along) {
      b.store(out, joined(place.coordinates, along), single ? *single : std::get<std::shared_ptr<const Array>>(value)->at(joined(place.at, along)));
    });
    return {};
  });
}

// Output `coordinates.<site>`: the way back, from a point of natural values.
void ModelWriter::write_coordinates(Body& f, const Stretch& s) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const std::vector<ir::DimId> axes = module_.buffer(s.parameter).axes;  // a copy: an output moves the buffers
  const ir::BufferId out = output(fmt::format("coordinates.{}", s.name), axes);
  for_vectors(f, s, {}, [&](const Scope& scope, const Place& place) -> Values {
    if (s.structure != Structure::None) {
      VectorTransform transform{b, s.structure, out, s.natural, module_.buffer(s.natural).axes.back(), axes.back(), bounds_at(f, s, scope)};
      transform.write_inverse(place.coordinates);
      return {};
    }
    for_numbers(f, s, [&](const Values& along) {
      const Values at = joined(place.coordinates, along);
      const ValueId x = b.load(s.natural, at);
      const ValueId u = s.noncentered ? w.standard_from(*w.instance(*s.distribution, scope), x, s.item->body_range) : unconstrained(b, support_at(w, s, scope), x);
      b.store(out, at, u);
    });
    return {};
  });
}

}  // namespace lacuna::density
