#include "compiler/transform/sum_logs.h"

#include <limits>
#include <set>

#include "compiler/ir/module.h"
#include "compiler/transform/append.h"
#include "compiler/transform/summands.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::Reducer;
using ir::ValueId;

class Summing {
 public:
  explicit Summing(ir::Body& body) : body_(body) {}

  void block(Block& block) {
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) this->block(inner);
      std::vector<Instruction> after;
      if (each.op == Op::For) loop(each, after);
      kept.push_back(std::move(each));
      std::move(after.begin(), after.end(), std::back_inserter(kept));
    }
    block.body = std::move(kept);
  }

 private:
  void loop(Instruction& each, std::vector<Instruction>& after) {
    Block& body = each.blocks.front();
    definitions_ = terms_of(body);
    const std::size_t sums = each.reducers.size();
    bool found = false;
    for (std::size_t i = 0; i < sums; ++i) {
      if (each.reducers[i] != Reducer::Sum) continue;
      std::vector<Summand> plain;
      std::vector<Summand> logs;
      collect({body.yields[i], false}, plain, logs);
      if (logs.empty()) continue;
      found = true;
      split(each, i, plain, logs, after);
    }
    if (found) share_exponentials(body);
  }

  void collect(Summand sum, std::vector<Summand>& plain, std::vector<Summand>& logs) const {
    for_each_summand(definitions_, sum, [&](Summand each) {
      const auto at = definitions_.find(each.value);
      const Op op = at == definitions_.end() ? Op::Constant : at->second.op;
      (op == Op::Softplus || op == Op::Log || op == Op::Log1p ? logs : plain).push_back(each);
    });
  }

  // The loop's sum number i keeps the plain summands; each log gets a reduction of its own, joined behind the loop.
  void split(Instruction& each, std::size_t i, std::vector<Summand> plain, const std::vector<Summand>& logs,
             std::vector<Instruction>& after) {
    Block& body = each.blocks.front();
    std::vector<Summand> outside;
    for (const Summand& log : logs) {
      const Instruction by = definitions_.at(log.value);
      ValueId x = by.operands[0];
      if (by.op == Op::Log1p) x = append(body_, body.body, Op::Add, {append_constant(body_, body.body, 1), x});
      ValueId factor;
      if (by.op == Op::Softplus) {
        factor = append(body_, body.body, Op::Add, {append_constant(body_, body.body, 1), exponential(body.body, x)});
        plain.push_back({append(body_, body.body, Op::Max, {x, append_constant(body_, body.body, 0)}), log.negative});
      } else {
        const ValueId negative = append(body_, body.body, Op::Lt, {x, append_constant(body_, body.body, 0)}, ir::Type::boolean());
        const ValueId nan = append_constant(body_, body.body, std::numeric_limits<double>::quiet_NaN());
        factor = append(body_, body.body, Op::Select, {negative, nan, x});
      }
      const ValueId result = body_.add(ir::Type::real());
      each.reducers.push_back(Reducer::SumLog);
      each.results.push_back(result);
      body.yields.push_back(factor);
      outside.push_back({result, log.negative});
    }
    const ValueId old = each.results[i];
    if (plain.empty()) plain.push_back({append_constant(body_, body.body, 0), false});
    body.yields[i] = write_total(body_, body.body, plain);
    each.results[i] = body_.add(ir::Type::real());
    outside.insert(outside.begin(), {each.results[i], false});
    const ValueId all = write_total(body_, after, outside);
    after.push_back({.op = Op::Add, .operands = {all, append_constant(body_, after, -0.0)}, .results = {old}});
  }

  // exp(-|x|).
  ValueId exponential(std::vector<Instruction>& to, ValueId x) {
    exponentials_.insert(x);
    return append(body_, to, Op::Exp, {append(body_, to, Op::Neg, {append(body_, to, Op::Abs, {x})})});
  }

  // sigmoid(x) of an x whose exponential is there: (x < 0 ? e : 1) / (1 + e).
  void share_exponentials(Block& block) {
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      const bool shared = each.op == Op::Sigmoid && exponentials_.contains(each.operands[0]);
      if (!shared) {
        kept.push_back(std::move(each));
        continue;
      }
      const ValueId x = each.operands[0];
      const ValueId e = exponential(kept, x);
      const ValueId one = append_constant(body_, kept, 1);
      const ValueId below = append(body_, kept, Op::Lt, {x, append_constant(body_, kept, 0)}, ir::Type::boolean());
      const ValueId top = append(body_, kept, Op::Select, {below, e, one});
      const ValueId bottom = append(body_, kept, Op::Add, {one, e});
      kept.push_back({.op = Op::Div, .operands = {top, bottom}, .results = each.results});
    }
    block.body = std::move(kept);
  }

  ir::Body& body_;
  Definitions definitions_;
  std::set<ValueId> exponentials_;
};

}  // namespace

void sum_logs(ir::Module& module) {
  for (ir::Function& function : module.functions) {
    if (function.stage == ir::Stage::Draw) Summing(function.body).block(function.body.block);
  }
}

}  // namespace lacuna::transform
