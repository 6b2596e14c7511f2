#include "compiler/elaborate/elaborator.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/elaborate/support_bounds.h"

namespace lacuna::elaborate {

using syntax::StmtKind;

namespace {

std::vector<const Symbol*> indices_of(const check::Plate* plate) {
  std::vector<const Symbol*> all;
  for (; plate; plate = plate->parent) all.insert(all.begin(), plate->indices.begin(), plate->indices.end());
  return all;
}

std::size_t event_rank(const check::DistributionExpr& d) { return d.type.dims.size() - d.batch_rank; }

bool has_member(const check::DistributionExpr& d, std::string_view name) {
  const auto& members = d.distribution->members;
  return std::any_of(members.begin(), members.end(), [&](const check::DistributionMember& m) { return m.name == name; });
}

}  // namespace

Elaborator::Elaborator(const check::CheckedModel& checked, support::Arena& arena, const support::SourceMap& sources, diagnostics::Sink& sink)
    : checked_(checked), arena_(arena), sources_(sources), sink_(sink), make_(arena), inliner_(make_), form_(make_, names_) {
  for (const Symbol* symbol : checked.arguments) names_.take_in_model(symbol->name);
  for (const Symbol* symbol : checked.symbols) names_.take_in_model(symbol->name);
}

const Expr* Elaborator::aligned(const Expr* e, const Cell& cell) {
  return e ? form_.aligned(*inliner_.inline_calls(*e), cell) : nullptr;
}

const check::DistributionExpr* Elaborator::distribution(const check::DistributionExpr& e, const Cell& cell) {
  return form_.distribution(inliner_.inline_calls(e)->as<check::DistributionExpr>(), cell);
}

void Elaborator::begin(List<const Symbol* const> indices) {
  names_.begin_item();
  make_.begin_item();
  for (const Symbol* index : indices) names_.take(index->name);
}

Elaborator::Place Elaborator::place(const check::Target& target, std::size_t event_rank, SourceRange range) {
  begin(target.indices);
  const Dims dims = target.symbol->type.dims;
  const std::size_t batch = dims.size() - std::min(event_rank, dims.size());
  Place p;
  p.indices.assign(target.indices.begin(), target.indices.end());
  if (batch > p.indices.size()) {
    const auto more = form_.fresh_indices(dims.subspan(p.indices.size(), batch - p.indices.size()), range);
    p.indices.insert(p.indices.end(), more.begin(), more.end());
  }
  p.batch = {dims.first(batch), form_.variables(p.indices, range)};
  p.event = dims.subspan(batch);
  return p;
}

// Of a statement without a target: its plates' indices, then one for each dimension of its value.
Elaborator::Place Elaborator::place_of_values(const check::Plate* plate, Dims dims, SourceRange range) {
  Place p;
  p.indices = indices_of(plate);
  begin(p.indices);
  const auto more = form_.fresh_indices(dims, range);
  p.indices.insert(p.indices.end(), more.begin(), more.end());
  std::vector<const Dimension*> all;
  for (const Symbol* index : p.indices) all.push_back(index->type.index_of);
  p.batch = {arena_.copy(all), form_.variables(p.indices, range)};
  return p;
}

Space Elaborator::space(const Place& p, const Expr* domain) { return {arena_.copy(p.indices), aligned(domain, p.batch)}; }

template <class T>
T* Elaborator::item(const check::Statement& s, const check::Target& target, const Place& p) {
  T* made = arena_.make<T>();
  made->kind = T::kKind;
  made->name = target.symbol->name;
  made->symbol = target.symbol;
  made->plate = s.plate;
  made->range = target.range;
  made->space = space(p, target.domain);
  return made;
}

LetItem* Elaborator::let(const check::LetStatement& s) {
  const Place p = place(s.target, 0, s.target.range);
  auto* made = item<LetItem>(s, s.target, p);
  made->value = aligned(s.value, p.batch);
  made->body_range = s.value->range;
  made->stage = check::later(made->value->stage, p.indices.empty() ? Stage::Constant : Stage::Data);
  return made;
}

LatentItem* Elaborator::latent(const check::SampleStatement& s) {
  const Place p = place(s.target, event_rank(*s.distribution), s.target.range);
  auto* made = item<LatentItem>(s, s.target, p);
  made->distribution = distribution(*s.distribution, p.batch);
  made->body_range = s.distribution->range;
  made->event = p.event;
  made->structure = s.target.symbol->type.structure;
  made->noncentered = s.noncentered;
  made->normaliser = aligned(s.normaliser, p.batch);
  made->stage = Stage::Draw;
  if (p.event.empty()) {
    const Bounds bounds = support_bounds(make_, inliner_, *made->distribution, s.target.symbol->type.bounds);
    made->lower = bounds.lower;
    made->upper = bounds.upper;
    // Sums over values need a number of them that no latent changes: `Binomial(m, p)` goes to the largest value of `m`.
    const bool moves = made->upper && made->upper->stage > Stage::Data && s.target.symbol->type.scalar == types::Scalar::Int;
    const double most = moves ? made->upper->type.bounds.hi : 0;
    if (moves && most < 1e9) made->upper = make_.integer(static_cast<std::int64_t>(most), made->upper->range);
  }
  return made;
}

void Elaborator::score(const check::ObserveStatement& s, const Place& p, ObservedItem& made) {
  const bool by_coordinate = !p.event.empty() && has_member(*s.distribution, "marginal");
  const Expr* where = s.mask_in_event ? nullptr : aligned(s.where, p.batch);
  if (!by_coordinate) {
    made.scored = make_.both(form_.presence_of(s.target.symbol, p.batch.at, s.target.range), where);
    return;
  }
  made.scored = where;
  if (!s.target.symbol->type.optional && !s.mask_in_event) return;
  const std::vector<const Symbol*> along = form_.fresh_indices(p.event, s.target.range);
  made.seen_indices = arena_.copy(along);
  Cell cell = p.batch;
  std::vector<const Dimension*> dims(cell.dims.begin(), cell.dims.end());
  dims.insert(dims.end(), p.event.begin(), p.event.end());
  cell.dims = arena_.copy(dims);
  for (const Expr* index : form_.variables(along, s.target.range)) cell.at.push_back(index);
  made.seen = form_.presence_of(s.target.symbol, cell.at, s.target.range);
  if (s.mask_in_event) made.seen = make_.both(made.seen, aligned(s.where, cell));
}

ObservedItem* Elaborator::observed(const check::ObserveStatement& s) {
  const Place p = place(s.target, event_rank(*s.distribution), s.target.range);
  auto* made = item<ObservedItem>(s, s.target, p);
  made->target = s.target.symbol;
  made->distribution = distribution(*s.distribution, p.batch);
  made->body_range = s.distribution->range;
  made->event = p.event;
  made->completed = s.completed;
  made->stage = check::later(made->distribution->stage, Stage::Data);
  score(s, p, *made);
  if (s.completed && p.event.empty()) {
    const Bounds bounds = support_bounds(make_, inliner_, *made->distribution, s.target.symbol->type.bounds);
    made->lower = bounds.lower;
    made->upper = bounds.upper;
  }
  return made;
}

FactorItem* Elaborator::factor(const check::FactorStatement& s) {
  const Dims own = s.where && s.where->type.dims.size() > s.value->type.dims.size() ? s.where->type.dims : s.value->type.dims;
  const Place p = place_of_values(s.plate, own, s.value->range);
  auto* made = arena_.make<FactorItem>();
  made->kind = ItemKind::Factor;
  const auto line = sources_.file(s.value->range.file).position(s.value->range.begin).line;
  made->name = arena_.copy(std::string_view(fmt::format("factor at line {}", line)));
  made->plate = s.plate;
  made->range = s.value->range;
  made->body_range = s.value->range;
  made->space = space(p, nullptr);
  for (const check::Plate* plate = s.plate; plate; plate = plate->parent)
    made->space.where = make_.both(aligned(plate->where, p.batch), made->space.where);
  made->space.where = make_.both(made->space.where, aligned(s.where, p.batch));
  made->value = aligned(s.value, p.batch);
  made->stage = check::later(made->value->stage, Stage::Data);
  return made;
}

OutputItem* Elaborator::output(const check::OutputStatement& s) {
  const Place p = place(s.target, s.distribution ? event_rank(*s.distribution) : 0, s.target.range);
  auto* made = item<OutputItem>(s, s.target, p);
  made->event = p.event;
  made->stage = Stage::Chance;
  if (s.value) made->value = aligned(s.value, p.batch);
  if (s.distribution) made->distribution = distribution(*s.distribution, p.batch);
  made->body_range = s.value ? s.value->range : s.distribution->range;
  return made;
}

check::Obligation Elaborator::obligation(const check::Obligation& o) {
  check::Obligation made = o;
  names_.begin_item();
  make_.begin_item();
  for (const Symbol* index : o.indices) names_.take(index->name);
  // Subject, condition and guard run together over the indices that are free and the dimensions that any of them has.
  const auto event = static_cast<std::size_t>(types::event_rank(o.structure));
  std::vector<const Dimension*> own;
  const auto add_dims = [&](const Expr* e, std::size_t left_out) {
    if (!e) return;
    const Dims dims = e->type.dims.first(e->type.dims.size() - std::min(left_out, e->type.dims.size()));
    if (own.empty()) own.assign(dims.begin(), dims.end());
    for (const Dimension* d : dims)
      if (std::find(own.begin(), own.end(), d) == own.end()) own.push_back(d);
  };
  add_dims(o.subject, event);
  add_dims(o.condition, 0);
  add_dims(o.guard, 0);
  std::vector<const Symbol*> indices(o.indices.begin(), o.indices.end());
  const auto more = form_.fresh_indices(arena_.copy(own), o.range);
  indices.insert(indices.end(), more.begin(), more.end());
  std::vector<const Dimension*> dims;
  for (const Symbol* index : indices) dims.push_back(index->type.index_of);
  const Cell cell{arena_.copy(dims), form_.variables(indices, o.range)};
  made.indices = arena_.copy(indices);
  if (o.subject) {
    const Expr* subject = inliner_.inline_calls(*o.subject);
    const std::size_t whole = std::min(event, subject->type.dims.size());
    made.subject = form_.array(*subject, cell, subject->type.dims.last(whole));
  }
  made.condition = aligned(o.condition, cell);
  made.guard = aligned(o.guard, cell);
  return made;
}

Item* Elaborator::item_of(const check::Statement& s) {
  switch (s.kind) {
    case StmtKind::Let: return let(s.as<check::LetStatement>());
    case StmtKind::Sample: return latent(s.as<check::SampleStatement>());
    case StmtKind::Observe: return observed(s.as<check::ObserveStatement>());
    case StmtKind::Factor: return factor(s.as<check::FactorStatement>());
    case StmtKind::Output: return output(s.as<check::OutputStatement>());
    default: return nullptr;
  }
}

Model Elaborator::run(std::vector<Item*>& items) {
  Model model;
  model.name = checked_.name;
  model.checked = &checked_;
  model.arguments = checked_.arguments;
  for (const Dimension* d : checked_.dimensions) model.dimensions.push_back({d});
  for (const check::Statement* s : checked_.statements) {
    Item* item = item_of(*s);
    if (!item) continue;
    if (make_.within_limit())
      items.push_back(item);
    else
      sink_.report(diagnostics::Id::TooLarge, item->body_range, Maker::kMostNodes).help("give what it uses several times a name, with `let`");
  }
  model.items.assign(items.begin(), items.end());
  for (const check::Obligation& o : checked_.obligations) model.obligations.push_back(obligation(o));
  model.arguments.insert(model.arguments.end(), make_.labels().begin(), make_.labels().end());
  return model;
}

}  // namespace lacuna::elaborate
