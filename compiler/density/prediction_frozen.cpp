// Values that data are reduced to over a dimension that may change: they keep the value of the training data, so that
// `(x - centre) / spread` means the same for new rows.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/density/prediction_writer.h"
#include "compiler/elaborate/reads.h"

namespace lacuna::density {

using elaborate::ItemKind;

bool PredictionWriter::may_change(const Dimension* d) const {
  for (const elaborate::DimensionInfo& info : model_.dimensions)
    if (info.dimension == d) return info.kind != elaborate::DimensionKind::Closed;
  return false;
}

// The indices that `e` reads and does not bind itself.
std::vector<const Symbol*> PredictionWriter::free_indices(const Expr& e) const {
  std::set<const Symbol*> bound;
  std::vector<const Symbol*> found;
  elaborate::for_each_node(&e, [&](const Expr& node) {
    if (const auto* reduce = node.get_if<check::ReduceExpr>()) bound.insert(reduce->binders.begin(), reduce->binders.end());
    if (const auto* list = node.get_if<check::ComprehensionExpr>()) bound.insert(list->binders.begin(), list->binders.end());
    const auto* variable = node.get_if<check::VariableExpr>();
    if (!variable || variable->symbol->kind != check::SymbolKind::Index) return;
    if (std::find(found.begin(), found.end(), variable->symbol) == found.end()) found.push_back(variable->symbol);
  });
  std::erase_if(found, [&](const Symbol* index) { return bound.contains(index); });
  return found;
}

// Of stage data, over a dimension that may change, and the same for all of that dimension's elements.
bool PredictionWriter::keeps_training(const Expr& e) const {
  if (e.stage > check::Stage::Data || e.type.is_array() || e.get_if<check::DistributionExpr>()) return false;
  bool reduces = false;
  elaborate::for_each_node(&e, [&](const Expr& node) {
    if (const auto* reduce = node.get_if<check::ReduceExpr>())
      for (const Symbol* binder : reduce->binders) reduces = reduces || may_change(binder->type.index_of);
    if (const auto* size = node.get_if<check::SizeExpr>()) reduces = reduces || may_change(size->dimension);
  });
  if (!reduces) return false;
  const std::vector<const Symbol*> indices = free_indices(e);
  return std::none_of(indices.begin(), indices.end(), [&](const Symbol* index) { return may_change(index->type.index_of); });
}

ir::BufferId PredictionWriter::shared_copy(ir::BufferId made) {
  const ir::Buffer of = module_.buffer(made);
  if (of.element.scalar != ir::Scalar::Real && of.element.scalar != ir::Scalar::Int) throw NotCompiled("a training value of this type", {});
  return module_.add(ir::Buffer{.name = "frozen." + of.name, .kind = ir::BufferKind::Shared, .element = of.element, .axes = of.axes});
}

// A buffer that `bind` fills with the value of `e`, for each value of its free indices.
void PredictionWriter::lift(const Expr& e) {
  if (lifted(e)) return;
  Lifted made;
  made.value = &e;
  made.indices = free_indices(e);
  ir::Buffer buffer{.name = module_.fresh_buffer_name("reduced"), .kind = ir::BufferKind::Data};
  buffer.element = e.type.scalar == types::Scalar::Real ? ir::Type::real() : ir::Type::integer();
  for (const Symbol* index : made.indices) buffer.axes.push_back(dims_.id(index->type.index_of));
  made.made = module_.add(buffer);
  made.training = shared_copy(made.made);
  lifted_.push_back(made);
}

const PredictionWriter::Lifted* PredictionWriter::lifted(const Expr& e) const {
  for (const Lifted& each : lifted_)
    if (each.value == &e) return &each;
  return nullptr;
}

void PredictionWriter::freeze() {
  for (const elaborate::Item* item : model_.items) {
    if (const auto* let = item->get_if<elaborate::LetItem>(); let && keeps_training(*let->value)) {
      const bool changes = std::any_of(let->space.indices.begin(), let->space.indices.end(), [&](const Symbol* i) { return may_change(i->type.index_of); });
      const auto stored = lets_.find(let->symbol);
      if (!changes && stored != lets_.end()) {
        frozen_[let->symbol] = shared_copy(stored->second);
        continue;
      }
    }
    if (item->kind == ItemKind::Output) continue;  // over the data given
    for (const Expr* tree : elaborate::trees_of(*item)) find_lifted(tree);
  }
  write_lifted();
  find_moved();
}

void PredictionWriter::find_lifted(const Expr* e) {
  if (!e) return;
  std::vector<const Expr*> inside;
  elaborate::for_each_node(e, [&](const Expr& node) {
    const bool within = std::any_of(inside.begin(), inside.end(), [&](const Expr* outer) {
      bool found = false;
      elaborate::for_each_node(outer, [&](const Expr& part) { found = found || &part == &node; });
      return found;
    });
    if (within || !keeps_training(node)) return;
    inside.push_back(&node);
    lift(node);
  });
}

void PredictionWriter::write_lifted() {
  if (lifted_.empty()) return;
  ir::Function bind{.name = "bind.reduced", .stage = ir::Stage::Data};
  {
    ir::Builder b(module_, bind.body);
    Writer w(module_, dims_, b);
    auto env = std::make_shared<Environment>();
    bind_data(*env, b);
    for (const Lifted& each : lifted_) {
      const auto store = [&](const Values& at) -> Values {
        auto scope = std::make_shared<Environment>(env);
        for (std::size_t i = 0; i < at.size(); ++i) scope->bind(each.indices[i], at[i]);
        const ValueId value = w.scalar(*each.value, scope);
        b.store(each.made, at, module_.buffer(each.made).element == ir::Type::real() ? w.to_real(value) : w.to_int(value));
        return {};
      };
      if (each.indices.empty())
        store({});
      else
        b.for_each(ir::Builder::over(module_.buffer(each.made).axes), {}, store);
    }
    b.yield({});
  }
  module_.functions.push_back(std::move(bind));
}

// Lets of stage data that stand on a training value, through others too: what `bind` stored of the target is not theirs.
void PredictionWriter::find_moved() {
  for (const elaborate::Item* item : model_.items) {
    const auto* let = item->get_if<elaborate::LetItem>();
    if (!let || let->stage > check::Stage::Data || frozen_.contains(let->symbol)) continue;
    bool moved = false;
    elaborate::for_each_node(let->value, [&](const Expr& node) {
      const auto* variable = node.get_if<check::VariableExpr>();
      moved = moved || lifted(node) || (variable && (frozen_.contains(variable->symbol) || moved_.contains(variable->symbol)));
    });
    if (!moved) continue;
    moved_.insert(let->symbol);
    if (let->ordered) carry(*let);
  }
}

// A recurrence over training values has a buffer of its own, that each function fills.
void PredictionWriter::carry(const elaborate::LetItem& let) {
  const auto stored = lets_.find(let.symbol);
  if (stored == lets_.end()) return;
  ir::Buffer made = module_.buffer(stored->second);
  made.name = "moved." + made.name;
  made.kind = ir::BufferKind::Work;
  carried_[let.symbol] = module_.add(made);
}

// What the writer is told of training values.
void PredictionWriter::bind_frozen(Body& f) {
  for (const auto& [symbol, buffer] : frozen_) bind_cells(*f.env, *f.builder, symbol, buffer);
  for (const elaborate::Item* item : model_.items) {
    const auto* let = item->get_if<elaborate::LetItem>();
    if (!let || !moved_.contains(let->symbol)) continue;
    if (carried_.contains(let->symbol)) continue;  // bound with what the function makes
    auto made = std::make_shared<Array>();
    made->dims.assign(let->symbol->type.dims.begin(), let->symbol->type.dims.end());
    made->at = [this, &f, let](const Values& at) { return f.writer->coerce(f.writer->scalar(*let->value, scope_at(f, *let, at)), let->symbol->type, f.env); };
    f.env->bind(let->symbol, Operand(std::shared_ptr<const Array>(made)));
  }
  if (lifted_.empty()) return;
  f.writer->set_known([this, &f](const Expr& e, const Env& env) -> std::optional<ValueId> {
    const Lifted* found = lifted(e);
    if (!found) return std::nullopt;
    Values at;
    for (const Symbol* index : found->indices) at.push_back(std::get<ValueId>(*env->find(index)));
    return f.builder->load(found->training, at);
  });
}

}  // namespace lacuna::density
