// What one function of a prediction makes, and in what order: the lets that its site stands on, sites of later numbers that it reads, and
// the site itself. Statements that follow from each other's elements are made in step: all of them at one element, then at the next.
#include <algorithm>

#include "compiler/density/prediction_writer.h"
#include "compiler/elaborate/reads.h"

namespace lacuna::density {

using elaborate::Item;
using elaborate::ItemKind;
using ir::BufferKind;

namespace {

void add_symbols(const Item& item, std::set<const Symbol*>& found) {
  for (const Expr* tree : elaborate::trees_of(item))
    elaborate::for_each_node(tree, [&](const Expr& node) {
      if (const auto* variable = node.get_if<check::VariableExpr>()) found.insert(variable->symbol);
    });
}

std::vector<const Dimension*> dims_of(const Item& item) {
  std::vector<const Dimension*> made;
  for (const Symbol* index : item.space.indices) made.push_back(index->type.index_of);
  return made;
}

bool runs_in_order(const Item& item, const Dimension* d) {
  return std::any_of(item.order.begin(), item.order.end(), [&](const Symbol* index) { return index->type.index_of == d; });
}

}  // namespace

const PredictionWriter::Site* PredictionWriter::site_of(const Item& item) const {
  for (const Site& site : sites_)
    if (site.item == &item && !site.imputed) return &site;
  return nullptr;
}

ir::BufferId PredictionWriter::stored(const Symbol* let) const {
  if (const auto carried = carried_.find(let); carried != carried_.end()) return carried->second;
  const auto found = lets_.find(let);
  return found == lets_.end() ? ir::BufferId{} : found->second;
}

// A site of a later number that is read here: an observed array, or a latent in step with the site. The caller's arrays do not have it yet.
bool PredictionWriter::is_drawn_here(const Body& f, const Site& site, const std::set<const Symbol*>& wanted) const {
  if (f.likelihood || f.site->imputed || site.imputed || site.number <= f.site->number) return false;
  if (const auto* observed = site.item->get_if<elaborate::ObservedItem>())
    return wanted.contains(observed->target) || (observed->completed && wanted.contains(observed->completed));
  return site.item->kind == ItemKind::Latent && site.item->step == f.site->item->step && wanted.contains(site.item->symbol);
}

// All that the site reads, through lets and through sites that are drawn here.
std::set<const Symbol*> PredictionWriter::needs(const Body& f) const {
  std::set<const Symbol*> found;
  add_symbols(*f.site->item, found);
  for (std::size_t before = 0; before != found.size();) {
    before = found.size();
    for (const Item* each : model_.items) {
      const auto* let = each->get_if<elaborate::LetItem>();
      if (let && found.contains(let->symbol)) add_symbols(*let, found);
    }
    for (const Site& site : sites_)
      if (is_drawn_here(f, site, found)) add_symbols(*site.item, found);
  }
  return found;
}

// What the function makes: what is read before what reads it (Item::step).
PredictionWriter::Items PredictionWriter::items_of(Body& f) {
  const std::set<const Symbol*> wanted = needs(f);
  Items made;
  for (const Item* each : model_.items) {
    const auto* let = each->get_if<elaborate::LetItem>();
    const bool own = each == f.site->item && !f.site->imputed;
    const bool computed = let && (let->stage > check::Stage::Data || carried_.contains(let->symbol)) && wanted.contains(let->symbol);
    const Site* site = let ? nullptr : site_of(*each);
    const bool drawn = site && !own && is_drawn_here(f, *site, wanted);
    if (own || computed || drawn) made.push_back(each);
    if (!drawn) continue;
    ir::Buffer cells{.name = module_.fresh_buffer_name("drawn"), .kind = BufferKind::Work, .element = ir::Type::real()};
    for (const Dimension* d : each->symbol->type.dims) cells.axes.push_back(dims_.id(d));
    f.others[site] = module_.add(cells);
  }
  std::stable_sort(made.begin(), made.end(), [](const Item* a, const Item* b) { return a->step < b->step; });
  return made;
}

void PredictionWriter::write_items(Body& f) {
  const Items items = items_of(f);
  bind_names(f);
  for (const Item* item : items) {
    if (item->kind != ItemKind::Let || !stored(item->symbol).valid()) continue;
    bind_cells(*f.env, *f.builder, item->symbol, stored(item->symbol));
  }
  for (std::size_t first = 0, last = 0; first < items.size(); first = last) {
    while (last < items.size() && items[last]->step == items[first]->step) ++last;
    if (last == first + 1)
      write_alone(f, *items[first]);
    else
      write_in_step(f, {items.begin() + static_cast<std::ptrdiff_t>(first), items.begin() + static_cast<std::ptrdiff_t>(last)});
  }
  if (f.site->imputed) write_completed(f);
}

void PredictionWriter::write_at(Body& f, const Item& item, const Values& at) { write_cell(f, item, scope_at(f, item, at), at); }

// All cells of an item, in order where each reads earlier ones.
void PredictionWriter::write_alone(Body& f, const Item& item) {
  if (const auto* let = item.get_if<elaborate::LetItem>(); let && !stored(let->symbol).valid())
    return f.env->bind(let->symbol, f.writer->coerce(f.writer->scalar(*let->value, f.env), let->symbol->type, f.env));
  std::vector<ir::DimId> over;
  for (const Dimension* d : dims_of(item)) over.push_back(dims_.id(d));
  const auto cell = [&](const Values& at) -> Values {
    write_at(f, item, at);
    return {};
  };
  f.in_order = item.ordered;
  if (over.empty())
    cell({});
  else if (item.ordered)
    f.builder->scan(ir::Builder::over(over), {}, {}, cell);
  else
    f.builder->for_each(ir::Builder::over(over), {}, cell);
  f.in_order = true;
}

// What is not made yet is missing for whatever reads it.
void PredictionWriter::start_gaps(Body& f, const Items& members) {
  for (const Item* item : members) {
    const Site* site = item->kind == ItemKind::Let ? nullptr : site_of(*item);
    const bool latent = item->kind == ItemKind::Latent && site == f.site;  // holds what is known
    const ir::BufferId cells = site ? cells_of(f, *site) : stored(item->symbol);
    if (!latent && module_.buffer(cells).element == ir::Type::real()) f.builder->fill(cells, not_a_number(f));
  }
}

// At each element along the dimensions that run in order, all members, each over what other dimensions it has.
void PredictionWriter::write_in_step(Body& f, const Items& members) {
  std::vector<const Dimension*> along = dims_of(*members.front());
  const bool alike = std::all_of(members.begin(), members.end(), [&](const Item* item) { return dims_of(*item) == along; });
  const auto in_order = [&](const Dimension* d) {
    return std::any_of(model_.dimensions.begin(), model_.dimensions.end(), [&](const elaborate::DimensionInfo& info) { return info.dimension == d && info.ordered; });
  };
  const auto shared = [&](const Dimension* d) {
    return in_order(d) && std::all_of(members.begin(), members.end(), [&](const Item* item) {
      const std::vector<const Dimension*> own = dims_of(*item);
      return std::count(own.begin(), own.end(), d) == 1;
    });
  };
  if (std::none_of(along.begin(), along.end(), shared) && !alike)
    throw NotCompiled("values in step that have no dimension in common", members.front()->range);
  if (std::any_of(along.begin(), along.end(), shared)) std::erase_if(along, [&](const Dimension* d) { return !shared(d); });
  start_gaps(f, members);
  std::vector<ir::DimId> outer;
  for (const Dimension* d : along) outer.push_back(dims_.id(d));
  f.builder->scan(ir::Builder::over(outer), {}, {}, [&](const Values& now) -> Values {
    for (const Item* item : members) write_others(f, *item, along, now);
    return {};
  });
}

// A member's cells at one element of `along`.
void PredictionWriter::write_others(Body& f, const Item& item, const std::vector<const Dimension*>& along, const Values& now) {
  const std::vector<const Dimension*> dims = dims_of(item);
  std::vector<ir::DimId> rest;
  bool ordered = false;
  const auto place = [&](const Dimension* d) { return static_cast<std::size_t>(std::find(along.begin(), along.end(), d) - along.begin()); };
  for (const Dimension* d : dims) {
    if (place(d) < along.size()) continue;
    rest.push_back(dims_.id(d));
    ordered = ordered || runs_in_order(item, d);
  }
  const auto cell = [&](const Values& inner) -> Values {
    Values at = dims == along ? now : Values();
    std::size_t next = 0;
    for (const Dimension* d : dims == along ? std::vector<const Dimension*>() : dims) at.push_back(place(d) < along.size() ? now[place(d)] : inner[next++]);
    write_at(f, item, at);
    return {};
  };
  if (rest.empty())
    cell({});
  else if (ordered)
    f.builder->scan(ir::Builder::over(rest), {}, {}, cell);
  else
    f.builder->for_each(ir::Builder::over(rest), {}, cell);
}

}  // namespace lacuna::density
