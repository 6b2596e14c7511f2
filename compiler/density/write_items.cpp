// The functions of a module: items one after the other, what each adds to the density, and what the function returns.
#include <fmt/format.h>

#include "compiler/density/model_writer.h"

namespace lacuna::density {

using elaborate::ItemKind;
using ir::Op;
using ir::Reducer;

// One cell of a site: a number, or its event as an array.
Operand cell_of(const Operand& whole, const Values& at, check::List<const Dimension* const> event) {
  const auto* array = std::get_if<std::shared_ptr<const Array>>(&whole);
  if (!array) return whole;
  if (event.empty()) return (*array)->at(at);
  auto cell = std::make_shared<Array>();
  cell->dims.assign(event.begin(), event.end());
  cell->at = [target = *array, at](const Values& rest) {
    Values all = at;
    all.insert(all.end(), rest.begin(), rest.end());
    return target->at(all);
  };
  return std::shared_ptr<const Array>(cell);
}

void ModelWriter::write(Purpose purpose, std::string_view name) {
  Body f;
  open(f, ir::Stage::Draw, name, purpose);
  for (std::size_t i = 0; i < model_.items.size(); ++i) {
    const std::size_t last = in_step(i);
    write_in_step(f, i, last);
    for (; i < last; ++i) write_item(f, *model_.items[i]);
    write_item(f, *model_.items[i]);
  }
  close(f, results_of(f));
}

void ModelWriter::open(Body& f, ir::Stage stage, std::string_view name, Purpose purpose) {
  f.function.name = std::string(name);
  f.function.stage = stage;
  f.builder = std::make_unique<ir::Builder>(module_, f.function.body);
  f.writer = std::make_unique<Writer>(module_, dims_, *f.builder);
  f.env = root(*f.writer, *f.builder);
  f.purpose = purpose;
}

void ModelWriter::close(Body& f, Values results) {
  f.builder->yield(std::move(results));
  module_.functions.push_back(std::move(f.function));
}

// The log density; or for each site its total, and how many of its terms are not finite.
Values ModelWriter::results_of(Body& f) {
  ir::Builder& b = *f.builder;
  if (f.purpose.kind == Purpose::LogDensity) {
    ValueId total = f.terms.empty() ? b.real(0) : f.terms[0];
    for (std::size_t i = 1; i < f.terms.size(); ++i) total = b.add(total, f.terms[i]);
    return {total};
  }
  if (f.purpose.kind == Purpose::Outside) return f.outside;
  if (f.purpose.kind != Purpose::Terms) return {};
  Values results;
  for (std::size_t site = 0; site < module_.sites.size(); ++site) {
    ValueId total = b.real(0);
    ValueId bad = b.integer(0);
    for (const ValueId v : f.by_site[static_cast<int>(site)]) total = b.add(total, v);
    for (const ValueId v : f.bad_by_site[static_cast<int>(site)]) bad = b.op(Op::IAdd, {bad, v});
    results.push_back(total);
    results.push_back(bad);
  }
  return results;
}

// What an item adds, once its values are there.
void ModelWriter::write_item(Body& f, const elaborate::Item& item) {
  if (f.purpose.kind == Purpose::Outside) return write_outside(f, item);
  if (item.kind == ItemKind::Observed) return write_observed(f, item.as<elaborate::ObservedItem>());
  if (item.kind == ItemKind::Factor && f.sums()) return write_factor(f, item.as<elaborate::FactorItem>());
  if (item.kind == ItemKind::Let && has_values(f, item)) return write_claims(f, item.as<elaborate::LetItem>());
  if (item.kind != ItemKind::Latent) return;
  const Stretch& s = stretches_.at(&item);
  if (f.purpose.kind == Purpose::Constrain) write_natural(f, s);
  if (f.purpose.kind == Purpose::Unconstrain) write_coordinates(f, s);
  if (f.sums()) write_latent_terms(f, s);
}

std::vector<ir::DimId> ModelWriter::dims_of(const elaborate::Item& item) {
  std::vector<ir::DimId> dims;
  for (const Symbol* index : item.space.indices) dims.push_back(dims_.id(index->type.index_of));
  return dims;
}

ir::SpaceId ModelWriter::space_of(const elaborate::Item& item) const {
  const auto found = spaces_.find(&item);
  return found == spaces_.end() ? ir::SpaceId{} : found->second;
}

ModelWriter::Scope ModelWriter::scope_at(const Body& f, const std::vector<const Symbol*>& indices, const Values& at) const {
  auto scope = std::make_shared<Environment>(f.env);
  for (std::size_t i = 0; i < indices.size() && i < at.size(); ++i) scope->bind(indices[i], at[i]);
  return scope;
}

// The buffer of an array that a function returns; functions that return the same one share it.
ir::BufferId ModelWriter::output(std::string name, std::vector<ir::DimId> axes) {
  const ir::BufferId known = module_.find_buffer(name);
  if (known.valid()) return known;
  return module_.add(ir::Buffer{.name = std::move(name), .kind = ir::BufferKind::Output, .element = ir::Type::real(), .axes = std::move(axes)});
}

std::vector<ValueId> ModelWriter::for_cells(Body& f, const elaborate::Item& item, ir::SpaceId space, std::vector<Reducer> reducers,
                                            const std::function<Values(const Scope&, const Values&)>& body) {
  ir::Builder& b = *f.builder;
  const std::vector<const Symbol*> indices(item.space.indices.begin(), item.space.indices.end());
  if (indices.empty() && !space.valid()) return body(scope_at(f, {}, {}), {});
  const ir::Domain domain = space.valid() ? b.over(space) : ir::Builder::over(dims_of(item));
  return b.for_each(domain, std::move(reducers), [&](const Values& at) { return body(scope_at(f, indices, at), at); });
}

std::vector<Reducer> ModelWriter::reducers_of(const Body& f) const {
  if (f.purpose.kind == Purpose::Terms) return {Reducer::Sum, Reducer::ISum};
  return {Reducer::Sum};
}

// A term, and where terms are counted whether it is not finite.
Values ModelWriter::counted(Body& f, ValueId term) {
  ir::Builder& b = *f.builder;
  if (f.purpose.kind != Purpose::Terms) return {term};
  return {term, b.op(Op::ToInt, {b.op(Op::Not, {b.op(Op::IsFinite, {term})})})};
}

void ModelWriter::add_sums(Body& f, const elaborate::Item& item, const std::vector<ValueId>& sums) {
  const int site = sites_.at(&item);
  ir::Builder& b = *f.builder;
  const bool scaled = f.purpose.kind == Purpose::LogDensity && !f.purpose.natural;
  // Called by the number in the metadata, as a table's callers do.
  f.terms.push_back(scaled ? b.mul(b.op(Op::SiteScale, {b.integer(scales_.at(&item))}), sums[0]) : sums[0]);
  f.by_site[site].push_back(sums[0]);
  if (sums.size() > 1) f.bad_by_site[site].push_back(sums[1]);
}

void ModelWriter::add_terms(Body& f, const elaborate::Item& item, ir::SpaceId space, const std::function<ValueId(const Scope&)>& term) {
  add_sums(f, item, for_cells(f, item, space, reducers_of(f), [&](const Scope& scope, const Values&) -> Values { return counted(f, where_allowed(f, item, scope, [&] { return f.writer->to_real(term(scope)); })); }));
}

void ModelWriter::write_observed(Body& f, const elaborate::ObservedItem& item) {
  const auto imputed = stretches_.find(&item);
  if (imputed != stretches_.end()) {
    if (f.purpose.kind == Purpose::Constrain) write_natural(f, imputed->second);
    if (f.purpose.kind == Purpose::Unconstrain) write_coordinates(f, imputed->second);
    if (f.sums()) write_listed_terms(f, imputed->second);
  }
  Writer& w = *f.writer;
  const auto term = [&](const Scope& scope) {
    Values at;
    for (const Symbol* index : item.space.indices) at.push_back(std::get<ValueId>(*scope->find(index)));
    const Operand x = cell_of(*f.env->find(item.target), at, item.event);
    return w.to_real(w.member_anywhere(*w.instance(*item.distribution, scope), "log_density", {x}, item.body_range, Writer::Ends::Parameters));
  };
  if (f.sums()) add_terms(f, item, space_of(item), term);
  if (f.purpose.kind == Purpose::Pointwise) write_pointwise(f, item, space_of(item), term);
}

// Output `pointwise.<site>`: the term of each scored cell, in the order of the list where there is one.
void ModelWriter::write_pointwise(Body& f, const elaborate::ObservedItem& item, ir::SpaceId space, const std::function<ValueId(const Scope&)>& term) {
  ir::Builder& b = *f.builder;
  const std::string name = fmt::format("pointwise.{}", item.name);
  if (!space.valid()) {
    const ir::BufferId out = output(name, dims_of(item));
    for_cells(f, item, space, {}, [&](const Scope& scope, const Values& at) -> Values {
      b.store(out, at, where_allowed(f, item, scope, [&] { return term(scope); }));
      return {};
    });
    return;
  }
  ir::DimId cells = module_.find_dim(name);
  if (!cells.valid()) cells = module_.add(ir::Dim{.name = name, .kind = ir::Dim::Kind::Cells, .cells = space});
  const ir::BufferId out = output(name, {cells});
  const std::vector<const Symbol*> indices(item.space.indices.begin(), item.space.indices.end());
  ir::Domain domain = b.over(space);
  domain.position = true;
  b.for_each(domain, {}, [&](const Values& at) -> Values {
    const Scope scope = scope_at(f, indices, Values(at.begin(), at.end() - 1));
    b.store(out, {at.back()}, where_allowed(f, item, scope, [&] { return term(scope); }));
    return {};
  });
}

void ModelWriter::write_factor(Body& f, const elaborate::FactorItem& item) {
  add_terms(f, item, space_of(item), [&](const Scope& scope) { return f.writer->to_real(f.writer->scalar(*item.value, scope)); });
}

}  // namespace lacuna::density
