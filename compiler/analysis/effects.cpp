#include "compiler/analysis/effects.h"

#include <algorithm>

#include "compiler/ir/walk.h"

namespace lacuna::analysis {
namespace {

using ir::BufferId;
using ir::Op;

void add(Effects& effects, const ir::Instruction& each) {
  switch (each.op) {
    case Op::Load:
    case Op::Present:
      effects.reads.insert(each.buffer);
      break;
    case Op::Store:
    case Op::Fill:
      effects.writes.insert(each.buffer);
      break;
    case Op::Accumulate:
      effects.adds.insert(each.buffer);
      break;
    case Op::BuildSpace:
    case Op::Check:
      effects.fixed = true;
      break;
    case Op::Kernel: {
      const std::size_t results = info(each.kernel).results.size();
      for (std::size_t i = 0; i < each.buffers.size(); ++i) {
        (i < results ? effects.writes : effects.reads).insert(each.buffers[i]);
      }
      break;
    }
    default:
      break;
  }
}

bool meet(const std::set<BufferId>& a, const std::set<BufferId>& b) {
  return std::any_of(a.begin(), a.end(), [&](BufferId id) { return b.contains(id); });
}

}  // namespace

Effects effects_of(const ir::Block& block) {
  Effects effects;
  ir::for_each_instruction(block, [&](const ir::Instruction& each) { add(effects, each); });
  return effects;
}

Effects effects_of(const ir::Instruction& instruction) {
  Effects effects;
  add(effects, instruction);
  for (const ir::Block& block : instruction.blocks) {
    ir::for_each_instruction(block, [&](const ir::Instruction& each) { add(effects, each); });
  }
  return effects;
}

bool commute(const Effects& a, const Effects& b) {
  if (a.fixed || b.fixed) return false;
  const bool written = meet(a.writes, b.reads) || meet(a.writes, b.writes) || meet(a.writes, b.adds) ||
                       meet(b.writes, a.reads) || meet(b.writes, a.adds);
  return !written && !meet(a.adds, b.reads) && !meet(b.adds, a.reads);
}

}  // namespace lacuna::analysis
