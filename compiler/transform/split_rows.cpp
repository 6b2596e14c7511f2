#include "compiler/transform/split_rows.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "compiler/analysis/effects.h"
#include "compiler/ir/module.h"
#include "compiler/ir/walk.h"

namespace lacuna::transform {
namespace {

using ir::Instruction;
using ir::Op;
using ir::ValueId;

constexpr int kMostParts = 64;

// A sum over rows of data, without effects.
bool sums_rows(const ir::Module& module, const Instruction& each) {
  if (each.op != Op::For || each.reducers.empty() || !each.operands.empty()) return false;
  if (!each.domain.space.valid() && each.domain.dims.size() != 1) return false;
  const bool sums = std::all_of(each.reducers.begin(), each.reducers.end(),
                                [](ir::Reducer reducer) { return reducer == ir::Reducer::Sum; });
  bool reads_data = false;
  ir::for_each_instruction(each.blocks.front(), [&](const Instruction& inner) {
    reads_data = reads_data || (inner.op == Op::Load && !inner.operands.empty() &&
                                ir::stage_of(module.buffer(inner.buffer).kind) == ir::Stage::Data);
  });
  return sums && reads_data && analysis::effects_of(each).none();
}

// One function's result as a sum of what is linear in its loops over rows and what does not depend on them.
class Splitting {
 public:
  Splitting(const ir::Module& module, ir::Function& function) : body_(function.body) {
    std::set<ValueId> results;
    for (const Instruction& each : body_.block.body) {
      if (sums_rows(module, each)) results.insert(each.results.begin(), each.results.end());
    }
    while (!follow(results)) {
    }
    for (Instruction& each : body_.block.body) {
      if (!each.results.empty() && rows_.contains(each.results.front())) each.schedule.parts = kMostParts;
    }
  }

  bool empty() const { return rows_.empty(); }

  // Puts the linear part, or the rest, in the place of the result.
  void keep(bool rows) {
    ValueId& result = body_.block.yields.front();
    const ValueId kept = rows ? linear(result) : rest(result);
    result = kept.valid() ? kept : constant();
  }

 private:
  struct Definition {
    Op op;
    std::vector<ValueId> operands, results;
  };

  // Finds what is linear in the loops; takes loops away whose results go elsewhere, and says whether there were none.
  bool follow(std::set<ValueId>& results) {
    rows_ = results;
    linear_ = results;
    definitions_.clear();
    for (const Instruction& each : body_.block.body) {
      for (ValueId id : each.results) definitions_[id] = {each.op, each.operands, each.results};
      std::vector<ValueId> used;
      ir::for_each_use(each, [&](ValueId id) {
        if (linear_.contains(id)) used.push_back(id);
      });
      if (used.empty()) continue;
      if (!keeps_linear(each)) {
        for (ValueId id : used) forget(id, results);
        return false;
      }
      linear_.insert(each.result());
    }
    return true;
  }

  bool keeps_linear(const Instruction& each) const {
    if (each.op == Op::Add || each.op == Op::Sub || each.op == Op::Neg) return true;
    if (each.op == Op::Mul) return linear_.contains(each.operands[0]) != linear_.contains(each.operands[1]);
    return each.op == Op::Div && !linear_.contains(each.operands[1]);
  }

  // Every loop that `id` depends on.
  void forget(ValueId id, std::set<ValueId>& results) const {
    const Definition& each = definitions_.at(id);
    if (rows_.contains(id)) {
      for (ValueId result : each.results) results.erase(result);
      return;
    }
    for (ValueId operand : each.operands) {
      if (linear_.contains(operand)) forget(operand, results);
    }
  }

  ValueId constant() {
    const ValueId result = body_.add(ir::Type::real());
    body_.block.body.push_back({.op = Op::Constant, .results = {result}, .literal = 0.0});
    return result;
  }

  ValueId write(Op op, std::vector<ValueId> operands) {
    const ValueId result = body_.add(ir::Type::real());
    body_.block.body.push_back({.op = op, .operands = std::move(operands), .results = {result}});
    return result;
  }

  // Of a value the part that is linear in the loops; none if there is none.
  ValueId linear(ValueId id) {
    if (!linear_.contains(id)) return {};
    return rows_.contains(id) ? id : combined(id, [this](ValueId operand) { return linear(operand); });
  }

  // The part that does not depend on them.
  ValueId rest(ValueId id) {
    if (!linear_.contains(id)) return id;
    return rows_.contains(id) ? ValueId{} : combined(id, [this](ValueId operand) { return rest(operand); });
  }

  template <class Part>
  ValueId combined(ValueId id, const Part& part) {
    const Definition each = definitions_.at(id);
    if (each.op == Op::Neg) {
      const ValueId only = part(each.operands[0]);
      return only.valid() ? write(Op::Neg, {only}) : only;
    }
    if (each.op == Op::Mul || each.op == Op::Div) {
      const std::size_t factor = linear_.contains(each.operands[0]) ? 1 : 0;
      const ValueId other = part(each.operands[1 - factor]);
      if (!other.valid()) return other;
      std::vector<ValueId> operands = each.operands;
      operands[1 - factor] = other;
      return write(each.op, operands);
    }
    const ValueId first = part(each.operands[0]), second = part(each.operands[1]);
    if (!second.valid()) return first;
    if (!first.valid()) return each.op == Op::Sub ? write(Op::Neg, {second}) : second;
    return write(each.op, {first, second});
  }

  ir::Body& body_;
  std::set<ValueId> rows_;    // results of the loops
  std::set<ValueId> linear_;  // they, and what is linear in them
  std::unordered_map<ValueId, Definition> definitions_;
};

void add(ir::Module& module, const ir::Function& source, const std::string& name, bool rows) {
  ir::Function function = source;
  function.name = name;
  Splitting splitting(module, function);
  if (splitting.empty() && rows) return;
  if (!splitting.empty()) splitting.keep(rows);
  module.functions.push_back(std::move(function));
}

// Scales stand outside of loops, around the sums of sites.
void drop_scales(ir::Function& function) {
  for (Instruction& each : function.body.block.body) {
    if (each.op != Op::SiteScale) continue;
    each.op = Op::Constant;
    each.operands.clear();
    each.literal = 1.0;
  }
}

}  // namespace

void split_rows(ir::Module& module) {
  const ir::Function* found = module.find_function("log_density");
  if (!found || found->body.block.yields.empty()) return;
  const ir::Function source = *found;
  add(module, source, "log_density_rows", true);
  add(module, source, "log_density_rest", false);
  drop_scales(*module.find_function("log_density"));
}

}  // namespace lacuna::transform
