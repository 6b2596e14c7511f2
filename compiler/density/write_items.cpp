// The draw-stage functions: latents, lets and terms, one item after the other.
#include <fmt/format.h>

#include <numbers>

#include "compiler/density/model_writer.h"

namespace lacuna::density {

using check::Stage;
using elaborate::ItemKind;
using ir::Op;
using ir::Reducer;

namespace {

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

}  // namespace

void ModelWriter::write(Purpose purpose, std::string_view name) {
  Body f;
  f.function.name = std::string(name);
  f.function.stage = ir::Stage::Draw;
  f.builder = std::make_unique<ir::Builder>(module_, f.function.body);
  f.writer = std::make_unique<Writer>(module_, dims_, *f.builder);
  f.env = root(*f.writer, *f.builder);
  f.purpose = purpose;
  for (const elaborate::Item* item : model_.items) {
    switch (item->kind) {
      case ItemKind::Let: write_let(f, item->as<elaborate::LetItem>()); break;
      case ItemKind::Latent: write_latent(f, item->as<elaborate::LatentItem>()); break;
      case ItemKind::Observed: write_observed(f, item->as<elaborate::ObservedItem>()); break;
      case ItemKind::Factor: write_factor(f, item->as<elaborate::FactorItem>()); break;
      case ItemKind::Output: break;
    }
  }
  ir::Builder& b = *f.builder;
  Values results;
  if (purpose.kind == Purpose::LogDensity) {
    ValueId total = f.terms.empty() ? b.real(0) : f.terms[0];
    for (std::size_t i = 1; i < f.terms.size(); ++i) total = b.add(total, f.terms[i]);
    results.push_back(total);
  } else if (purpose.kind == Purpose::Terms) {
    for (std::size_t site = 0; site < module_.sites.size(); ++site) {
      ValueId total = b.real(0);
      ValueId bad = b.integer(0);
      for (const ValueId v : f.by_site[static_cast<int>(site)]) total = b.add(total, v);
      for (const ValueId v : f.bad_by_site[static_cast<int>(site)]) bad = b.op(Op::IAdd, {bad, v});
      results.push_back(total);
      results.push_back(bad);
    }
  }
  b.yield(results);
  module_.functions.push_back(std::move(f.function));
}

std::vector<ValueId> ModelWriter::for_cells(Body& f, const elaborate::Item& item, ir::SpaceId space, std::vector<Reducer> reducers,
                                            const std::function<Values(const std::shared_ptr<Environment>&, const Values&)>& body,
                                            bool position) {
  ir::Builder& b = *f.builder;
  const auto scope_of = [&](const Values& at) {
    auto scope = std::make_shared<Environment>(f.env);
    for (std::size_t i = 0; i < item.space.indices.size(); ++i) scope->bind(item.space.indices[i], at[i]);
    return scope;
  };
  if (item.space.indices.empty() && !space.valid()) return body(scope_of({}), {});
  ir::Domain domain;
  if (space.valid()) {
    domain = b.over(space);
  } else {
    for (const Symbol* index : item.space.indices) domain.dims.push_back(dims_.id(index->type.index_of));
  }
  domain.position = position;
  return b.for_each(domain, std::move(reducers), [&](const Values& at) { return body(scope_of(at), at); });
}

void ModelWriter::add_terms(Body& f, const elaborate::Item& item, ir::SpaceId space,
                            const std::function<ValueId(const std::shared_ptr<Environment>&)>& term) {
  ir::Builder& b = *f.builder;
  const int site = sites_.at(&item);
  const bool counts = f.purpose.kind == Purpose::Terms;
  std::vector<Reducer> reducers{Reducer::Sum};
  if (counts) reducers.push_back(Reducer::ISum);
  const std::vector<ValueId> sums = for_cells(f, item, space, reducers, [&](const auto& env, const Values&) -> Values {
    const ValueId value = f.writer->to_real(term(env));
    if (!counts) return {value};
    return {value, b.op(Op::ToInt, {b.op(Op::Not, {b.op(Op::IsFinite, {value})})})};
  });
  f.terms.push_back(sums[0]);
  f.by_site[site].push_back(sums[0]);
  if (counts) f.bad_by_site[site].push_back(sums[1]);
}

void ModelWriter::write_let(Body& f, const elaborate::LetItem& item) {
  if (item.stage <= Stage::Data) return;  // stored by `bind`
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const auto stored = lets_.find(item.symbol);
  if (stored == lets_.end()) {
    f.env->bind(item.symbol, w.coerce(w.scalar(*item.value, f.env), item.symbol->type, f.env));
    return;
  }
  const auto store = [&](const Values& at) -> Values {
    auto scope = std::make_shared<Environment>(f.env);
    for (std::size_t i = 0; i < item.space.indices.size(); ++i) scope->bind(item.space.indices[i], at[i]);
    b.store(stored->second, at, w.coerce(w.scalar(*item.value, scope), item.symbol->type, scope));
    return {};
  };
  std::vector<ir::DimId> over;
  for (const Symbol* index : item.space.indices) over.push_back(dims_.id(index->type.index_of));
  if (over.empty())
    store({});
  else if (item.ordered)
    b.scan(ir::Builder::over(over), {}, {}, store);
  else
    b.for_each(ir::Builder::over(over), {}, store);
}

ScalarSupport ModelWriter::support_at(Writer& w, const elaborate::LatentItem& item, const Env& env) {
  ScalarSupport s;
  if (item.lower) s.lower = w.to_real(w.scalar(*item.lower, env));
  if (item.upper) s.upper = w.to_real(w.scalar(*item.upper, env));
  return s;
}

void ModelWriter::write_latent(Body& f, const elaborate::LatentItem& item) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const LatentSlot& slot = latents_.at(item.symbol);
  const std::vector<const Dimension*> dims(item.symbol->type.dims.begin(), item.symbol->type.dims.end());
  const bool scalar = dims.empty();
  if (slot.in_line) {
    f.env->bind(item.symbol, scalar ? Operand(b.load(slot.parameter, {}, std::string(item.name))) : Operand(load_array(b, slot.parameter, dims)));
  } else if (is_vector_structure(item.structure)) {
    write_vector_latent(f, item);
  } else {
    const auto natural = [&](const std::shared_ptr<Environment>& env, const Values& at) {
      const ValueId u = b.load(slot.parameter, at);
      if (item.noncentered) return w.member(*w.instance(*item.distribution, env), "from_standard", {u}, item.body_range);
      return constrained(b, support_at(w, item, env), u);
    };
    if (scalar) {
      f.env->bind(item.symbol, natural(f.env, {}));
    } else {
      if (item.ordered) throw NotCompiled("a transformed latent that refers to its own past", item.range);
      for_cells(f, item, {}, {}, [&](const auto& env, const Values& at) -> Values {
        b.store(slot.value, at, natural(env, at));
        return {};
      });
      f.env->bind(item.symbol, Operand(load_array(b, slot.value, dims)));
    }
  }
  if (f.purpose.kind == Purpose::Constrain) write_natural(f, item);
  if (f.purpose.kind != Purpose::Constrain && f.purpose.kind != Purpose::Pointwise) write_latent_terms(f, item);
}

// Vectors are stored whole; their log-Jacobians add up here.
void ModelWriter::write_vector_latent(Body& f, const elaborate::LatentItem& item) {
  ir::Builder& b = *f.builder;
  const LatentSlot& slot = latents_.at(item.symbol);
  VectorTransform transform{b, item.structure, slot.parameter, slot.value, module_.buffer(slot.value).axes.back(), module_.buffer(slot.parameter).axes.back()};
  const std::vector<ValueId> sums = for_cells(f, item, {}, {Reducer::Sum}, [&](const auto&, const Values& at) -> Values {
    const std::optional<ValueId> log_jacobian = transform.write(at);
    return {log_jacobian ? *log_jacobian : b.real(0)};
  });
  const bool counted = f.purpose.jacobian && item.structure != types::Structure::ZeroSum;
  if (counted && f.purpose.kind != Purpose::Constrain && f.purpose.kind != Purpose::Pointwise) {
    f.terms.push_back(sums[0]);
    f.by_site[sites_.at(&item)].push_back(sums[0]);
  }
  f.env->bind(item.symbol, Operand(load_array(b, slot.value, {item.symbol->type.dims.begin(), item.symbol->type.dims.end()})));
}

void ModelWriter::write_latent_terms(Body& f, const elaborate::LatentItem& item) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const LatentSlot& slot = latents_.at(item.symbol);
  const bool jacobian = f.purpose.jacobian && !slot.in_line && item.structure == types::Structure::None;
  const bool standard = item.noncentered && jacobian;
  add_terms(f, item, {}, [&](const std::shared_ptr<Environment>& env) -> ValueId {
    Values at;
    for (const Symbol* index : item.space.indices) at.push_back(std::get<ValueId>(*env->find(index)));
    if (standard) {
      // The coordinate itself is standard normal: the density of the value times its Jacobian.
      const ValueId z = b.load(slot.parameter, at);
      return b.sub(b.mul(b.real(-0.5), b.mul(z, z)), b.real(0.5 * std::log(2 * std::numbers::pi)));
    }
    const Operand x = cell_of(*f.env->find(item.symbol), at, item.event);
    // A transformed latent is inside its support.
    const auto distribution = w.instance(*item.distribution, env);
    ValueId term = slot.in_line ? w.member_anywhere(*distribution, "log_density", {x}, item.body_range)
                                : w.member(*distribution, "log_density", {x}, item.body_range);
    if (item.normaliser) term = b.add(term, w.to_real(w.scalar(*item.normaliser, env)));
    if (jacobian)
      if (const auto log_j = log_jacobian(b, support_at(w, item, env), b.load(slot.parameter, at))) term = b.add(term, *log_j);
    return term;
  });
}

// Output `natural.<site>`: the latent's natural values.
void ModelWriter::write_natural(Body& f, const elaborate::LatentItem& item) {
  ir::Builder& b = *f.builder;
  ir::Buffer out;
  out.name = fmt::format("natural.{}", item.name);
  out.kind = ir::BufferKind::Output;
  for (const Dimension* d : item.symbol->type.dims) out.axes.push_back(dims_.id(d));
  const ir::BufferId buffer = module_.add(out);
  const Operand value = *f.env->find(item.symbol);
  if (const auto* scalar = std::get_if<ValueId>(&value)) {
    b.store(buffer, {}, *scalar);
    return;
  }
  const auto whole = std::get<std::shared_ptr<const Array>>(value);
  b.for_each(ir::Builder::over(module_.buffer(buffer).axes), {}, [&](const Values& at) -> Values {
    b.store(buffer, at, whole->at(at));
    return {};
  });
}

void ModelWriter::write_observed(Body& f, const elaborate::ObservedItem& item) {
  const auto imputed = imputed_.find(&item);
  if (imputed != imputed_.end()) {
    write_completed(f, item, imputed->second);
    const bool summed = f.purpose.kind == Purpose::LogDensity || f.purpose.kind == Purpose::Terms;
    if (summed) write_imputed_terms(f, item, imputed->second);
  }
  if (f.purpose.kind == Purpose::Constrain) return;
  Writer& w = *f.writer;
  ir::Builder& b = *f.builder;
  const auto found = spaces_.find(&item);
  const ir::SpaceId space = found == spaces_.end() ? ir::SpaceId{} : found->second;
  const auto term = [&](const std::shared_ptr<Environment>& env) {
    Values at;
    for (const Symbol* index : item.space.indices) at.push_back(std::get<ValueId>(*env->find(index)));
    const Operand x = cell_of(*f.env->find(item.target), at, item.event);
    return w.to_real(w.member_anywhere(*w.instance(*item.distribution, env), "log_density", {x}, item.body_range, Writer::Ends::Parameters));
  };
  if (f.purpose.kind != Purpose::Pointwise) {
    add_terms(f, item, space, term);
    return;
  }
  ir::Buffer out;
  out.name = fmt::format("pointwise.{}", item.name);
  out.kind = ir::BufferKind::Output;
  if (space.valid()) {
    out.axes = {module_.add(ir::Dim{.name = out.name, .kind = ir::Dim::Kind::Cells, .cells = space})};
  } else {
    for (const Symbol* index : item.space.indices) out.axes.push_back(dims_.id(index->type.index_of));
  }
  const ir::BufferId buffer = module_.add(out);
  // One term for each scored cell, at its place in the list.
  for_cells(
      f, item, space, {},
      [&](const auto& env, const Values& at) -> Values {
        b.store(buffer, space.valid() ? Values{at.back()} : at, term(env));
        return {};
      },
      space.valid());
}

void ModelWriter::write_factor(Body& f, const elaborate::FactorItem& item) {
  if (f.purpose.kind == Purpose::Constrain || f.purpose.kind == Purpose::Pointwise) return;
  const auto found = spaces_.find(&item);
  add_terms(f, item, found == spaces_.end() ? ir::SpaceId{} : found->second,
            [&](const std::shared_ptr<Environment>& env) { return f.writer->to_real(f.writer->scalar(*item.value, env)); });
}

}  // namespace lacuna::density
