// When a prediction makes what. An observed array is data while fitting; at prediction it is drawn, and what reads it follows from the
// draw. So the circles of a prediction go through observed arrays too: `h[t]` from `y[t - 1]`, and `y[t]` about `h[t]`.
#include "compiler/elaborate/analysis.h"
#include "compiler/elaborate/circles.h"

namespace lacuna::elaborate {

namespace {

using Readers = std::unordered_map<const Symbol*, std::vector<std::size_t>>;

// The statements that draw each observed array, by its name and by that of the completed one.
Readers observers_of(const Analysis& a) {
  Readers made;
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    const auto* observed = a.items[i]->get_if<ObservedItem>();
    if (!observed) continue;
    made[observed->target].push_back(i);
    if (observed->completed) made[observed->completed].push_back(i);
  }
  return made;
}

}  // namespace

void note_drawn_past(Analysis& a, const Read& read, const ReadWalker& walker) {
  if (read.role == ReadRole::Scored) return;
  for (std::size_t k = 0; k < read.indices.size() && k < read.symbol->type.dims.size(); ++k) {
    for (const Symbol* index : read.item->space.indices) {
      if (index->type.index_of != read.symbol->type.dims[k] || !read.indices[k]) continue;
      const auto own = check::linear_form(*a.make.variable(index, read.expr->range));
      if (own && relation(walker.facts(), index, *own, *read.indices[k]) == Relation::Earlier)
        a.drawn_past.push_back({read.item, read.symbol, index->type.index_of});
    }
  }
}

void find_steps(Analysis& a) {
  const Readers observers = observers_of(a);
  std::vector<std::vector<std::size_t>> edges(a.items.size());
  for (const Read& read : a.reads) {
    // What only masks read does not take part: a cell is drawn whether it is scored or not.
    if (read.role == ReadRole::Scored) continue;
    auto& own = edges[a.position.at(read.item)];
    if (const Item* target = a.definition(read.symbol)) own.push_back(a.position.at(target));
    if (const auto drawn = observers.find(read.symbol); drawn != observers.end()) own.insert(own.end(), drawn->second.begin(), drawn->second.end());
  }
  const Circles circles(std::move(edges));
  for (std::size_t i = 0; i < a.items.size(); ++i) a.items[i]->step = circles.of(i);
  for (const DrawnPast& past : a.drawn_past) {
    const auto drawn = observers.find(past.array);
    if (drawn == observers.end()) continue;
    for (const std::size_t i : drawn->second)
      if (a.items[i]->step == past.reader->step) a.drawn_along.insert(past.along);
  }
}

}  // namespace lacuna::elaborate
