// Which symbols each item reads, and which distributions the model reaches.
#include <unordered_set>

#include "compiler/elaborate/analysis.h"

namespace lacuna::elaborate {

namespace {

class Reached {
 public:
  explicit Reached(std::vector<const check::Distribution*>& all) : all_(all) {}

  void tree(const Expr* e) {
    for_each_node(e, [&](const Expr& node) {
      if (const auto* d = node.get_if<check::DistributionExpr>()) add(d->distribution);
    });
  }

 private:
  void add(const check::Distribution* d) {
    if (!d || !seen_.insert(d).second) return;
    all_.push_back(d);
    for (const check::DistributionMember& member : d->members) tree(member.body);
  }

  std::vector<const check::Distribution*>& all_;
  std::unordered_set<const check::Distribution*> seen_;
};

}  // namespace

void find_dependencies(Analysis& a) {
  const Item* item = nullptr;
  std::unordered_set<const Symbol*> seen;
  for (const Read& read : a.reads) {
    if (read.item != item) seen.clear();
    item = read.item;
    if (seen.insert(read.symbol).second) a.model.dependencies.push_back({read.item, read.symbol});
  }
  Reached reached(a.model.distributions);
  for (const Item* each : a.items)
    for (const Expr* tree : trees_of(*each)) reached.tree(tree);
}

}  // namespace lacuna::elaborate
