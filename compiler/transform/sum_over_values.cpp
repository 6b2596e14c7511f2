#include "compiler/transform/sum_over_values.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/analysis/cost.h"
#include "compiler/analysis/effects.h"
#include "compiler/ir/clone.h"
#include "compiler/ir/module.h"
#include "compiler/ir/stages.h"
#include "compiler/ir/walk.h"
#include "compiler/transform/dependences.h"
#include "compiler/transform/summands.h"
#include "compiler/transform/value_table.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::Reducer;
using ir::Scalar;
using ir::ValueId;

class Summing {
 public:
  Summing(ir::Module& module, std::size_t bind) : module_(module), bind_(bind) {}

  void function(std::size_t number) {
    function_ = number;
    stages_ = ir::stages_of(module_, body(), ir::Stage::Draw);
    std::vector<Instruction> kept;
    for (Instruction& each : body().block.body) {
      std::vector<Instruction> before, after;
      if (each.op == Op::For && is_plain(each)) loop(each, before, after);
      std::move(before.begin(), before.end(), std::back_inserter(kept));
      kept.push_back(std::move(each));
      std::move(after.begin(), after.end(), std::back_inserter(kept));
    }
    body().block.body = std::move(kept);
  }

 private:
  ir::Body& body() { return module_.functions[function_].body; }

  // Over all cells, or a list that stands for itself, in their own order.
  bool is_plain(const Instruction& loop) const {
    if (!analysis::effects_of(loop).none()) return false;
    if (!loop.domain.space.valid()) return true;
    const ir::Space& space = module_.space(loop.domain.space);
    return space.parameters.empty() && space.by.empty();
  }

  void loop(Instruction& each, std::vector<Instruction>& before, std::vector<Instruction>& after) {
    const Definitions definitions = terms_of(each.blocks.front());
    const Dependences dependences(module_, body(), each);
    std::vector<Instruction> totals;  // for the end of the block: until then `dependences` points into it
    for (std::size_t i = 0; i < each.reducers.size(); ++i) {
      if (each.reducers[i] != Reducer::Sum) continue;
      std::map<ValueId, std::vector<Summand>> by_datum;
      std::vector<Summand> others;
      for_each_summand(definitions, {each.blocks.front().yields[i]}, [&](Summand summand) {
        const Dependence on = dependences.of(summand.value);
        const bool moves = on.free && on.datum.valid() && is_dear(dependences, summand.value);
        (moves ? by_datum[on.datum] : others).push_back(summand);
      });
      if (by_datum.empty()) continue;
      std::vector<Summand> sums;
      for (const auto& [datum, summands] : by_datum) {
        sums.push_back({over_values(each, dependences, datum, summands, before)});
      }
      const ValueId old = each.results[i];
      each.results[i] = body().add(ir::Type::real());
      if (!others.empty()) sums.insert(sums.begin(), {each.results[i]});
      each.blocks.front().yields[i] = others.empty() ? constant(totals, 0.0) : write_total(body(), totals, others);
      // What was the loop's sum is that and the sums over values, from here on.
      const ValueId total = write_total(body(), after, sums);
      after.push_back({.op = Op::Add, .operands = {total, constant(after, -0.0)}, .results = {old}});
    }
    std::move(totals.begin(), totals.end(), std::back_inserter(each.blocks.front().body));
  }

  bool is_dear(const Dependences& dependences, ValueId id) const {
    std::set<const Instruction*> needed;
    dependences.add_needed(id, needed);
    return std::any_of(needed.begin(), needed.end(), [&](const Instruction* each) {
      const bool draw = !each->results.empty() && stages_[each->result().index] == ir::Stage::Draw;
      if (!draw) return false;
      if (each->op == Op::Load) return true;  // a gather, and of its derivative a scatter
      return analysis::is_dear(each->op) || std::any_of(each->blocks.begin(), each->blocks.end(), [](const Block& block) {
               return analysis::dear_operations(block) > 0;
             });
    });
  }

  ValueId constant(std::vector<Instruction>& to, double value) {
    const ValueId result = body().add(ir::Type::real());
    to.push_back({.op = Op::Constant, .results = {result}, .literal = value});
    return result;
  }

  // A loop over the values of a datum that adds up some terms, each times the number of cells that have the value.
  ValueId over_values(const Instruction& loop, const Dependences& dependences, ValueId datum,
                      const std::vector<Summand>& summands, std::vector<Instruction>& before) {
    const Instruction& read = dependences.definition(datum);
    const ValueTable table = table_of(loop, read, dependences.indices());
    std::set<const Instruction*> needed;
    for (const Summand& each : summands) dependences.add_needed(each.value, needed);
    needed.erase(&read);
    ir::Builder b(module_, body());
    ir::Block block = b.block(b.index_arguments(b.over(table.space)), [&](const ir::Values& at) -> ir::Values {
      const OneValue one = write_value(b, table, at);
      ir::ValueMap map{{datum, one.value}};
      const std::vector<Instruction>& all = loop.blocks.front().body;
      for (const Instruction& each : all) {
        if (needed.contains(&each)) b.append(ir::clone(each, body(), body(), map));
      }
      std::vector<Summand> renamed = summands;
      for (Summand& each : renamed) each.value = ir::mapped(map, each.value);
      std::vector<Instruction> total;
      const ValueId sum = write_total(body(), total, renamed);
      for (Instruction& each : total) b.append(std::move(each));
      return {b.mul(one.count, sum)};
    });
    const ValueId result = body().add(ir::Type::real());
    before.push_back({.op = Op::For,
                      .results = {result},
                      .domain = b.over(table.space),
                      .reducers = {Reducer::Sum},
                      .site = loop.site,
                      .blocks = {std::move(block)}});
    return result;
  }

  ValueTable table_of(const Instruction& loop, const Instruction& read, const std::vector<ValueId>& indices) {
    ValuesOf of{.domain = loop.domain, .buffer = read.buffer};
    of.domain.position = false;
    for (ValueId id : read.operands) {
      of.subscripts.push_back(static_cast<int>(std::find(indices.begin(), indices.end(), id) - indices.begin()));
    }
    for (const auto& [known, table] : tables_) {
      if (known == of) return table;
    }
    tables_.emplace_back(of, add_value_table(module_, module_.functions[bind_].body, of));
    return tables_.back().second;
  }

  ir::Module& module_;
  std::size_t bind_;
  std::size_t function_ = 0;
  std::vector<ir::Stage> stages_;
  std::vector<std::pair<ValuesOf, ValueTable>> tables_;
};

}  // namespace

void sum_over_values(ir::Module& module) {
  if (module.find_function("bind") == nullptr) {
    module.functions.insert(module.functions.begin(), ir::Function{.name = "bind", .stage = ir::Stage::Data});
  }
  const auto bind = static_cast<std::size_t>(module.find_function("bind") - module.functions.data());
  Summing summing(module, bind);
  for (std::size_t i = 0; i < module.functions.size(); ++i) {
    if (module.functions[i].stage == ir::Stage::Draw) summing.function(i);
  }
}

}  // namespace lacuna::transform
