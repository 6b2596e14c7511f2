#include "compiler/transform/store_first_sums.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/analysis/effects.h"
#include "compiler/ir/module.h"
#include "compiler/ir/walk.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::BufferId;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

class Storing {
 public:
  Storing(const ir::Module& module, ir::Body& body) : module_(module), body_(body) {}

  void run() {
    combine(body_.block);
    std::vector<Instruction>& top = body_.block.body;
    std::set<ValueId> zeros;
    for (const Instruction& each : top) {
      const auto* real = std::get_if<double>(&each.literal);
      if (each.op == Op::Constant && real && *real == 0.0) zeros.insert(each.result());
    }
    for (std::size_t i = 0; i < top.size();) {
      const bool zero = top[i].op == Op::Fill && zeros.contains(top[i].operands[0]);
      if (zero && store_next(top, i)) {
        top.erase(top.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
  }

 private:
  // Additions of one block to one element become one, where the last of them stands.
  void combine(Block& block) {
    std::map<std::pair<BufferId, std::vector<ValueId>>, std::size_t> last;
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) combine(inner);
      if (each.op == Op::Accumulate) {
        const std::vector<ValueId> at(each.operands.begin(), each.operands.end() - 1);
        const auto [known, first] = last.try_emplace({each.buffer, at}, 0);
        if (!first) {
          const ValueId sum = body_.add(ir::Type::real());
          kept.push_back({.op = Op::Add, .operands = {kept[known->second].operands.back(), each.operands.back()}, .results = {sum}});
          kept[known->second].op = Op::Constant;  // dropped below
          each.operands.back() = sum;
        }
        known->second = kept.size();
      } else if (!each.blocks.empty() || each.op == Op::Load || each.op == Op::Store || each.op == Op::Fill) {
        const analysis::Effects effects = analysis::effects_of(each);
        std::erase_if(last, [&](const auto& entry) {
          const BufferId buffer = entry.first.first;
          return effects.reads.contains(buffer) || effects.writes.contains(buffer) || effects.adds.contains(buffer);
        });
      }
      kept.push_back(std::move(each));
    }
    std::erase_if(kept, [](const Instruction& each) { return each.op == Op::Constant && each.results.empty(); });
    block.body = std::move(kept);
  }

  // Makes the first additions behind the fill at `i` stores, if they reach every element once.
  bool store_next(std::vector<Instruction>& top, std::size_t i) const {
    const BufferId buffer = top[i].buffer;
    for (std::size_t k = i + 1; k < top.size(); ++k) {
      Instruction& each = top[k];
      const analysis::Effects effects = analysis::effects_of(each);
      const bool adds = effects.adds.contains(buffer);
      if (effects.reads.contains(buffer) || effects.writes.contains(buffer)) return false;
      if (!adds) continue;
      if (each.op == Op::Accumulate && each.operands.size() == 1) {
        each.op = Op::Store;
        return true;
      }
      Instruction* only = each.op == Op::For ? sole_addition(each, buffer) : nullptr;
      if (only == nullptr) return false;
      only->op = Op::Store;
      return true;
    }
    return false;
  }

  // The one addition to the buffer in a loop over all of its elements, at the loop's own indices.
  Instruction* sole_addition(Instruction& loop, BufferId buffer) const {
    Block& body = loop.blocks.front();
    if (loop.schedule.parts > 0) return nullptr;  // a part reaches some elements only
    if (loop.domain.space.valid() || loop.domain.dims != module_.buffer(buffer).axes) return nullptr;
    int additions = 0;
    ir::for_each_instruction(body, [&](const Instruction& each) {
      if (each.op == Op::Accumulate && each.buffer == buffer) ++additions;
    });
    for (Instruction& each : body.body) {
      const bool here = each.op == Op::Accumulate && each.buffer == buffer && additions == 1;
      if (here && std::equal(body.arguments.begin(), body.arguments.end(), each.operands.begin(),
                             each.operands.end() - 1)) {
        return &each;
      }
    }
    return nullptr;
  }

  const ir::Module& module_;
  ir::Body& body_;
};

}  // namespace

void store_first_sums(ir::Module& module) {
  for (ir::Function& function : module.functions) {
    if (function.stage == ir::Stage::Draw) Storing(module, function.body).run();
  }
}

}  // namespace lacuna::transform
