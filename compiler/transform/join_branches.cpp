#include "compiler/transform/join_branches.h"

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

bool uses_any(const Instruction& each, const std::set<ValueId>& made) {
  bool found = false;
  ir::for_each_use(each, [&](ValueId id) { found = found || made.contains(id); });
  return found;
}

// `later` at the end of `first`.
void append_blocks(Instruction& first, Instruction& later) {
  for (std::size_t side = 0; side < 2; ++side) {
    Block& to = first.blocks[side];
    Block& from = later.blocks[side];
    std::move(from.body.begin(), from.body.end(), std::back_inserter(to.body));
    to.yields.insert(to.yields.end(), from.yields.begin(), from.yields.end());
  }
  first.results.insert(first.results.end(), later.results.begin(), later.results.end());
}

// Joins what can be with the branch at `first`; says which instructions are gone.
void join_with(std::vector<Instruction>& body, std::size_t first, std::vector<bool>& gone) {
  const ValueId condition = body[first].operands[0];
  analysis::Effects between = analysis::effects_of(body[first]);
  std::set<ValueId> made(body[first].results.begin(), body[first].results.end());
  for (std::size_t i = first + 1; i < body.size(); ++i) {
    if (gone[i]) continue;
    Instruction& each = body[i];
    const analysis::Effects effects = analysis::effects_of(each);
    const bool same = each.op == Op::If && each.operands[0] == condition;
    if (same && effects.none() && analysis::commute(effects, between) && !uses_any(each, made)) {
      append_blocks(body[first], each);
      gone[i] = true;
      continue;
    }
    made.insert(each.results.begin(), each.results.end());
    between.reads.insert(effects.reads.begin(), effects.reads.end());
    between.writes.insert(effects.writes.begin(), effects.writes.end());
    between.adds.insert(effects.adds.begin(), effects.adds.end());
    between.fixed = between.fixed || effects.fixed;
  }
}

void join_in(Block& block) {
  std::vector<bool> gone(block.body.size(), false);
  for (std::size_t i = 0; i < block.body.size(); ++i) {
    if (!gone[i] && block.body[i].op == Op::If) join_with(block.body, i, gone);
  }
  std::vector<Instruction> kept;
  for (std::size_t i = 0; i < block.body.size(); ++i) {
    if (!gone[i]) kept.push_back(std::move(block.body[i]));
  }
  block.body = std::move(kept);
  for (Instruction& each : block.body) {
    for (Block& inner : each.blocks) join_in(inner);
  }
}

}  // namespace

void join_branches(ir::Module& module) {
  for (ir::Function& function : module.functions) join_in(function.body.block);
}

}  // namespace lacuna::transform
