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

void add_symbols(const elaborate::Item& item, std::set<const Symbol*>& found) {
  for (const Expr* tree : elaborate::trees_of(item))
    elaborate::for_each_node(tree, [&](const Expr& node) {
      if (const auto* variable = node.get_if<check::VariableExpr>()) found.insert(variable->symbol);
    });
}

}  // namespace

// All that the item reads, through lets and completed arrays.
std::set<const Symbol*> PredictionWriter::needs(const elaborate::Item& item) const {
  std::set<const Symbol*> found;
  add_symbols(item, found);
  for (std::size_t before = 0; before != found.size();) {
    before = found.size();
    for (const elaborate::Item* each : model_.items) {
      const auto* let = each->get_if<elaborate::LetItem>();
      if (let && found.contains(let->symbol)) add_symbols(*let, found);
    }
  }
  return found;
}

// The stored lets of stage draw that the function needs, in the order of the program.
std::vector<const elaborate::LetItem*> PredictionWriter::lets_of(const Body& f) const {
  const std::set<const Symbol*> wanted = needs(*f.site->item);
  std::vector<const elaborate::LetItem*> found;
  for (const elaborate::Item* each : model_.items) {
    const auto* let = each->get_if<elaborate::LetItem>();
    if (let && let->stage > check::Stage::Data && wanted.contains(let->symbol)) found.push_back(let);
  }
  return found;
}

// Whether what the statement observes is read on the way to it: then all that it needs is made element by element.
bool PredictionWriter::feeds_itself(const Body& f) const {
  const auto* observed = f.site->item->get_if<elaborate::ObservedItem>();
  if (!observed || f.site->imputed) return false;
  std::set<const Symbol*> read;
  for (const Expr* tree : {static_cast<const Expr*>(observed->distribution), observed->space.where})
    elaborate::for_each_node(tree, [&](const Expr& node) {
      if (const auto* variable = node.get_if<check::VariableExpr>()) read.insert(variable->symbol);
    });
  for (const elaborate::LetItem* let : lets_of(f)) add_symbols(*let, read);
  return read.contains(observed->target) || (observed->completed && read.contains(observed->completed));
}

void PredictionWriter::store_let(Body& f, const elaborate::LetItem& let, const Scope& scope, const Values& at) {
  const auto stored = lets_.find(let.symbol);
  if (stored == lets_.end()) return;
  if (let.space.indices.size() != at.size()) throw NotCompiled("a recurrence over several dimensions", let.range);
  f.builder->store(stored->second, at, f.writer->coerce(f.writer->scalar(*let.value, scope), let.symbol->type, scope));
}

void PredictionWriter::write_lets(Body& f) {
  const bool together = feeds_itself(f);
  for (const elaborate::LetItem* let : lets_of(f)) {
    const auto stored = lets_.find(let->symbol);
    if (stored == lets_.end()) {
      f.env->bind(let->symbol, f.writer->coerce(f.writer->scalar(*let->value, f.env), let->symbol->type, f.env));
      continue;
    }
    bind(*f.env, let->symbol, [b = f.builder.get(), buffer = stored->second](const Values& at) { return b->load(buffer, at); });
    if (together) continue;
    const auto cell = [&](const Values& at) -> Values {
      store_let(f, *let, scope_at(f, *let, at), at);
      return {};
    };
    std::vector<ir::DimId> over;
    for (const Symbol* index : let->space.indices) over.push_back(dims_.id(index->type.index_of));
    if (over.empty())
      cell({});
    else if (let->ordered)
      f.builder->scan(ir::Builder::over(over), {}, {}, cell);
    else
      f.builder->for_each(ir::Builder::over(over), {}, cell);
  }
}

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

// The draw of one cell of an observed array, by whichever statement drew it so far.
ValueId PredictionWriter::drawn_cell(Body& f, const Symbol* target, const Values& at) {
  ir::Builder& b = *f.builder;
  ValueId value = not_a_number(f);
  for (const Site& site : sites_) {
    const auto* observed = site.item->get_if<elaborate::ObservedItem>();
    if (!observed || site.imputed || observed->target != target || (!site.written && &site != f.site)) continue;
    const ValueId drawn = b.load(site.out, at);
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

// Arguments, and lets of data as `bind` stored them.
void PredictionWriter::bind_data(Environment& env, ir::Builder& b) const {
  const auto of_buffer = [&](const Symbol* symbol, ir::BufferId buffer) {
    bind(env, symbol, [at_builder = &b, buffer](const Values& at) { return at_builder->load(buffer, at); });
  };
  for (const Symbol* argument : model_.arguments) of_buffer(argument, module_.find_buffer(argument->name));
  for (const elaborate::Item* item : model_.items) {
    const auto* let = item->get_if<elaborate::LetItem>();
    const auto stored = let ? lets_.find(let->symbol) : lets_.end();
    if (let && let->stage <= check::Stage::Data && stored != lets_.end()) of_buffer(let->symbol, stored->second);
  }
}

void PredictionWriter::bind_names(Body& f) {
  ir::Builder* b = f.builder.get();
  std::set<const Symbol*> targets;
  for (const Site& site : sites_)
    if (const auto* observed = site.item->get_if<elaborate::ObservedItem>()) targets.insert(observed->target);
  const auto of_buffer = [&](const Symbol* symbol, ir::BufferId buffer) {
    bind(*f.env, symbol, [b, buffer](const Values& at) { return b->load(buffer, at); });
  };
  bind_data(*f.env, *b);
  bind_frozen(f);
  for (const auto& [symbol, buffer] : known_) of_buffer(symbol, buffer);
  for (const Symbol* target : targets) bind_target(f, target);
  for (const Site& site : sites_) {
    if (site.imputed) bind_completed(f, site);
    if (site.item->kind == ItemKind::Output && site.written) of_buffer(site.item->symbol, site.out);
  }
  write_lets(f);
}

}  // namespace lacuna::density
