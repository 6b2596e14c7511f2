#include "compiler/transform/eliminate_common_subexpressions.h"

#include <unordered_map>

#include "compiler/analysis/effects.h"
#include "compiler/ir/clone.h"
#include "compiler/ir/module.h"
#include "compiler/transform/value_key.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::ValueId;

class Elimination {
 public:
  void block(Block& block) {
    std::vector<std::string> scope;
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      for (ValueId& id : each.operands) id = ir::mapped(same_, id);
      const analysis::Effects effects = analysis::effects_of(each);
      // What a loop writes, its own next iteration sees: a load inside is another value than one before the loop.
      bump(effects);
      for (Block& inner : each.blocks) this->block(inner);
      bump(effects);
      join_equal_results(each);
      if (each.results.empty()) {
        kept.push_back(std::move(each));
        continue;
      }
      const std::string key = value_key(each, versions_);
      const auto found = known_.find(key);
      if (found != known_.end() && effects.none()) {
        for (std::size_t i = 0; i < each.results.size(); ++i) same_[each.results[i]] = found->second[i];
        continue;
      }
      if (found == known_.end()) {
        known_.emplace(key, each.results);
        scope.push_back(key);
      }
      kept.push_back(std::move(each));
    }
    block.body = std::move(kept);
    for (ValueId& id : block.yields) id = ir::mapped(same_, id);
    for (const std::string& key : scope) known_.erase(key);
  }

 private:
  // Reductions of the same value in the same loop, and equal choices of a branch, are one result.
  void join_equal_results(const Instruction& each) {
    if (each.op != ir::Op::For && each.op != ir::Op::If) return;
    for (std::size_t i = 0; i < each.results.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        bool equal = each.op == ir::Op::If || each.reducers[i] == each.reducers[j];
        for (const Block& block : each.blocks) equal = equal && block.yields[i] == block.yields[j];
        if (!equal) continue;
        same_[each.results[i]] = each.results[j];
        break;
      }
    }
  }

  void bump(const analysis::Effects& effects) {
    for (ir::BufferId buffer : effects.writes) ++versions_[buffer];
    for (ir::BufferId buffer : effects.adds) ++versions_[buffer];
  }

  std::unordered_map<std::string, std::vector<ValueId>> known_;
  std::map<ir::BufferId, int> versions_;
  ir::ValueMap same_;
};

}  // namespace

void eliminate_common_subexpressions(ir::Module& module) {
  for (ir::Function& function : module.functions) Elimination().block(function.body.block);
  for (ir::Space& space : module.spaces) {
    if (space.predicate) Elimination().block(space.predicate->block);
  }
}

}  // namespace lacuna::transform
