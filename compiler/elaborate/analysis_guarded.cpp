// Arguments whose every read is under a condition on data: in an observed statement's scored cells, where a domain's condition
// holds, or in a branch or reduction under one. Cells that no read reaches may hold anything, so that nobody checks them as data
// are handed over; those that are read are checked when they are bound, read by read.
#include <algorithm>

#include "compiler/elaborate/analysis.h"

namespace lacuna::elaborate {

namespace {

// Whether the data decide a condition: one on indices and sizes alone leaves out the same cells of any data.
bool is_on_data(const Expr* condition) {
  bool reads = false;
  for_each_node(condition, [&](const Expr& node) {
    const auto* variable = node.get_if<check::VariableExpr>();
    reads = reads || (variable && variable->symbol->kind != check::SymbolKind::Index);
  });
  return reads;
}

// What an item imputes and what it puts out are predicted from all cells.
bool is_predicted(const Item& item) {
  const auto* observed = item.get_if<ObservedItem>();
  return item.kind == ItemKind::Output || (observed && observed->imputation != Imputation::None);
}

class GuardedReads {
 public:
  explicit GuardedReads(Analysis& a) : a_(a) {}

  void run() {
    ReadWalker walker(a_.make);
    for (const Item* item : a_.items) {
      walker.walk(*item, [&](const Read& read, const ReadWalker& here) { note(read, here); });
      if (const auto* observed = item->get_if<ObservedItem>()) note_target(*observed);
    }
    for (const GuardedRead& read : reads_)
      if (may_be_guarded(*read.argument) && !always_.contains(read.argument)) a_.model.guarded_reads.push_back(read);
  }

 private:
  // A gap in an optional argument says that a cell is missing, so that nothing else may pass for one; what binds the elements of
  // a vector together is a condition on all of them.
  static bool may_be_guarded(const Symbol& argument) {
    return argument.kind == check::SymbolKind::Argument && !argument.type.optional && argument.type.structure == types::Structure::None;
  }

  void note(const Read& read, const ReadWalker& here) {
    if (read.role == ReadRole::Body && !is_predicted(*read.item) && is_on_data(here.guard()) && is_known_before(read, here.guard()))
      reads_.push_back({read.item, read.symbol, read.indices, a_.make.arena.copy(here.inner_indices()), here.inner_guard()});
    else
      always_.insert(read.symbol);
  }

  // Whether which cells are read follows from what stands above the item, so that they can be checked before it is computed.
  bool is_known_before(const Read& read, const Expr* guard) const {
    bool known = true;
    const auto look = [&](const Expr& node) {
      const auto* variable = node.get_if<check::VariableExpr>();
      const Item* item = variable ? a_.definition(variable->symbol) : nullptr;
      known = known && (!item || a_.position.at(item) < a_.position.at(read.item)) && node.stage <= Stage::Data;
    };
    for_each_node(guard, look);
    for (const Expr* index : read.indices) for_each_node(index, look);
    return known;
  }

  // A scored cell of the target; of a vector that is scored in part, the elements that are seen.
  void note_target(const ObservedItem& item) {
    const bool guarded = is_on_data(item.scored) || is_on_data(item.seen) || is_on_data(item.space.where);
    if (is_predicted(item) || !guarded) {
      always_.insert(item.target);
      return;
    }
    std::vector<const Symbol*> inner(item.seen_indices.begin(), item.seen_indices.end());
    for (std::size_t i = inner.size(); i < item.event.size(); ++i) inner.push_back(a_.make.index("i", item.event[i], item.range));
    std::vector<const Expr*> indices;
    for (const Symbol* index : item.space.indices) indices.push_back(a_.make.variable(index, item.range));
    for (const Symbol* index : inner) indices.push_back(a_.make.variable(index, item.range));
    reads_.push_back({&item, item.target, a_.make.arena.copy(indices), a_.make.arena.copy(inner), item.seen});
  }

  Analysis& a_;
  std::vector<GuardedRead> reads_;
  std::unordered_set<const Symbol*> always_;  // read whatever the data say
};

}  // namespace

bool is_unchecked(const Model& model, const Symbol* argument) {
  return std::any_of(model.guarded_reads.begin(), model.guarded_reads.end(), [&](const GuardedRead& read) { return read.argument == argument; });
}

void find_guarded_reads(Analysis& a) { GuardedReads(a).run(); }

}  // namespace lacuna::elaborate
