#include "compiler/ir/stages.h"

#include <algorithm>

namespace lacuna::ir {
namespace {

class Inference {
 public:
  Inference(const Module& module, const Body& body, Stage arguments)
      : module_(module), stages_(body.values.size(), Stage::Constant) {
    for (ValueId id : body.block.arguments) at(id) = arguments;
    block(body.block);
  }

  std::vector<Stage> take() { return std::move(stages_); }

 private:
  Stage& at(ValueId id) { return stages_[id.index]; }

  Stage of_operands(const Instruction& each) {
    Stage stage = Stage::Constant;
    for (ValueId id : each.operands) stage = std::max(stage, at(id));
    return stage;
  }

  void block(const Block& block) {
    for (const Instruction& each : block.body) instruction(each);
  }

  void instruction(const Instruction& each) {
    if (each.op == Op::For || each.op == Op::Scan) return loop(each);
    if (each.op == Op::If) return branch(each);
    Stage stage = of_operands(each);
    if (each.op == Op::Size || each.op == Op::Present) stage = std::max(stage, Stage::Data);
    if (each.op == Op::WithJacobian || each.op == Op::SiteScale) stage = Stage::Draw;
    if (each.op == Op::Load) stage = std::max(stage, stage_of(module_.buffer(each.buffer).kind));
    for (ValueId id : each.results) at(id) = stage;
  }

  // Sizes and lists of cells are data, and so is at least everything that a loop gives. What a carried value depends on
  // may grow by going round, twice at most since there are three stages.
  void loop(const Instruction& each) {
    const Block& body = each.blocks.front();
    const std::size_t carried = each.results.size() - each.reducers.size();
    const std::size_t first = body.arguments.size() - carried;
    const std::size_t start = each.operands.size() - carried;
    for (std::size_t i = 0; i < body.arguments.size(); ++i) {
      at(body.arguments[i]) = std::max(Stage::Data, i < first ? Stage::Data : at(each.operands[start + i - first]));
    }
    for (int round = 0; round < 3; ++round) {
      block(body);
      for (std::size_t i = 0; i < carried; ++i) {
        Stage& argument = at(body.arguments[first + i]);
        argument = std::max(argument, at(body.yields[i]));
      }
    }
    for (std::size_t i = 0; i < each.results.size(); ++i) {
      at(each.results[i]) = std::max(Stage::Data, at(body.yields[i]));
      if (i < carried) at(each.results[i]) = std::max(at(each.results[i]), at(body.arguments[first + i]));
    }
  }

  void branch(const Instruction& each) {
    block(each.blocks[0]);
    block(each.blocks[1]);
    for (std::size_t i = 0; i < each.results.size(); ++i) {
      const Stage taken = std::max(at(each.blocks[0].yields[i]), at(each.blocks[1].yields[i]));
      at(each.results[i]) = std::max(taken, at(each.operands[0]));
    }
  }

  const Module& module_;
  std::vector<Stage> stages_;
};

}  // namespace

std::vector<Stage> stages_of(const Module& module, const Body& body, Stage arguments) {
  return Inference(module, body, arguments).take();
}

}  // namespace lacuna::ir
