#include "compiler/transform/flatten_branches.h"

#include <algorithm>
#include <set>

#include "compiler/analysis/cost.h"
#include "compiler/analysis/effects.h"
#include "compiler/ir/module.h"
#include "compiler/ir/stages.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

constexpr std::size_t kFew = 4;

class Flattening {
 public:
  Flattening(const ir::Module& module, ir::Function& function)
      : body_(function.body), stages_(ir::stages_of(module, function.body, function.stage)) {}

  void block(Block& block) {
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      if (each.op == Op::WithJacobian) asked_.insert(each.result());
      if (loops_ == 0) shared_.insert(each.results.begin(), each.results.end());
      const bool loop = each.op == Op::For || each.op == Op::Scan;
      ++depth_;
      loops_ += loop ? 1 : 0;
      for (Block& inner : each.blocks) this->block(inner);
      loops_ -= loop ? 1 : 0;
      --depth_;
      if (each.op == Op::If && !stays(each) && !chooses_for_all(each) && (stages_[each.operands[0].index] == ir::Stage::Draw || cheap(each))) {
        flatten(each, kept);
      } else {
        kept.push_back(std::move(each));
      }
    }
    block.body = std::move(kept);
  }

 private:
  // What a call asks for is the same for all it computes: outside loops it may choose what is computed at all.
  bool stays(const Instruction& branch) const {
    return depth_ == 0 && asked_.contains(branch.operands[0]) &&
           std::any_of(branch.blocks.begin(), branch.blocks.end(), [](const Block& block) { return !block.body.empty(); }) &&
           std::all_of(branch.blocks.begin(), branch.blocks.end(), [](const Block& block) {
             return std::all_of(block.body.begin(), block.body.end(),
                                [](const Instruction& each) { return has(each.op, ir::Elementwise) || each.op == Op::Constant; });
           });
  }

  // A condition that all iterations of the loops around share is worth a branch where it spares functions in each of them.
  bool chooses_for_all(const Instruction& branch) const {
    if (loops_ == 0 || !shared_.contains(branch.operands[0]) || !analysis::effects_of(branch).none()) return false;
    return std::any_of(branch.blocks.begin(), branch.blocks.end(),
                       [](const Block& block) { return analysis::dear_operations(block) > 0; });
  }

  // A few operations that load nothing: choosing between both results costs less than a branch, whatever the stage.
  static bool cheap(const Instruction& branch) {
    return std::all_of(branch.blocks.begin(), branch.blocks.end(), [](const Block& block) {
      return block.body.size() <= kFew &&
             std::all_of(block.body.begin(), block.body.end(), [](const Instruction& each) {
               return has(each.op, ir::Elementwise) || each.op == Op::Constant;
             });
    });
  }

  void flatten(Instruction& branch, std::vector<Instruction>& kept) {
    const ValueId condition = branch.operands[0];
    for (std::size_t side = 0; side < 2; ++side) run(branch.blocks[side], condition, side == 0, kept);
    for (std::size_t i = 0; i < branch.results.size(); ++i) {
      kept.push_back({.op = Op::Select,
                      .operands = {condition, branch.blocks[0].yields[i], branch.blocks[1].yields[i]},
                      .results = {branch.results[i]}});
    }
  }

  // The block's instructions, run whatever the condition; what they add is 0 where it says the other block. Loops in
  // the block are run too, and what they add inside is selected there.
  void run(Block& block, ValueId condition, bool yes, std::vector<Instruction>& kept) {
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) {
        std::vector<Instruction> nested;
        run(inner, condition, yes, nested);
        inner.body = std::move(nested);
      }
      if (each.op == Op::Accumulate) select_against_zero(each, condition, yes, kept);
      kept.push_back(std::move(each));
    }
  }

  void select_against_zero(Instruction& each, ValueId condition, bool yes, std::vector<Instruction>& kept) {
    const ir::Type type = body_.type(each.operands.back());
    auto fresh = [&] {
      const ValueId id = body_.add(type);
      stages_.resize(body_.values.size(), ir::Stage::Draw);
      return id;
    };
    const ValueId zero = fresh();
    const ValueId chosen = fresh();
    ir::Literal literal = 0.0;
    if (type == ir::Type::integer()) literal = std::int64_t{0};
    kept.push_back({.op = Op::Constant, .results = {zero}, .literal = literal});
    const ValueId value = each.operands.back();
    kept.push_back(
        {.op = Op::Select, .operands = {condition, yes ? value : zero, yes ? zero : value}, .results = {chosen}});
    each.operands.back() = chosen;
  }

  ir::Body& body_;
  std::vector<ir::Stage> stages_;
  std::set<ValueId> asked_;   // what `with_jacobian` gives
  std::set<ValueId> shared_;  // what is defined outside of loops
  int depth_ = 0;             // blocks around
  int loops_ = 0;             // loops around
};

}  // namespace

void flatten_branches(ir::Module& module) {
  for (ir::Function& function : module.functions) Flattening(module, function).block(function.body.block);
}

}  // namespace lacuna::transform
