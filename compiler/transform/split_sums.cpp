#include "compiler/transform/split_sums.h"

#include <algorithm>
#include <set>

#include "compiler/analysis/effects.h"
#include "compiler/ir/clone.h"
#include "compiler/ir/infer.h"
#include "compiler/ir/module.h"
#include "compiler/ir/stages.h"
#include "compiler/transform/append.h"
#include "compiler/transform/summands.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::Reducer;
using ir::Stage;
using ir::ValueId;

struct Parts {
  std::vector<Summand> varying;    // of stage draw
  std::vector<Summand> data;       // of stage data
  std::vector<Summand> invariant;  // from outside the loop
};

class Splitting {
 public:
  Splitting(ir::Module& module, ir::Function& function)
      : module_(module),
        body_(function.body),
        stage_(function.stage),
        stages_(ir::stages_of(module, function.body, function.stage)) {}

  void block(Block& block) {
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) this->block(inner);
      if (each.op == Op::For) {
        loop(each, kept);
      } else {
        kept.push_back(std::move(each));
      }
    }
    block.body = std::move(kept);
  }

 private:
  Stage stage(ValueId id) const { return id.index < stages_.size() ? stages_[id.index] : stage_; }

  void loop(Instruction& each, std::vector<Instruction>& kept) {
    const bool parametrised = each.domain.space.valid() && !module_.space(each.domain.space).parameters.empty();
    std::vector<Instruction> before;
    std::vector<Instruction> after;
    inside_.clear();
    Block& body = each.blocks.front();
    inside_.insert(body.arguments.begin(), body.arguments.end());
    for (const Instruction& inner : body.body) inside_.insert(inner.results.begin(), inner.results.end());
    definitions_ = terms_of(body);
    for (std::size_t i = 0; i < each.reducers.size(); ++i) {
      if (each.reducers[i] != Reducer::Sum || parametrised) continue;
      Parts parts;
      collect({body.yields[i], false}, parts);
      split(each, i, parts, before, after);
    }
    definitions_.clear();
    std::move(before.begin(), before.end(), std::back_inserter(kept));
    kept.push_back(std::move(each));
    std::move(after.begin(), after.end(), std::back_inserter(kept));
  }

  void collect(Summand sum, Parts& parts) {
    for_each_summand(definitions_, sum, [&](Summand each) {
      // A constant inside the loop is as good as one before it.
      if (!inside_.contains(each.value) || is_literal(each.value)) {
        parts.invariant.push_back(each);
      } else if (stage_ == Stage::Draw && stage(each.value) == Stage::Data) {
        parts.data.push_back(each);
      } else {
        parts.varying.push_back(each);
      }
    });
  }

  bool is_literal(ValueId id) const {
    const auto found = definitions_.find(id);
    return found != definitions_.end() && found->second.op == Op::Constant;
  }

  ValueId total(std::vector<Instruction>& to, const std::vector<Summand>& summands) {
    return write_total(body_, to, summands);
  }

  // The number of iterations, as an int.
  ValueId count(std::vector<Instruction>& to, const ir::Domain& domain) {
    std::vector<ir::DimId> dims = domain.dims;
    if (domain.space.valid()) {
      ir::DimId cells = ir::cells_of(module_, domain.space);
      if (!cells.valid()) {
        cells = module_.add(ir::Dim{
            .name = module_.space(domain.space).name + "_cells", .kind = ir::Dim::Kind::Cells, .cells = domain.space});
      }
      dims = {cells};
    }
    ValueId product;
    for (ir::DimId dim : dims) {
      const ValueId size = body_.add(ir::Type::integer());
      to.push_back({.op = Op::Size, .results = {size}, .dim = dim});
      product = product.valid() ? append(body_, to, Op::IMul, {product, size}, ir::Type::integer()) : size;
    }
    return product;
  }

  // sum of an invariant over the domain: count * invariant, and 0 over none, whatever the invariant.
  ValueId repeated(std::vector<Instruction>& to, const Instruction& loop, ValueId invariant) {
    const ValueId iterations = count(to, loop.domain);
    const ValueId none = append_constant(body_, to, std::int64_t{0}, ir::Type::integer());
    const ValueId empty = append(body_, to, Op::IEq, {iterations, none}, ir::Type::boolean());
    const ValueId zero = append_constant(body_, to, 0.0, ir::Type::real());
    const ValueId product = append(body_, to, Op::Mul, {invariant, append(body_, to, Op::ToReal, {iterations})});
    return append(body_, to, Op::Select, {empty, zero, product});
  }

  // A loop of its own for the summands that depend on data alone.
  ValueId data_loop(std::vector<Instruction>& to, const Instruction& loop, const std::vector<Summand>& summands) {
    ir::ValueMap map;
    Instruction copy = ir::clone(loop, body_, body_, map);
    Block& block = copy.blocks.front();
    std::vector<Summand> renamed = summands;
    for (Summand& each : renamed) each.value = ir::mapped(map, each.value);
    block.yields = {total(block.body, renamed)};
    copy.reducers = {Reducer::Sum};
    copy.results = {body_.add(ir::Type::real())};
    const ValueId result = copy.results.front();
    to.push_back(std::move(copy));
    return result;
  }

  void split(Instruction& loop, std::size_t i, Parts& parts, std::vector<Instruction>& before,
             std::vector<Instruction>& after) {
    Block& body = loop.blocks.front();
    const bool pure = analysis::effects_of(loop).none();
    if (!pure || parts.varying.empty()) {
      parts.varying.insert(parts.varying.end(), parts.data.begin(), parts.data.end());
      parts.data.clear();
    }
    const auto factor = single_factor(parts);
    if (parts.data.empty() && parts.invariant.empty() && !factor.valid()) return;

    // Constants of the loop's block are wanted outside: they are written again there.
    std::vector<Summand> outside;
    for (const Summand& each : parts.invariant) outside.push_back({outer(after, each.value), each.negative});
    std::vector<Summand> sums;
    const ValueId old = loop.results[i];
    if (!parts.data.empty()) sums.push_back({data_loop(before, loop, parts.data), false});
    if (!outside.empty()) sums.push_back({repeated(after, loop, total(after, outside)), false});
    if (parts.varying.empty()) {
      body.yields[i] = append_constant(body_, body.body, 0.0, ir::Type::real());
    } else if (factor.valid()) {
      body.yields[i] = parts.varying.front().value;
    } else {
      body.yields[i] = total(body.body, parts.varying);
    }
    loop.results[i] = body_.add(ir::Type::real());
    if (!parts.varying.empty()) {
      ValueId sum = loop.results[i];
      if (factor.valid()) sum = append(body_, after, Op::Mul, {outer(after, factor), sum});
      sums.insert(sums.begin(), {sum, factor.valid() && parts.varying.front().negative});
    }
    const ValueId value = total(after, sums);
    // The old name stands for the whole from here on.
    after.push_back({.op = Op::Add, .operands = {value, append_constant(body_, after, -0.0, ir::Type::real())}, .results = {old}});
  }

  // A value as it may be used outside of the loop: itself, or the literal that it is.
  ValueId outer(std::vector<Instruction>& to, ValueId id) {
    const auto found = definitions_.find(id);
    return found == definitions_.end() ? id : append_constant(body_, to, found->second.literal, body_.type(id));
  }

  // If one summand varies and it is a product with a constant: that constant; the summand becomes the other factor.
  ValueId single_factor(Parts& parts) {
    if (parts.varying.size() != 1) return {};
    Summand& only = parts.varying.front();
    const auto found = definitions_.find(only.value);
    if (found == definitions_.end() || found->second.op != Op::Mul) return {};
    const std::vector<ValueId>& operands = found->second.operands;
    for (std::size_t k = 0; k < 2; ++k) {
      if (!is_literal(operands[k]) && (stage(operands[k]) != Stage::Constant || inside_.contains(operands[k]))) continue;
      only.value = operands[1 - k];
      return operands[k];
    }
    return {};
  }

  ir::Module& module_;
  ir::Body& body_;
  Stage stage_;
  std::vector<Stage> stages_;
  std::set<ValueId> inside_;
  Definitions definitions_;
};

}  // namespace

void split_sums(ir::Module& module) {
  for (ir::Function& function : module.functions) Splitting(module, function).block(function.body.block);
}

}  // namespace lacuna::transform
