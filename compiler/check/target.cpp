// Targets: the name that a statement defines or scores, its brackets, and the plates around it.
#include <algorithm>
#include <array>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_statement.h"

namespace lacuna::check {

using diagnostics::Id;

namespace {

std::vector<const Symbol*> plate_indices(const Context& c) {
  std::vector<const Plate*> chain;
  for (const Plate* p = c.plate; p; p = p->parent) chain.insert(chain.begin(), p);
  std::vector<const Symbol*> all;
  for (const Plate* p : chain) all.insert(all.end(), p->indices.begin(), p->indices.end());
  return all;
}

// The plate index that an item names, or null.
const Symbol* named_plate_index(const Context& c, const syntax::TargetItem& item) {
  if (item.is_binder || !item.index) return nullptr;
  const auto* name = item.index->get_if<syntax::NameExpr>();
  const Symbol* symbol = name ? c.scope.find(name->text) : nullptr;
  if (!symbol || symbol->kind != SymbolKind::Index) return nullptr;
  const std::vector<const Symbol*> indices = plate_indices(c);
  return std::find(indices.begin(), indices.end(), symbol) != indices.end() ? symbol : nullptr;
}

void add_binder(Context& c, const syntax::TargetItem& item, OpenTarget& open, bool after_whole) {
  if (after_whole) {
    c.sink.report(Id::TargetItem, item.range)
        .note("indices come first, whole dimensions after them")
        .help("give the dimension before it an index too: `z[i in I, j in J]`");
    open.wrong = true;
    return;
  }
  const std::array<syntax::Binder, 1> one{item.binder};
  std::vector<syntax::Binder> binders(one.begin(), one.end());
  const std::vector<const Symbol*> bound = bind(c, binders);
  if (bound.empty()) {
    open.wrong = true;
    return;
  }
  open.dims.push_back(bound[0]->type.index_of);
  ++open.indexed;
}

void add_dimension(Context& c, const syntax::TargetItem& item, OpenTarget& open) {
  const auto* name = item.index ? item.index->get_if<syntax::NameExpr>() : nullptr;
  const Symbol* value = name ? c.scope.find(name->text) : nullptr;
  if (!name || (value && value->kind != SymbolKind::Poisoned)) {
    auto& report = c.sink.report(Id::TargetItem, item.range);
    if (value && value->kind == SymbolKind::Index)
      report.note(fmt::format("`{}` is an index here, and not the plate's", name->text));
    report.help("to choose elements, run through them with a condition: `y[n in N where n > 3]`");
    open.wrong = true;
    return;
  }
  const Dimension* d = find_dimension(c, {name->text, name->range});
  if (!d) {
    open.wrong = true;
    return;
  }
  open.dims.push_back(d);
}

}  // namespace

OpenTarget open_target(Context& c, const syntax::Target& target) {
  enter(c);
  OpenTarget open;
  open.target.range = target.range;
  const std::vector<const Symbol*> plate = plate_indices(c);
  for (const Symbol* index : plate) open.dims.push_back(index->type.index_of);
  open.indexed = plate.size();

  std::size_t named = 0;
  std::vector<const Symbol*> indices(plate.begin(), plate.end());
  for (const syntax::TargetItem& item : target.items) {
    if (const Symbol* index = named_plate_index(c, item)) {
      if (!open.wrong && (named >= plate.size() || plate[named] != index || open.dims.size() > plate.size())) {
        c.sink.report(Id::PlateIndexOrder, item.range, target.name.text)
            .note("the plates' indices come first, the outermost first, each once");
        open.wrong = true;
      }
      ++named;
      continue;
    }
    if (!item.is_binder) {
      add_dimension(c, item, open);
      continue;
    }
    const std::size_t before = c.indices.size();
    add_binder(c, item, open, open.dims.size() > open.indexed);
    if (c.indices.size() > before) indices.push_back(c.indices.back());
  }
  if (named > 0 && named < plate.size() && !open.wrong) {
    c.sink.report(Id::PlateIndexOrder, target.range, target.name.text).note("a target names all indices of the plates around it, or none");
    open.wrong = true;
  }
  open.local = !plate.empty() && named == 0;
  for (const Plate* p = c.plate; p; p = p->parent) open.target.domain = conjunction(c, p->where, open.target.domain);
  if (target.where) {
    const Expr* where = check_condition(c, *target.where, true, "the condition of this target");
    if (where->is_error()) {
      open.wrong = true;
    } else {
      assume(c, where);
      open.target.domain = conjunction(c, open.target.domain, where);
    }
  }
  open.target.indices = c.arena.copy(indices);
  return open;
}

void close_target(Context& c) { leave(c); }

Symbol* declare_symbol(Context& c, const syntax::Name& name, SymbolKind kind, const syntax::Stmt* statement) {
  c.coming.erase(name.text);
  Symbol* known = c.scope.find(name.text);
  // An earlier element was read further up in the same plate: this statement completes the symbol.
  const auto ahead = c.ahead.find(statement);
  auto* symbol = ahead == c.ahead.end() ? c.arena.make<Symbol>() : ahead->second;
  symbol->kind = kind;
  symbol->name = name.text;
  symbol->range = name.range;
  symbol->statement = statement;
  if (statement) symbol->doc = statement->doc;
  const auto dimension = c.dimensions.find(name.text);
  if (known == symbol || !known || known->kind == SymbolKind::Poisoned) {
    if (dimension != c.dimensions.end() && dimension->second)
      c.sink.report(Id::Redefined, name.range, name.text).label("a value here").also_at(dimension->second->range, "a dimension here");
  } else if (known->kind == SymbolKind::Latent && kind == SymbolKind::Latent) {
    c.sink.report(Id::TwoDensities, name.range, name.text)
        .also_at(known->range, "its density is given here")
        .note("a latent has one density: the `sample` that declares it")
        .help("join the two into one distribution, give one another name, or weigh the latent further with a `factor`");
  } else {
    c.sink.report(Id::Redefined, name.range, name.text).also_at(known->range, "defined here").help("give one of them another name");
  }
  c.scope.declare(symbol);
  if (c.model) c.model->symbols.push_back(symbol);
  return symbol;
}

}  // namespace lacuna::check
