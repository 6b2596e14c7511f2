// Two statements must not score one cell: its density would count twice.
#include "compiler/elaborate/analysis.h"

namespace lacuna::elaborate {

using diagnostics::Id;
using types::Outcome;

namespace {

// Each pair is compared.
constexpr std::size_t kMostStatements = 256;

// Where the statement scores (or, when it imputes, which cells it completes), at `indices`; null: everywhere.
const Expr* scored_cells(Analysis& a, const ObservedItem& item, List<const Symbol* const> indices) {
  const Expr* cells = item.completed ? item.space.where : a.make.both(item.space.where, item.scored);
  if (!cells) return nullptr;
  std::unordered_map<const Symbol*, const Expr*> renamed;
  for (std::size_t i = 0; i < indices.size() && i < item.space.indices.size(); ++i)
    renamed[item.space.indices[i]] = a.make.variable(indices[i], item.range);
  return a.inliner.substitute(*cells, std::move(renamed), {});
}

// Whether the cells of one are among those of the other, apart from them, or neither can be said.
Outcome overlap(List<const Symbol* const> indices, const Expr* first, const Expr* second) {
  if (!first || !second) return Outcome::Shown;
  check::Facts facts;
  for (const Symbol* index : indices) facts.bind(*index);
  const auto mark = facts.mark();
  facts.assume(*first);
  const Outcome one = facts.implied(*second);
  facts.restore(mark);
  facts.assume(*second);
  const Outcome other = facts.implied(*first);
  if (one == Outcome::Refuted || other == Outcome::Refuted) return Outcome::Refuted;
  return one == Outcome::Shown || other == Outcome::Shown ? Outcome::Shown : Outcome::ToCheck;
}

void check_pair(Analysis& a, const ObservedItem& first, const ObservedItem& second) {
  const auto& longer = first.space.indices.size() >= second.space.indices.size() ? first : second;
  const List<const Symbol* const> indices = longer.space.indices;
  const Expr *x = scored_cells(a, first, indices), *y = scored_cells(a, second, indices);
  switch (overlap(indices, x, y)) {
    case Outcome::Refuted: return;
    case Outcome::Shown:
      a.sink.report(Id::ScoredTwice, second.range, second.name)
          .also_at(first.range, "scored here first")
          .note("a cell that is scored twice counts as if it had been seen twice, and inference would be too sure of it")
          .help(fmt::format("give the two statements conditions that no cell meets together: `observe {0}[n in N where m[n]]` and `observe {0}[n in N where !m[n]]`", first.name));
      return;
    case Outcome::ToCheck: break;
  }
  check::Obligation o;
  o.kind = check::Obligation::Kind::Disjoint;
  o.condition = a.make.negation(a.make.both(x, y));
  o.indices = indices;
  o.range = second.range;
  a.model.obligations.push_back(o);
}

}  // namespace

void check_overlap(Analysis& a) {
  std::unordered_map<const Symbol*, std::vector<const ObservedItem*>> by_target;
  for (const Item* item : a.items) {
    const auto* observed = item->get_if<ObservedItem>();
    if (!observed) continue;
    auto& before = by_target[observed->target];
    if (before.size() >= kMostStatements) {
      if (before.size() == kMostStatements) a.sink.report(Id::TooManyObserves, observed->range, kMostStatements, observed->name).help("tell their cells apart by a column, and score them in one statement");
      before.push_back(observed);
      continue;
    }
    for (const ObservedItem* other : before) check_pair(a, *other, *observed);
    before.push_back(observed);
  }
}

}  // namespace lacuna::elaborate
