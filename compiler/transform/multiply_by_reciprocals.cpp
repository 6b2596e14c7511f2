#include "compiler/transform/multiply_by_reciprocals.h"

#include <map>
#include <set>

#include "compiler/ir/module.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

class Rewriting {
 public:
  explicit Rewriting(ir::Body& body) : body_(body) {}

  void block(Block& block, std::set<ValueId> visible) {
    visible.insert(block.arguments.begin(), block.arguments.end());
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      const bool loop = each.op == Op::For || each.op == Op::Scan;
      if (loop) {
        std::map<ValueId, ValueId> reciprocals;
        replace(each.blocks.front(), visible, reciprocals);
        for (const auto& [divisor, reciprocal] : reciprocals) {
          const ValueId one = body_.add(ir::Type::real());
          kept.push_back({.op = Op::Constant, .results = {one}, .literal = 1.0});
          kept.push_back({.op = Op::Div, .operands = {one, divisor}, .results = {reciprocal}});
          visible.insert(reciprocal);
        }
      }
      if (loop) share(each.blocks.front());
      for (Block& inner : each.blocks) this->block(inner, visible);
      visible.insert(each.results.begin(), each.results.end());
      kept.push_back(std::move(each));
    }
    block.body = std::move(kept);
  }

 private:
  // Everything in the loop, nested loops and branches too, that divides by a value from before it.
  void replace(Block& block, const std::set<ValueId>& outside, std::map<ValueId, ValueId>& reciprocals) {
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) replace(inner, outside, reciprocals);
      if (each.op != Op::Div || !outside.contains(each.operands[1])) continue;
      auto [found, fresh] = reciprocals.try_emplace(each.operands[1]);
      if (fresh) found->second = body_.add(ir::Type::real());
      each.op = Op::Mul;
      each.operands[1] = found->second;
    }
  }

  // Of a loop's own block: divisors that serve more than once, their reciprocals before the first of them.
  void share(Block& block) {
    std::map<ValueId, int> uses;
    for (const Instruction& each : block.body) {
      if (each.op == Op::Div) ++uses[each.operands[1]];
    }
    std::map<ValueId, ValueId> reciprocals;
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      if (each.op == Op::Div && uses[each.operands[1]] > 1) {
        auto [found, fresh] = reciprocals.try_emplace(each.operands[1]);
        if (fresh) {
          found->second = body_.add(ir::Type::real());
          const ValueId one = body_.add(ir::Type::real());
          kept.push_back({.op = Op::Constant, .results = {one}, .literal = 1.0});
          kept.push_back({.op = Op::Div, .operands = {one, each.operands[1]}, .results = {found->second}});
        }
        each.op = Op::Mul;
        each.operands[1] = found->second;
      }
      kept.push_back(std::move(each));
    }
    block.body = std::move(kept);
  }

  ir::Body& body_;
};

}  // namespace

void multiply_by_reciprocals(ir::Module& module) {
  for (ir::Function& function : module.functions) Rewriting(function.body).block(function.body.block, {});
}

}  // namespace lacuna::transform
