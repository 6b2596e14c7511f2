#include "compiler/transform/fuse_loops.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/analysis/effects.h"
#include "compiler/ir/clone.h"
#include "compiler/ir/module.h"
#include "compiler/ir/walk.h"

namespace lacuna::transform {
namespace {

using analysis::Effects;
using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

// Whether each iteration runs over a list of its own.
bool has_lists(const Instruction& loop) {
  bool found = false;
  ir::for_each_instruction(loop.blocks.front(), [&](const Instruction& each) {
    found = found || (each.op == Op::For && each.domain.space.valid() && !each.operands.empty());
  });
  return found;
}

// Iterations with lists cannot stand side by side in vectors, so they are kept from those that can.
bool same_header(const Instruction& a, const Instruction& b) {
  if (a.op != b.op || a.operands != b.operands) return false;
  if (a.op == Op::If) return true;
  return a.op == Op::For && a.domain == b.domain && a.schedule == b.schedule &&
         has_lists(a) == has_lists(b);
}

// The buffers that a loop stores to only at the elements of its own iteration, once, with what it stores.
std::map<ir::BufferId, ValueId> stored_by_iteration(const Instruction& loop, const ir::Module& module) {
  std::map<ir::BufferId, ValueId> stored;
  const Block& block = loop.blocks.front();
  const std::size_t axes = loop.domain.dims.size();
  for (const Instruction& each : block.body) {
    if (each.op != Op::Store || module.buffer(each.buffer).kind != ir::BufferKind::Work) continue;
    const bool own = each.operands.size() == axes + 1 && std::equal(each.operands.begin(), each.operands.end() - 1, block.arguments.begin());
    if (own) stored[each.buffer] = each.operands.back();
  }
  ir::for_each_instruction(block, [&](const Instruction& each) {
    const bool kept = each.op == Op::Store && stored.contains(each.buffer) && each.operands.back() == stored.at(each.buffer);
    if (!kept) stored.erase(each.buffer);
  });
  return stored;
}

// Keeps those that another loop over the domain reads at the elements of its own iteration alone, and does not write.
void keep_read_by_iteration(const Instruction& loop, std::map<ir::BufferId, ValueId>& stored) {
  const Block& block = loop.blocks.front();
  const std::size_t axes = loop.domain.dims.size();
  ir::for_each_instruction(block, [&](const Instruction& each) {
    if (!stored.contains(each.buffer)) return;
    const bool own = each.op == Op::Load && each.operands.size() == axes &&
                     std::equal(each.operands.begin(), each.operands.end(), block.arguments.begin());
    if (!own) stored.erase(each.buffer);
  });
}

// What is loaded of such buffers is what was stored.
void forward(Block& block, const std::map<ir::BufferId, ValueId>& stored, ir::ValueMap& map) {
  std::erase_if(block.body, [&](const Instruction& each) {
    if (each.op != Op::Load || !stored.contains(each.buffer)) return false;
    map[each.result()] = stored.at(each.buffer);
    return true;
  });
  for (Instruction& each : block.body) {
    for (Block& inner : each.blocks) forward(inner, stored, map);
  }
}

// Puts the second block behind the first; its arguments become the first's.
void join(Block& first, Block second, const std::map<ir::BufferId, ValueId>& stored) {
  ir::ValueMap map;
  for (std::size_t i = 0; i < second.arguments.size(); ++i) map[second.arguments[i]] = first.arguments[i];
  forward(second, stored, map);
  ir::substitute(second, map);
  std::move(second.body.begin(), second.body.end(), std::back_inserter(first.body));
  first.yields.insert(first.yields.end(), second.yields.begin(), second.yields.end());
}

class Fusion {
 public:
  explicit Fusion(const ir::Module& module) : module_(module) {}

  void block(Block& block) {
    while (fuse_one(block)) {
    }
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) this->block(inner);
    }
  }

 private:
  // Joins the first pair that can be joined.
  bool fuse_one(Block& block) {
    for (std::size_t i = 0; i < block.body.size(); ++i) {
      if (block.body[i].op != Op::For && block.body[i].op != Op::If) continue;
      for (std::size_t j = i + 1; j < block.body.size(); ++j) {
        if (same_header(block.body[i], block.body[j]) && fuse(block, i, j)) return true;
      }
    }
    return false;
  }

  // The instructions strictly between i and j that j needs, by their places; false if one of them needs i, or cannot
  // move.
  static bool needed(const Block& block, std::size_t i, std::size_t j, std::set<std::size_t>& places) {
    std::set<ValueId> wanted;
    auto want = [&](const Instruction& each) { ir::for_each_use(each, [&](ValueId id) { wanted.insert(id); }); };
    want(block.body[j]);
    for (std::size_t k = j; k-- > i + 1;) {
      const Instruction& each = block.body[k];
      const bool used =
          std::any_of(each.results.begin(), each.results.end(), [&](ValueId id) { return wanted.contains(id); });
      if (!used) continue;
      places.insert(k);
      want(each);
    }
    const Instruction& first = block.body[i];
    return std::none_of(first.results.begin(), first.results.end(), [&](ValueId id) { return wanted.contains(id); });
  }

  bool fuse(Block& block, std::size_t i, std::size_t j) {
    std::set<std::size_t> places;
    if (!needed(block, i, j, places)) return false;
    const Effects first = analysis::effects_of(block.body[i]);
    const Effects second = analysis::effects_of(block.body[j]);
    // What an iteration of the second reads of the same iteration of the first keeps them apart no more than a value would.
    std::map<ir::BufferId, ValueId> stored;
    if (block.body[i].op == Op::For) stored = stored_by_iteration(block.body[i], module_);
    if (!stored.empty()) keep_read_by_iteration(block.body[j], stored);
    Effects rest = second;
    for (const auto& [buffer, value] : stored) rest.reads.erase(buffer);
    if (!analysis::commute(first, rest)) return false;
    for (std::size_t k = i + 1; k < j; ++k) {
      const Effects between = analysis::effects_of(block.body[k]);
      if (!places.contains(k)) {
        if (!analysis::commute(between, second)) return false;
        continue;
      }
      if (!between.none() || !analysis::commute(between, first)) return false;
      for (std::size_t other = i + 1; other < k; ++other) {
        if (!places.contains(other) && !analysis::commute(between, analysis::effects_of(block.body[other])))
          return false;
      }
    }
    rebuild(block, i, j, places, stored);
    return true;
  }

  static void rebuild(Block& block, std::size_t i, std::size_t j, const std::set<std::size_t>& places,
                      const std::map<ir::BufferId, ValueId>& stored) {
    std::vector<Instruction> order;
    for (std::size_t k = 0; k < i; ++k) order.push_back(std::move(block.body[k]));
    for (std::size_t k : places) order.push_back(std::move(block.body[k]));
    Instruction joined = std::move(block.body[i]);
    Instruction second = std::move(block.body[j]);
    for (std::size_t b = 0; b < joined.blocks.size(); ++b) join(joined.blocks[b], std::move(second.blocks[b]), stored);
    joined.results.insert(joined.results.end(), second.results.begin(), second.results.end());
    joined.reducers.insert(joined.reducers.end(), second.reducers.begin(), second.reducers.end());
    if (joined.site != second.site) joined.site = std::max(joined.site, second.site);
    order.push_back(std::move(joined));
    for (std::size_t k = i + 1; k < block.body.size(); ++k) {
      if (k != j && !places.contains(k)) order.push_back(std::move(block.body[k]));
    }
    block.body = std::move(order);
  }

  const ir::Module& module_;
};

}  // namespace

void fuse_loops(ir::Module& module) {
  for (ir::Function& function : module.functions) Fusion(module).block(function.body.block);
}

}  // namespace lacuna::transform
