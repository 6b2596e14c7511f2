// Recurrences: which items run in order, along which indices, and whether what they read is there by then.
//
// Items that read each other in a circle (an item that reads itself included) run together, element by element. An order along
// one index is right when every read of the circle is of an element strictly earlier along it, or of this very element of an
// item above. Where no single index does, the order is lexicographic over the indices as written.
#include <algorithm>
#include <functional>

#include "compiler/check/linear.h"
#include "compiler/elaborate/analysis.h"
#include "compiler/elaborate/circles.h"

namespace lacuna::elaborate {

using diagnostics::Id;

namespace {

// How many leading indices two items run through together: those of their plates, or all of an item with itself.
std::size_t common_indices(const Item& a, const Item& b) {
  const auto &x = a.space.indices, &y = b.space.indices;
  std::size_t n = 0;
  while (n < x.size() && n < y.size() && x[n] == y[n]) ++n;
  return n;
}

// Which items read each other in a circle.
Circles circles_of(const Analysis& a) {
  std::vector<std::vector<std::size_t>> edges(a.items.size());
  for (const Read& read : a.reads)
    if (const Item* target = a.definition(read.symbol)) edges[a.position.at(read.item)].push_back(a.position.at(target));
  return Circles(std::move(edges));
}

// This very element of an item above: there by then whatever the order.
bool is_done(const Analysis& a, const PastRead& p) {
  const Item* target = a.definition(p.read.symbol);
  return a.position.at(target) < a.position.at(p.read.item) &&
         std::all_of(p.relations.begin(), p.relations.end(), [](Relation r) { return r == Relation::Same; });
}

bool is_discrete_latent(const Item& item) {
  return item.kind == ItemKind::Latent && item.symbol->type.scalar != types::Scalar::Real;
}

// The read, one step back along its last index: `x[r, c - 1]`.
std::string step_back(const PastRead& p) {
  std::string text = fmt::format("{}[", p.read.symbol->name);
  const std::size_t last = std::min(p.read.indices.size(), p.read.item->space.indices.size()) - 1;
  for (std::size_t k = 0; k <= last; ++k) text += fmt::format("{}{}{}", k ? ", " : "", p.read.item->space.indices[k]->name, k == last ? " - 1" : "");
  return text + "]";
}

void report_later(Analysis& a, const PastRead& p) {
  const bool same = std::all_of(p.relations.begin(), p.relations.end(), [](Relation r) { return r == Relation::Same; });
  const bool later = std::find(p.relations.begin(), p.relations.end(), Relation::Later) != p.relations.end();
  const std::string whose = p.read.symbol->name == p.read.item->name ? "itself" : fmt::format("`{}`", p.read.symbol->name);
  auto& report = a.sink.report(Id::LaterElement, p.read.expr->range, p.read.item->name, whose);
  report.label(same ? "this very element" : later ? "an element that comes later" : "nothing shows that this element comes earlier");
  report.also_at(p.read.item->range, "while this one is being made");
  report.note("elements are made in order, so each can read earlier ones only");
  if (!p.read.item->space.indices.empty() && !p.read.indices.empty()) report.help(fmt::format("read an earlier element: `{}`", step_back(p)));
}

// Whether every read goes back along index `k`; `unsure`: some only as the data will tell.
bool goes_back(const Analysis& a, const std::vector<const PastRead*>& reads, std::size_t k, bool& unsure) {
  for (const PastRead* p : reads) {
    if (is_done(a, *p)) continue;
    if (k >= p->relations.size()) return false;
    if (p->relations[k] == Relation::Unknown && p->read.indices[k]->stage <= Stage::Data)
      unsure = true;
    else if (p->relations[k] != Relation::Earlier)
      return false;
  }
  return true;
}

// The place of the first index that goes back, others before it being the same; none when there is no such place.
std::size_t first_back(const PastRead& p) {
  for (std::size_t k = 0; k < p.relations.size(); ++k) {
    if (p.relations[k] == Relation::Earlier) return k;
    if (p.relations[k] != Relation::Same) break;
  }
  return p.relations.size();
}

void oblige_earlier(Analysis& a, const PastRead& p, std::size_t k) {
  const Symbol* index = p.read.item->space.indices[k];
  check::Obligation o;
  o.kind = check::Obligation::Kind::EarlierElement;
  o.condition = a.make.builtin(Builtin::Less, {p.read.indices[k], a.make.variable(index, p.read.expr->range)}, types::bool_type(), p.read.expr->range);
  o.guard = p.guard;
  o.indices = a.make.arena.copy(p.indices);
  o.range = p.read.expr->range;
  a.model.obligations.push_back(o);
}

// The places of the indices that run in order; empty when there is no order, which is reported.
std::vector<std::size_t> order_of(Analysis& a, const std::vector<const PastRead*>& reads, std::size_t depth) {
  std::size_t unsure_at = depth;
  for (std::size_t k = 0; k < depth; ++k) {
    bool unsure = false;
    if (!goes_back(a, reads, k, unsure)) continue;
    if (!unsure) return {k};
    if (unsure_at == depth) unsure_at = k;
  }
  std::size_t deepest = 0;
  const bool lexicographic = std::all_of(reads.begin(), reads.end(), [&](const PastRead* p) {
    if (is_done(a, *p)) return true;
    deepest = std::max(deepest, first_back(*p));
    return first_back(*p) < p->relations.size();
  });
  if (lexicographic && depth > 0) {
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k <= deepest && k < depth; ++k) order.push_back(k);
    return order;
  }
  if (unsure_at < depth) {
    for (const PastRead* p : reads)
      if (!is_done(a, *p) && p->relations[unsure_at] == Relation::Unknown && !is_discrete_latent(*p->read.item)) oblige_earlier(a, *p, unsure_at);
    return {unsure_at};
  }
  for (const PastRead* p : reads) {
    if (is_done(a, *p) || first_back(*p) < p->relations.size()) continue;
    report_later(a, *p);
  }
  return {};
}

void set_order(Analysis& a, Item& item, const std::vector<std::size_t>& order) {
  std::vector<const Symbol*> along;
  for (const std::size_t k : order)
    if (k < item.space.indices.size()) along.push_back(item.space.indices[k]);
  if (along.empty()) return;
  item.ordered = true;
  item.order = a.make.arena.copy(along);
}

// An observed array's own past is data while fitting, but what is drawn at prediction follows from what was drawn before.
void order_observed(Analysis& a, Item& item) {
  if (item.ordered) return;
  std::vector<std::size_t> order;
  const auto own = a.past_of.find(&item);
  if (own == a.past_of.end()) return;
  for (const std::size_t i : own->second) {
    const PastRead& p = a.past[i];
    if (p.read.symbol != item.symbol) continue;
    const std::size_t k = first_back(p);
    if (k < p.relations.size() && std::find(order.begin(), order.end(), k) == order.end()) order.push_back(k);
  }
  std::sort(order.begin(), order.end());
  set_order(a, item, order);
}

}  // namespace

Relation relation(const check::Facts& facts, const Symbol* index, const check::Linear& own, const Expr& read) {
  if (const auto* variable = read.get_if<check::VariableExpr>(); variable && variable->symbol == index) return Relation::Same;
  const auto form = check::linear_form(read);
  if (!form) return Relation::Unknown;
  const check::Linear lag = own - *form;
  if (lag.is_constant() && lag.constant == 0) return Relation::Same;
  if (facts.nonnegative(lag - check::constant(1))) return Relation::Earlier;
  if (facts.nonnegative(check::scaled(lag, -1))) return Relation::Later;
  return Relation::Unknown;
}

void note_past_read(Analysis& a, const Read& read, const ReadWalker& walker) {
  if (read.indices.empty() || read.role != ReadRole::Body) return;
  const Item* target = a.definition(read.symbol);
  const auto* observed = read.item->get_if<ObservedItem>();
  const bool own_target = observed && observed->target == read.symbol;
  // Within one plate, reads of names above may close a circle with reads of names below.
  const bool together = target && (target == read.item || (read.item->plate && target->plate == read.item->plate));
  if (!own_target && !together) return;
  PastRead p{read, {}, {}, walker.guard(), walker.indices()};
  const std::size_t depth = own_target ? read.item->space.indices.size() : common_indices(*read.item, *target);
  for (std::size_t k = 0; k < depth && k < read.indices.size(); ++k) {
    const Symbol* index = read.item->space.indices[k];
    const auto own = check::linear_form(*a.make.variable(index, read.expr->range));
    const auto form = check::linear_form(*read.indices[k]);
    p.relations.push_back(own ? relation(walker.facts(), index, *own, *read.indices[k]) : Relation::Unknown);
    const check::Linear lag = own && form ? *own - *form : check::Linear{};
    p.lag_one.push_back(own && form && lag.is_constant() && lag.constant == 1);
  }
  a.past_of[read.item].push_back(a.past.size());
  a.past.push_back(std::move(p));
}

void find_order(Analysis& a) {
  if (a.past.empty()) return;
  const Circles circles = circles_of(a);
  std::unordered_map<std::size_t, std::vector<const PastRead*>> reads;
  std::vector<std::size_t> found;
  for (const PastRead& p : a.past) {
    const Item* target = a.definition(p.read.symbol);
    if (!target || circles.of(a.position.at(target)) != circles.of(a.position.at(p.read.item))) continue;
    auto& list = reads[circles.of(a.position.at(target))];
    if (list.empty()) found.push_back(circles.of(a.position.at(target)));
    list.push_back(&p);
  }
  std::unordered_map<std::size_t, std::vector<Item*>> members;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (reads.contains(circles.of(i))) members[circles.of(i)].push_back(a.items[i]);
  for (const std::size_t circle : found) {
    std::size_t depth = reads[circle][0]->relations.size();
    for (const PastRead* p : reads[circle]) depth = std::min(depth, p->relations.size());
    const auto order = order_of(a, reads[circle], depth);
    for (Item* item : members[circle]) set_order(a, *item, order);
  }
  for (Item* item : a.items)
    if (item->kind == ItemKind::Observed) order_observed(a, *item);
}

}  // namespace lacuna::elaborate
