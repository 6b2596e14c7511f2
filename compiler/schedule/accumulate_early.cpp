#include <algorithm>

#include "compiler/analysis/effects.h"
#include "compiler/ir/module.h"
#include "compiler/schedule/choose.h"

namespace lacuna::schedule {
namespace {

using ir::Instruction;
using ir::Op;

// Moves an accumulate up to where its operands are known.
void move_up(std::vector<Instruction>& body, std::size_t at) {
  const Instruction& added = body[at];
  const analysis::Effects effects = analysis::effects_of(added);
  std::size_t to = at;
  for (; to > 0; --to) {
    const Instruction& before = body[to - 1];
    const bool needed = std::any_of(before.results.begin(), before.results.end(), [&](ir::ValueId id) {
      return std::find(added.operands.begin(), added.operands.end(), id) != added.operands.end();
    });
    if (needed || !analysis::commute(analysis::effects_of(before), effects)) break;
  }
  const auto first = body.begin();
  std::rotate(first + static_cast<std::ptrdiff_t>(to), first + static_cast<std::ptrdiff_t>(at), first + static_cast<std::ptrdiff_t>(at) + 1);
}

}  // namespace

void accumulate_early(ir::Module& module) {
  for (ir::Function& function : module.functions) {
    for (Instruction& loop : function.body.block.body) {
      if (loop.op != Op::For || loop.schedule.tile == 0 || loop.schedule.lanes != ir::Lanes::None) continue;
      std::vector<Instruction>& body = loop.blocks.front().body;
      for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i].op == Op::Accumulate) move_up(body, i);
      }
    }
  }
}

}  // namespace lacuna::schedule
