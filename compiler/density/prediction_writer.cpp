#include "compiler/density/prediction_writer.h"

#include <fmt/format.h>

#include "compiler/elaborate/reads.h"

namespace lacuna::density {

using elaborate::ItemKind;
using ir::BufferKind;
using ir::Op;
using types::Scalar;

namespace {

// Draws of whole numbers that failed lie below this (ir/random_numbers.h).
constexpr double kNoWhole = -9e18;

bool is_whole(const check::Distribution& d) { return d.result.scalar == Scalar::Int || d.result.scalar == Scalar::Index || d.result.scalar == Scalar::Dist; }

}  // namespace

PredictionWriter::PredictionWriter(const elaborate::Model& model, ir::Module& module, DimensionTable& dims, const StoredLets& lets)
    : model_(model), module_(module), dims_(dims), lets_(lets) {
  number_sites();
}

// As the metadata number them: an observed site that imputes is followed by that of its imputed cells.
void PredictionWriter::number_sites() {
  int number = 0;
  for (const elaborate::Item* item : model_.items) {
    if (item->kind == ItemKind::Let) continue;
    sites_.push_back({.item = item, .number = number++});
    const auto* observed = item->get_if<elaborate::ObservedItem>();
    if (observed && observed->imputation != elaborate::Imputation::None) sites_.push_back({.item = item, .number = number++, .imputed = true});
  }
}

ir::BufferId PredictionWriter::dimension_buffer(std::string_view prefix, const Dimension* d) {
  const ir::DimId dim = dims_.id(d);
  const std::string name = fmt::format("{}.{}", prefix, module_.dim(dim).name);
  const ir::BufferId known = module_.find_buffer(name);
  return known.valid() ? known : module_.add(ir::Buffer{.name = name, .kind = BufferKind::Shared, .element = ir::Type::integer(), .axes = {dim}});
}

void PredictionWriter::declare() {
  const auto scalar = [&](std::string_view name, BufferKind kind) {
    return module_.add(ir::Buffer{.name = std::string(name), .kind = kind, .element = ir::Type::integer()});
  };
  seed_ = scalar("prediction.seed", BufferKind::Shared);
  simulate_ = scalar("prediction.simulate", BufferKind::Shared);
  draw_ = scalar("prediction.draw", BufferKind::Given);
  const auto array = [&](std::string name, BufferKind kind, check::List<const Dimension* const> dims) {
    ir::Buffer made{.name = std::move(name), .kind = kind, .element = ir::Type::real()};
    for (const Dimension* d : dims) made.axes.push_back(dims_.id(d));
    return module_.add(made);
  };
  for (Site& site : sites_) {
    const elaborate::Item& item = *site.item;
    const check::List<const Dimension* const> dims = item.symbol ? check::List<const Dimension* const>(item.symbol->type.dims) : check::List<const Dimension* const>{};
    if (item.kind == ItemKind::Factor) continue;
    for (const Dimension* d : dims) {
      dimension_buffer("key", d);
      dimension_buffer("map", d);
    }
    if (item.kind == ItemKind::Latent) {
      known_[item.symbol] = array(fmt::format("known.{}", item.name), BufferKind::Given, dims);
      continue;
    }
    const bool filled = site.imputed && item.as<elaborate::ObservedItem>().imputation == elaborate::Imputation::Latent;
    if (filled) filled_[&item] = array(fmt::format("known.{}.imputed", item.name), BufferKind::Given, dims);
    site.out = array(fmt::format("predict.{}.{}{}", site.number, item.name, site.imputed ? ".imputed" : ""), BufferKind::Output, dims);
  }
}

void PredictionWriter::run() {
  declare();
  freeze();
  for (Site& site : sites_) {
    if (site.item->kind == ItemKind::Factor) continue;
    write(site, false);
    if (site.item->kind == ItemKind::Observed && !site.imputed) write(site, true);
  }
}

void PredictionWriter::write(Site& site, bool likelihood) {
  Body f;
  f.site = f.drawing = &site;
  f.likelihood = likelihood;
  f.function.name = fmt::format("{}.{}.{}{}", likelihood ? "likelihood" : "predict", site.number, site.item->name, site.imputed ? ".imputed" : "");
  f.function.stage = ir::Stage::Draw;
  f.builder = std::make_unique<ir::Builder>(module_, f.function.body);
  f.writer = std::make_unique<Writer>(module_, dims_, *f.builder);
  f.env = std::make_shared<Environment>();
  try {
    write_items(f);
  } catch (const NotCompiled&) {
    return;  // a table without this site's function says so when it is asked (LACUNA_ABSENT)
  }
  f.builder->yield({});
  module_.functions.push_back(std::move(f.function));
  site.written = site.written || !likelihood;
}

PredictionWriter::Scope PredictionWriter::scope_at(Body& f, const elaborate::Item& item, const Values& at) {
  auto scope = std::make_shared<Environment>(f.env);
  for (std::size_t i = 0; i < item.space.indices.size() && i < at.size(); ++i) scope->bind(item.space.indices[i], at[i]);
  return scope;
}

// The whole array that `else impute` completes.
void PredictionWriter::write_completed(Body& f) {
  const auto& observed = f.site->item->as<elaborate::ObservedItem>();
  const auto whole = std::get<std::shared_ptr<const Array>>(*f.env->find(observed.completed));
  std::vector<ir::DimId> over;
  for (const Dimension* d : observed.target->type.dims) over.push_back(dims_.id(d));
  f.builder->for_each(ir::Builder::over(over), {}, [&](const Values& at) -> Values {
    f.builder->store(f.site->out, at, f.writer->to_real(whole->at(at)));
    return {};
  });
}

void PredictionWriter::write_cell(Body& f, const elaborate::Item& item, const Scope& scope, const Values& at) {
  if (const auto* let = item.get_if<elaborate::LetItem>())
    return f.builder->store(stored(let->symbol), at, f.writer->coerce(f.writer->scalar(*let->value, scope), let->symbol->type, scope));
  f.drawing = site_of(item);
  if (item.kind == ItemKind::Latent) return new_latent_cell(f, scope, at);
  if (f.likelihood && f.drawing == f.site) return likelihood_cell(f, scope, at);
  draw_cell(f, scope, at);
}

// Where the cells of a site that is made here go.
ir::BufferId PredictionWriter::cells_of(const Body& f, const Site& site) const {
  if (const auto other = f.others.find(&site); other != f.others.end()) return other->second;
  return site.item->kind == ItemKind::Latent ? known_.at(site.item->symbol) : site.out;
}

// The condition of the statement's space; what it cannot say for want of data, it does not.
ValueId PredictionWriter::within(Body& f, const elaborate::Item& item, const Scope& scope) {
  if (!item.space.where) return f.builder->boolean(true);
  const ValueId holds = f.writer->to_bool(f.writer->scalar(*item.space.where, scope));
  const auto there = Gaps(model_, module_, dims_, *f.writer).condition(*item.space.where, scope);
  return there ? f.builder->op(Op::And, {holds, *there}) : holds;
}

// Keys of labels, axis by axis (lacuna/model.h).
ValueId PredictionWriter::cell_key(Body& f, const Values& at) {
  ir::Builder& b = *f.builder;
  if (at.empty()) return b.integer(0);
  const auto dims = f.drawing->item->symbol->type.dims;
  const auto key = [&](std::size_t axis) { return b.load(dimension_buffer("key", dims[axis]), {at[axis]}); };
  ValueId whole = key(0);
  for (std::size_t axis = 1; axis < at.size(); ++axis) whole = b.op(Op::CombineKeys, {whole, key(axis)});
  return whole;
}

// A draw from a distribution with its arguments, keyed by the cell: NaN where something that it takes is missing or outside its bounds.
ValueId PredictionWriter::sound(Body& f, const elaborate::DistributionExpr& distribution, const std::optional<ValueId>& there, ValueId value) {
  ir::Builder& b = *f.builder;
  if (there) value = b.select(*there, value, not_a_number(f));
  if (is_whole(*distribution.distribution)) value = b.select(b.op(Op::Lt, {b.real(kNoWhole), value}), value, not_a_number(f));
  return value;
}

Chance PredictionWriter::chance_of(Body& f, const Values& cell) {
  ir::Builder& b = *f.builder;
  Chance chance;
  chance.seed = b.load(seed_);
  chance.cell = cell_key(f, cell);
  chance.counter = b.op(Op::IAdd, {b.load(draw_), b.integer(static_cast<std::int64_t>(static_cast<std::uint64_t>(f.drawing->number) << 48))});
  return chance;
}

void PredictionWriter::store_draw(Body& f, const elaborate::DistributionExpr& distribution, const Scope& scope, const Values& at,
                                  elaborate::List<const Dimension* const> event, const Replace& replace, const DrawOne& draw_one) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const ir::BufferId to = cells_of(f, *f.drawing);
  const auto made = w.instance(distribution, scope);
  const auto there = Gaps(model_, module_, dims_, w).parameters(distribution, *made, scope);
  Chance chance = chance_of(f, at);
  w.set_chance(&chance);
  if (event.empty()) {
    const ValueId drawn = draw_one ? draw_one(*made) : w.to_real(w.member(*made, "draw", {}, distribution.range));
    b.store(to, at, replace(at, sound(f, distribution, there, drawn)));
  } else {
    const auto drawn = w.member_array(*made, "draw", distribution.range);
    std::vector<ir::DimId> over;
    for (const Dimension* d : event) over.push_back(dims_.id(d));
    b.for_each(ir::Builder::over(over), {}, [&](const Values& rest) -> Values {
      Values all = at;
      all.insert(all.end(), rest.begin(), rest.end());
      b.store(to, all, replace(all, sound(f, distribution, there, w.to_real(drawn->at(rest)))));
      return {};
    });
  }
  w.set_chance(nullptr);
}

void PredictionWriter::draw_cell(Body& f, const Scope& scope, const Values& at) {
  const elaborate::Item& item = *f.drawing->item;
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const auto kept = [&](const Values&, ValueId value) {
    return item.space.where ? b.select(within(f, item, scope), value, not_a_number(f)) : value;
  };
  if (const auto* output = item.get_if<elaborate::OutputItem>(); output && output->value) {
    ValueId value = w.to_real(w.scalar(*output->value, scope));
    if (const auto there = Gaps(model_, module_, dims_, w).condition(*output->value, scope)) value = b.select(*there, value, not_a_number(f));
    b.store(cells_of(f, *f.drawing), at, kept(at, value));
    return;
  }
  const auto* output = item.get_if<elaborate::OutputItem>();
  const auto& distribution = output ? *output->distribution : *item.as<elaborate::ObservedItem>().distribution;
  const auto event = output ? output->event : item.as<elaborate::ObservedItem>().event;
  store_draw(f, distribution, scope, at, event, kept, {});
}

ValueId PredictionWriter::is_known(Body& f, const std::vector<ir::DimId>& axes, const Values& at) {
  ir::Builder& b = *f.builder;
  ValueId known = b.boolean(true);
  for (std::size_t k = 0; k < axes.size() && k < at.size(); ++k) {
    const ir::BufferId map = module_.find_buffer("map." + module_.dim(axes[k]).name);
    known = b.op(Op::And, {known, b.op(Op::ILe, {b.integer(0), b.load(map, {at[k]})})});
  }
  return known;
}

// One of the independent draws of a vector, keyed by its own place.
ValueId PredictionWriter::draw_at(Body& f, const elaborate::LatentItem& item, const Instance& made, const Values& at, ValueId place, bool above) {
  Values cell = at;
  cell.back() = place;
  Chance chance = chance_of(f, cell);
  Writer& w = *f.writer;
  w.set_chance(&chance);
  const ValueId value = above ? w.draw_between(made, f.builder->real(0), std::nullopt, item.range) : w.to_real(w.member(made, "draw", {}, item.range));
  w.set_chance(nullptr);
  return value;
}

// Identical normals less their mean: what they are given that their sum is 0.
ValueId PredictionWriter::about_mean(Body& f, const elaborate::LatentItem& item, const Instance& made, const Values& at) {
  ir::Builder& b = *f.builder;
  const ir::DimId k = dims_.id(item.symbol->type.dims.back());
  const ValueId sum = b.for_each(ir::Builder::over({k}), {ir::Reducer::Sum}, [&](const Values& i) -> Values { return {draw_at(f, item, made, at, i[0], false)}; })[0];
  return b.sub(draw_at(f, item, made, at, at.back(), false), b.div(sum, b.op(Op::ToReal, {b.size(k)})));
}

// The element of a sorted vector of independent draws, each keyed by its own place: that with as many smaller ones as the place says.
// Positive ones are drawn above 0.
ValueId PredictionWriter::in_order(Body& f, const elaborate::LatentItem& item, const Instance& made, const Values& at) {
  const bool above = item.structure == types::Structure::PositiveOrdered && item.distribution->type.bounds.lo < 0;
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const ir::Domain along = ir::Builder::over({dims_.id(item.symbol->type.dims.back())});
  const auto drawn_at = [&](ValueId place) { return draw_at(f, item, made, at, place, above); };
  return b.for_each(along, {ir::Reducer::Sum}, [&](const Values& i) -> Values {
    const ValueId mine = drawn_at(i[0]);
    const ValueId rank = b.for_each(along, {ir::Reducer::ISum}, [&](const Values& j) -> Values {
      const ValueId other = drawn_at(j[0]);
      const ValueId earlier = b.op(Op::And, {b.op(Op::Eq, {other, mine}), b.op(Op::ILt, {w.to_int(j[0]), w.to_int(i[0])})});
      return {b.op(Op::ToInt, {b.op(Op::Or, {b.op(Op::Lt, {other, mine}), earlier})})};
    })[0];
    return {b.select(b.op(Op::IEq, {rank, w.to_int(at.back())}), mine, b.real(0))};
  })[0];
}

// Elements of the fit keep their draws.
void PredictionWriter::new_latent_cell(Body& f, const Scope& scope, const Values& at) {
  const auto& item = f.drawing->item->as<elaborate::LatentItem>();
  ir::Builder& b = *f.builder;
  const ir::BufferId values = known_.at(item.symbol);
  const bool apart = item.event.empty() && item.structure != types::Structure::None;
  const bool ordered = item.structure == types::Structure::Ordered || item.structure == types::Structure::PositiveOrdered;
  // Other structures are those of distributions of whole vectors, or of the improper one, which draws nothing.
  if (apart && !ordered && item.structure != types::Structure::ZeroSum) throw NotCompiled("drawing a latent whose elements are bound together", item.range);
  DrawOne draw_one;
  if (apart)
    draw_one = [&](const Instance& made) { return ordered ? in_order(f, item, made, at) : about_mean(f, item, made, at); };
  else if (item.normaliser)
    draw_one = [&](const Instance& made) {
      const auto end = [&](const Expr* e) { return e ? std::optional(f.writer->to_real(f.writer->scalar(*e, scope))) : std::nullopt; };
      return f.writer->draw_between(made, end(item.lower), end(item.upper), item.range);
    };
  const auto kept = [&](const Values& all, ValueId value) {
    if (item.space.where) value = b.select(within(f, item, scope), value, not_a_number(f));  // elsewhere there is no such latent
    if (all.empty()) return value;
    return b.select(is_known(f, module_.buffer(values).axes, all), b.load(values, all), value);
  };
  store_draw(f, *item.distribution, scope, at, item.event, kept, draw_one);
}

// The term of a scored cell; of an event, at its first element.
void PredictionWriter::likelihood_cell(Body& f, const Scope& scope, const Values& at) {
  const auto& item = f.site->item->as<elaborate::ObservedItem>();
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  if (item.seen) throw NotCompiled("the log likelihood of part of an event", item.range);
  const auto joined = [&](const Values& rest) {
    Values all = at;
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  };
  const auto event = std::make_shared<Array>();
  event->dims.assign(item.event.begin(), item.event.end());
  event->at = [&](const Values& rest) { return own_value(f, item.target, joined(rest)); };
  const auto term = [&]() -> Values {
    const Operand x = item.event.empty() ? Operand(own_value(f, item.target, at)) : Operand(std::shared_ptr<const Array>(event));
    return {w.to_real(w.member_anywhere(*w.instance(*item.distribution, scope), "log_density", {x}, item.body_range, Writer::Ends::Parameters))};
  };
  Gaps gaps(model_, module_, dims_, w);
  ValueId counts = within(f, item, scope);
  if (item.scored) {
    counts = b.op(Op::And, {counts, w.to_bool(w.scalar(*item.scored, scope))});
    if (const auto there = gaps.condition(*item.scored, scope)) counts = b.op(Op::And, {counts, *there});
  }
  ValueId value = b.branch(counts, term, [&]() -> Values { return {not_a_number(f)}; })[0];
  for (const Expr* argument : item.distribution->arguments)
    if (const auto there = argument ? gaps.condition(*argument, scope) : std::nullopt) value = b.select(*there, value, not_a_number(f));
  if (item.event.empty()) return b.store(f.site->out, at, value);
  std::vector<ir::DimId> over;
  for (const Dimension* d : item.event) over.push_back(dims_.id(d));
  b.for_each(ir::Builder::over(over), {}, [&](const Values& rest) -> Values {
    ValueId first = b.boolean(true);
    for (const ValueId index : rest) first = b.op(Op::And, {first, b.op(Op::IEq, {w.to_int(index), b.integer(0)})});
    b.store(f.site->out, joined(rest), b.select(first, value, not_a_number(f)));
    return {};
  });
}

}  // namespace lacuna::density
