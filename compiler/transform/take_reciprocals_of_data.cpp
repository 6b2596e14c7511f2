#include "compiler/transform/take_reciprocals_of_data.h"

#include "compiler/ir/module.h"
#include "compiler/ir/stages.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::Stage;
using ir::ValueId;

class Rewriting {
 public:
  Rewriting(const ir::Module& module, ir::Function& function)
      : body_(function.body), stages_(ir::stages_of(module, function.body, function.stage)) {}

  void block(Block& block) {
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) this->block(inner);
      if (each.op == Op::Div && stage(each.operands[1]) == Stage::Data && stage(each.operands[0]) == Stage::Draw) {
        const ValueId one = body_.add(ir::Type::real());
        const ValueId reciprocal = body_.add(ir::Type::real());
        kept.push_back({.op = Op::Constant, .results = {one}, .literal = 1.0});
        kept.push_back({.op = Op::Div, .operands = {one, each.operands[1]}, .results = {reciprocal}});
        each.op = Op::Mul;
        each.operands[1] = reciprocal;
      }
      kept.push_back(std::move(each));
    }
    block.body = std::move(kept);
  }

 private:
  Stage stage(ValueId id) const { return id.index < stages_.size() ? stages_[id.index] : Stage::Draw; }

  ir::Body& body_;
  std::vector<Stage> stages_;
};

}  // namespace

void take_reciprocals_of_data(ir::Module& module) {
  for (ir::Function& function : module.functions) {
    if (function.stage == Stage::Draw) Rewriting(module, function).block(function.body.block);
  }
}

}  // namespace lacuna::transform
