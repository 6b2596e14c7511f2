#include "compiler/transform/split_branches.h"

#include <algorithm>
#include <array>
#include <map>

#include "compiler/analysis/effects.h"
#include "compiler/ir/clone.h"
#include "compiler/ir/module.h"
#include "compiler/ir/stages.h"
#include "compiler/transform/append.h"
#include "compiler/transform/dependences.h"
#include "compiler/transform/summands.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::Reducer;
using ir::Stage;
using ir::ValueId;

// What a term depends on: data alone, one datum and draws, or anything.
struct Kind {
  enum Of { Data, Datum, Any } of = Any;
  ValueId datum{};
  auto operator<=>(const Kind&) const = default;
};

class Splitting {
 public:
  Splitting(const ir::Module& module, ir::Function& function)
      : module_(module), body_(function.body), stages_(ir::stages_of(module, function.body, function.stage)) {}

  void block(Block& block) {
    for (Instruction& each : block.body) {
      if (each.op == Op::For && analysis::effects_of(each).none()) {
        loop(each);
      } else {
        for (Block& inner : each.blocks) this->block(inner);
      }
    }
  }

 private:
  void loop(Instruction& each) {
    const Dependences dependences(module_, body_, each);
    dependences_ = &dependences;
    kinds_.clear();
    Block& block = each.blocks.front();
    for (std::size_t i = 0; i < each.reducers.size(); ++i) {
      if (each.reducers[i] == Reducer::Sum) terms(block, block.yields[i]);
    }
  }

  // Splits the branches among the terms of a value of the block.
  void terms(Block& block, ValueId sum) {
    std::vector<ValueId> leaves;
    for_each_summand(terms_of(block), {sum}, [&](Summand each) { leaves.push_back(each.value); });
    for (ValueId id : leaves) {
      const auto branch = std::find_if(block.body.begin(), block.body.end(), [&](const Instruction& each) {
        return each.op == Op::If && std::find(each.results.begin(), each.results.end(), id) != each.results.end();
      });
      if (branch == block.body.end() || stage(branch->operands[0]) == Stage::Draw) continue;
      std::vector<Instruction> after;
      split(*branch, id, after);
      block.body.insert(branch + 1, std::make_move_iterator(after.begin()), std::make_move_iterator(after.end()));
    }
  }

  // Values that this pass makes are of the kind that it gave them.
  Stage stage(ValueId id) const { return id.index < stages_.size() ? stages_[id.index] : Stage::Draw; }

  Kind kind(ValueId id, ValueId condition) const {
    const Dependence when = dependences_->of(condition);
    const auto datum_of = [&](bool free, ValueId datum) {
      const bool one = free && when.free && (!datum.valid() || !when.datum.valid() || datum == when.datum);
      const ValueId the = datum.valid() ? datum : when.datum;
      return one && the.valid() ? Kind{Kind::Datum, the} : Kind{};
    };
    if (const auto made = kinds_.find(id); made != kinds_.end()) {
      return made->second.of == Kind::Data ? made->second : datum_of(made->second.of == Kind::Datum, made->second.datum);
    }
    if (stage(id) != Stage::Draw) return {Kind::Data};
    const Dependence own = dependences_->of(id);
    return datum_of(own.free, own.datum);
  }

  // The result `id` of a branch as the sum of results of one kind each, added up again in `after`.
  void split(Instruction& branch, ValueId id, std::vector<Instruction>& after) {
    const auto place = static_cast<std::size_t>(std::find(branch.results.begin(), branch.results.end(), id) - branch.results.begin());
    if (body_.type(id) != ir::Type::real()) return;
    std::map<Kind, std::vector<Summand>> sides[2];
    std::map<Kind, bool> worth;
    for (std::size_t side = 0; side < 2; ++side) {
      Block& block = branch.blocks[side];
      terms(block, block.yields[place]);
      const Definitions definitions = terms_of(block);
      for_each_summand(definitions, {block.yields[place]}, [&](Summand each) {
        const Kind of = kind(each.value, branch.operands[0]);
        const auto defined = definitions.find(each.value);
        const bool literal = defined != definitions.end() && defined->second.op == Op::Constant;
        worth[of] = worth[of] || !literal;
        sides[side][of].push_back(each);
      });
    }
    if (std::count_if(worth.begin(), worth.end(), [](const auto& each) { return each.second; }) < 2) return;
    std::vector<Summand> sums;
    const Instruction whole = branch;
    for (const auto& [of, any] : worth) {
      const ValueId part = body_.add(ir::Type::real());
      kinds_[part] = of;
      if (sums.empty()) {
        keep(branch, place, part, {sides[0][of], sides[1][of]});
      } else {
        after.push_back(only(whole, part, {sides[0][of], sides[1][of]}));
      }
      sums.push_back({part});
    }
    write_total(body_, after, sums);
    after.back().results = {id};
  }

  using Sides = std::array<std::vector<Summand>, 2>;

  ValueId total(Block& block, const std::vector<Summand>& summands) {
    return summands.empty() ? append_constant(body_, block.body, 0.0) : write_total(body_, block.body, summands);
  }

  // The branch with some of the terms in place of one of its results.
  void keep(Instruction& branch, std::size_t place, ValueId part, const Sides& sides) {
    branch.results[place] = part;
    for (std::size_t side = 0; side < 2; ++side) branch.blocks[side].yields[place] = total(branch.blocks[side], sides[side]);
  }

  // A copy of the branch that has some of the terms as its one result.
  Instruction only(const Instruction& branch, ValueId part, const Sides& sides) {
    ir::ValueMap map;
    Instruction copy = ir::clone(branch, body_, body_, map);
    copy.results = {part};
    for (std::size_t side = 0; side < 2; ++side) {
      std::vector<Summand> renamed = sides[side];
      for (Summand& each : renamed) each.value = ir::mapped(map, each.value);
      copy.blocks[side].yields = {total(copy.blocks[side], renamed)};
    }
    return copy;
  }

  const ir::Module& module_;
  ir::Body& body_;
  std::vector<Stage> stages_;
  const Dependences* dependences_ = nullptr;
  std::map<ValueId, Kind> kinds_;
};

}  // namespace

void split_branches(ir::Module& module) {
  for (ir::Function& function : module.functions) {
    if (function.stage == Stage::Draw) Splitting(module, function).block(function.body.block);
  }
}

}  // namespace lacuna::transform
