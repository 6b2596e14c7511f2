// What names mean in a prediction: latents as the caller gives them, arguments of the target, observed arrays with draws where
// nothing is supplied.
#include "compiler/density/prediction_writer.h"
#include "compiler/elaborate/reads.h"

namespace lacuna::density {

using elaborate::ItemKind;
using ir::Op;

namespace {

std::shared_ptr<Array> array_over(const Symbol* symbol, std::function<ValueId(const Values&)> at) {
  auto made = std::make_shared<Array>();
  made->dims.assign(symbol->type.dims.begin(), symbol->type.dims.end());
  made->at = std::move(at);
  return made;
}

void bind(Environment& env, const Symbol* symbol, std::function<ValueId(const Values&)> at) {
  env.bind(symbol, Operand(std::shared_ptr<const Array>(array_over(symbol, std::move(at)))));
}

}  // namespace

// Some statement draws the cell.
ValueId PredictionWriter::is_drawn(Body& f, const Symbol* target, const Values& at) {
  ValueId any = f.builder->boolean(false);
  for (const Site& site : sites_) {
    const auto* observed = site.item->get_if<elaborate::ObservedItem>();
    if (!observed || site.imputed || observed->target != target) continue;
    any = f.builder->op(Op::Or, {any, within(f, *observed, scope_at(f, *observed, at))});
  }
  return any;
}

// The target's own value there, as it is bound.
ValueId PredictionWriter::own_value(Body& f, const Symbol* target, const Values& at) {
  const auto stored = lets_.find(target);
  return f.builder->load(stored == lets_.end() ? module_.find_buffer(target->name) : stored->second, at);
}

ValueId PredictionWriter::is_bound(Body& f, const Symbol* target, const Values& at) {
  ir::Builder& b = *f.builder;
  const ir::BufferId buffer = module_.find_buffer(target->name);
  if (lets_.contains(target) || !module_.buffer(buffer).optional) return b.op(Op::Not, {b.op(Op::IsNan, {f.writer->to_real(own_value(f, target, at))})});
  return b.present(buffer, at);
}

// A value that the target holds, and that counts: where the mask can be asked, it says so, of the data as they are.
ValueId PredictionWriter::supplied(Body& f, const elaborate::ObservedItem& item, const Values& at) {
  ir::Builder& b = *f.builder;
  const ValueId simulates = b.op(Op::And, {b.op(Op::INe, {b.load(simulate_), b.integer(0)}), is_drawn(f, item.target, at)});
  const ValueId there = b.op(Op::And, {b.op(Op::Not, {simulates}), is_bound(f, item.target, at)});
  if (!item.completed || !item.scored) return there;
  const auto scope = scope_at(f, item, at);
  bind(*scope, item.target, [this, &f, &item](const Values& cell) { return own_value(f, item.target, cell); });
  const auto before = f.writer->set_presence(item.target, [this, &f, &item](const Values& cell) { return is_bound(f, item.target, cell); });
  const ValueId scored = f.writer->to_bool(f.writer->scalar(*item.scored, scope));
  const auto known = Gaps(model_, module_, dims_, *f.writer).condition(*item.scored, scope);
  f.writer->set_presence(item.target, before);
  return b.op(Op::And, {there, known ? b.op(Op::Or, {scored, b.op(Op::Not, {*known})}) : scored});
}

// The draw of one cell of an observed array, by whichever statement drew it so far. A statement whose cells are in no order has none of
// its own draws behind it.
ValueId PredictionWriter::drawn_cell(Body& f, const Symbol* target, const Values& at) {
  ir::Builder& b = *f.builder;
  ValueId value = not_a_number(f);
  for (const Site& site : sites_) {
    const auto* observed = site.item->get_if<elaborate::ObservedItem>();
    if (!observed || site.imputed || observed->target != target) continue;
    if (!site.written && &site != f.site && !f.others.contains(&site)) continue;
    if (&site == f.drawing && !f.in_order) continue;
    const ValueId drawn = b.load(cells_of(f, site), at);
    value = b.select(b.op(Op::IsNan, {drawn}), value, drawn);
  }
  return value;
}

// Supplied, else drawn; elements of the fit keep their gaps.
void PredictionWriter::bind_target(Body& f, const Symbol* target) {
  const elaborate::ObservedItem* first = nullptr;
  for (const Site& site : sites_) {
    const auto* observed = site.item->get_if<elaborate::ObservedItem>();
    if (observed && observed->target == target && !first) first = observed;
  }
  std::vector<ir::DimId> axes;
  for (const Dimension* d : target->type.dims) axes.push_back(dims_.id(d));
  const auto fresh = [this, &f, axes](const Values& at) {
    ir::Builder& b = *f.builder;
    return b.op(Op::Or, {b.op(Op::Not, {is_known(f, axes, at)}), b.op(Op::INe, {b.load(simulate_), b.integer(0)})});
  };
  const auto own = [this, &f, target](const Values& at) { return own_value(f, target, at); };
  if (f.likelihood) return bind(*f.env, target, own);
  bind(*f.env, target, [this, &f, target, first, fresh, own](const Values& at) {
    ir::Builder& b = *f.builder;
    const ValueId draw = b.select(fresh(at), drawn_cell(f, target, at), not_a_number(f));
    const ValueId value = b.select(supplied(f, *first, at), f.writer->to_real(own(at)), draw);
    return f.writer->coerce(value, target->type, f.env);
  });
  f.writer->set_presence(target, [this, &f, first, fresh](const Values& at) { return f.builder->op(Op::Or, {supplied(f, *first, at), fresh(at)}); });
}

// Scored cells as they are; else what the fit has; else the draw.
void PredictionWriter::bind_completed(Body& f, const Site& site) {
  const auto& item = site.item->as<elaborate::ObservedItem>();
  const auto filled = filled_.find(&item);
  bind(*f.env, item.completed, [this, &f, &item, has = filled != filled_.end(), from = filled == filled_.end() ? ir::BufferId{} : filled->second](const Values& at) {
    ir::Builder& b = *f.builder;
    ValueId other = drawn_cell(f, item.target, at);
    if (has) {
      const ValueId known = b.load(from, at);
      other = b.select(b.op(Op::IsNan, {known}), other, known);
    }
    const ValueId given = f.writer->to_real(own_value(f, item.target, at));
    return f.writer->coerce(b.select(supplied(f, item, at), given, other), item.completed->type, f.env);
  });
}

void PredictionWriter::bind_cells(Environment& env, ir::Builder& b, const Symbol* symbol, ir::BufferId buffer) const {
  bind(env, symbol, [at_builder = &b, buffer](const Values& at) { return at_builder->load(buffer, at); });
}

// Arguments, and lets of data as `bind` stored them.
void PredictionWriter::bind_data(Environment& env, ir::Builder& b) const {
  for (const Symbol* argument : model_.arguments) bind_cells(env, b, argument, module_.find_buffer(argument->name));
  for (const elaborate::Item* item : model_.items) {
    const auto* let = item->get_if<elaborate::LetItem>();
    const auto stored = let ? lets_.find(let->symbol) : lets_.end();
    if (let && let->stage <= check::Stage::Data && stored != lets_.end()) bind_cells(env, b, let->symbol, stored->second);
  }
}

void PredictionWriter::bind_names(Body& f) {
  ir::Builder& b = *f.builder;
  std::set<const Symbol*> targets;
  for (const Site& site : sites_)
    if (const auto* observed = site.item->get_if<elaborate::ObservedItem>()) targets.insert(observed->target);
  bind_data(*f.env, b);
  bind_frozen(f);
  for (const Site& site : sites_)
    if (site.item->kind == ItemKind::Latent) bind_cells(*f.env, b, site.item->symbol, cells_of(f, site));
  for (const Symbol* target : targets) bind_target(f, target);
  for (const Site& site : sites_) {
    if (site.imputed) bind_completed(f, site);
    if (site.item->kind == ItemKind::Output && site.written) bind_cells(*f.env, b, site.item->symbol, site.out);
  }
}

}  // namespace lacuna::density
