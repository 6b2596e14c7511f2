#include "compiler/transform/eliminate_dead_code.h"

#include <algorithm>
#include <map>
#include <vector>

#include "compiler/ir/module.h"
#include "compiler/ir/walk.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

class Elimination {
 public:
  Elimination(const ir::Module& module, ir::Function& function) : module_(module), body_(function.body) {}

  // Until nothing changes: a dead store frees its value, a dead reduction what it reduced.
  void run() {
    do {
      changed_ = false;
      count_uses();
      block(body_.block);
    } while (changed_);
  }

 private:
  bool is_scratch(ir::BufferId buffer) const {
    const ir::BufferKind kind = module_.buffer(buffer).kind;
    return kind == ir::BufferKind::Work || kind == ir::BufferKind::Scratch;
  }

  void count_uses() {
    used_.assign(body_.values.size(), 0);
    loaded_.clear();
    auto count = [&](const Block& block) {
      for (ValueId id : block.yields) ++used_[id.index];
    };
    count(body_.block);
    ir::for_each_instruction(body_.block, [&](const Instruction& each) {
      for (ValueId id : each.operands) ++used_[id.index];
      for (const Block& inner : each.blocks) count(inner);
      if (each.op == Op::Load) ++loaded_[each.buffer];
      for (ir::BufferId buffer : each.buffers) ++loaded_[buffer];
    });
  }

  bool used(ValueId id) const { return used_[id.index] > 0; }

  bool dead(const Instruction& each) const {
    if (std::any_of(each.results.begin(), each.results.end(), [&](ValueId id) { return used(id); })) return false;
    switch (each.op) {
      case Op::Store:
      case Op::Accumulate:
      case Op::Fill:
        return is_scratch(each.buffer) && !loaded_.contains(each.buffer);
      case Op::For:
      case Op::Scan:
      case Op::If:
        return writes_for_itself(each);
      default:
        return has(each.op, ir::Pure);
    }
  }

  // Whether an instruction's only effects are on work buffers that nothing outside of it loads: a recurrence that is
  // not used.
  bool writes_for_itself(const Instruction& each) const {
    std::map<ir::BufferId, int> own;
    bool alone = true;
    for (const Block& block : each.blocks) {
      ir::for_each_instruction(block, [&](const Instruction& inner) {
        if (inner.op == Op::Load) ++own[inner.buffer];
        const bool writes = inner.op == Op::Store || inner.op == Op::Accumulate;
        if (has(inner.op, ir::Effect))
          alone = alone && writes && is_scratch(inner.buffer);
      });
    }
    for (const Block& block : each.blocks) {
      ir::for_each_instruction(block, [&](const Instruction& inner) {
        if (!alone || !has(inner.op, ir::Effect)) return;
        const auto all = loaded_.find(inner.buffer);
        alone = all == loaded_.end() || all->second == own[inner.buffer];
      });
    }
    return alone;
  }

  void block(Block& block) {
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) this->block(inner);
      if (each.op == Op::For || each.op == Op::Scan) drop_reductions(each);
      if (each.op == Op::If) drop_results(each);
    }
    const auto before = block.body.size();
    std::erase_if(block.body, [&](const Instruction& each) { return dead(each); });
    changed_ = changed_ || block.body.size() != before;
  }

  void drop_reductions(Instruction& loop) {
    const std::size_t carried = loop.results.size() - loop.reducers.size();
    for (std::size_t i = loop.reducers.size(); i-- > 0;) {
      if (used(loop.results[carried + i])) continue;
      const auto at = static_cast<std::ptrdiff_t>(i);
      const auto place = static_cast<std::ptrdiff_t>(carried + i);
      loop.reducers.erase(loop.reducers.begin() + at);
      loop.results.erase(loop.results.begin() + place);
      loop.blocks.front().yields.erase(loop.blocks.front().yields.begin() + place);
      changed_ = true;
    }
  }

  void drop_results(Instruction& branch) {
    for (std::size_t i = branch.results.size(); i-- > 0;) {
      if (used(branch.results[i])) continue;
      const auto at = static_cast<std::ptrdiff_t>(i);
      branch.results.erase(branch.results.begin() + at);
      for (Block& block : branch.blocks) block.yields.erase(block.yields.begin() + at);
      changed_ = true;
    }
  }

  const ir::Module& module_;
  ir::Body& body_;
  std::vector<int> used_;
  std::map<ir::BufferId, int> loaded_;  // how often
  bool changed_ = false;
};

}  // namespace

void eliminate_dead_code(ir::Module& module) {
  for (ir::Function& function : module.functions) Elimination(module, function).run();
}

}  // namespace lacuna::transform
