#include "compiler/transform/hoist_invariants.h"

#include <algorithm>
#include <set>

#include "compiler/analysis/effects.h"
#include "compiler/ir/module.h"
#include "compiler/ir/walk.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

class Hoisting {
 public:
  explicit Hoisting(const ir::Module& module) : module_(module) {}

  void block(Block& block) {
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) this->block(inner);
      if (each.op == Op::For || each.op == Op::Scan) take_out(each, kept);
      kept.push_back(std::move(each));
    }
    block.body = std::move(kept);
  }

 private:
  // A load of an input stays, since an empty loop reads no cell; the rest may be computed although the loop is empty.
  bool movable(const Instruction& each, const analysis::Effects& loop) const {
    const analysis::Effects own = analysis::effects_of(each);
    if (!own.none() || !analysis::commute(own, loop)) return false;
    return std::none_of(own.reads.begin(), own.reads.end(),
                        [&](ir::BufferId buffer) { return module_.buffer(buffer).kind == ir::BufferKind::Input; });
  }

  void take_out(Instruction& loop, std::vector<Instruction>& before) {
    Block& body = loop.blocks.front();
    const analysis::Effects effects = analysis::effects_of(loop);
    std::set<ValueId> inside(body.arguments.begin(), body.arguments.end());
    std::vector<Instruction> kept;
    for (Instruction& each : body.body) {
      bool invariant = true;
      std::set<ValueId> own;
      collect(each, own);
      ir::for_each_use(each, [&](ValueId id) { invariant = invariant && (!inside.contains(id) || own.contains(id)); });
      if (invariant && !each.results.empty() && movable(each, effects)) {
        before.push_back(std::move(each));
        continue;
      }
      inside.insert(each.results.begin(), each.results.end());
      kept.push_back(std::move(each));
    }
    body.body = std::move(kept);
  }

  // What the blocks of an instruction define.
  static void collect(const Instruction& each, std::set<ValueId>& own) {
    for (const Block& block : each.blocks) {
      own.insert(block.arguments.begin(), block.arguments.end());
      for (const Instruction& inner : block.body) {
        own.insert(inner.results.begin(), inner.results.end());
        collect(inner, own);
      }
    }
  }

  const ir::Module& module_;
};

}  // namespace

void hoist_invariants(ir::Module& module) {
  for (ir::Function& function : module.functions) Hoisting(module).block(function.body.block);
}

}  // namespace lacuna::transform
