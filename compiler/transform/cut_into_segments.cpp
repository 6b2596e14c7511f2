#include "compiler/transform/cut_into_segments.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "compiler/analysis/effects.h"
#include "compiler/ir/clone.h"
#include "compiler/ir/module.h"
#include "compiler/ir/walk.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::BufferId;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

// Which rows, and by which index.
struct Order {
  ir::SpaceId space;  // none: all of `dims`
  std::vector<ir::DimId> dims;
  BufferId by;
  auto operator<=>(const Order&) const = default;
};

class Cutting {
 public:
  explicit Cutting(ir::Module& module) : module_(module) {}

  void function(ir::Function& function) {
    body_ = &function.body;
    for (Instruction& each : function.body.block.body) {
      if (each.op != Op::For) continue;
      if (const std::optional<BufferId> by = owner(each)) cut(each, *by);
    }
  }

  // The spaces that were made, in order.
  const std::vector<ir::SpaceId>& made() const { return made_; }

 private:
  bool is_draw(BufferId buffer) const { return ir::stage_of(module_.buffer(buffer).kind) == ir::Stage::Draw; }

  // The index buffer by which the loop reads the most arrays of stage draw, if it shall own the order of the rows.
  std::optional<BufferId> owner(const Instruction& loop) const {
    const ir::Domain& domain = loop.domain;
    const bool parametrised = domain.space.valid() && !module_.space(domain.space).parameters.empty();
    if (parametrised || domain.position || !analysis::effects_of(loop).none()) return {};
    const Block& body = loop.blocks.front();
    const std::set<ValueId> own(body.arguments.begin(), body.arguments.end());
    std::map<ValueId, BufferId> keys;
    std::vector<BufferId> order;
    std::map<BufferId, std::set<BufferId>> read;
    std::set<BufferId> read_by_own;
    bool reads_matrix = false;
    ir::for_each_instruction(body, [&](const Instruction& each) {
      if (each.op != Op::Load) return;
      if (is_key(each, body)) {
        keys[each.result()] = each.buffer;
        order.push_back(each.buffer);
      }
      for (ValueId id : each.operands) {
        const auto key = keys.find(id);
        if (is_draw(each.buffer) && key != keys.end()) read[key->second].insert(each.buffer);
        if (is_draw(each.buffer) && own.contains(id)) read_by_own.insert(each.buffer);
        reads_matrix = reads_matrix || (!is_draw(each.buffer) && own.contains(id) && has_other(each, own));
      }
    });
    std::optional<BufferId> best;
    for (BufferId by : order) {
      if (read[by].size() > (best ? read[*best].size() : read_by_own.size())) best = by;
    }
    return reads_matrix ? std::nullopt : best;
  }

  // Data index of the row itself: `@county[%n]`, present in every row that the loop visits.
  bool is_key(const Instruction& load, const Block& loop) const {
    const ir::Buffer& buffer = module_.buffer(load.buffer);
    return !is_draw(load.buffer) && buffer.element.scalar == ir::Scalar::Index && load.operands == loop.arguments;
  }

  static bool has_other(const Instruction& load, const std::set<ValueId>& own) {
    return std::any_of(load.operands.begin(), load.operands.end(), [&](ValueId id) { return !own.contains(id); });
  }

  void cut(Instruction& loop, BufferId by) {
    const ir::DimId dim = module_.buffer(by).element.dim;
    const ir::SpaceId space = segments({loop.domain.space, loop.domain.dims, by});
    const ValueId group = body_->add(ir::Type::index_of(dim));
    Instruction rows = std::move(loop);
    loop = {.op = Op::For, .domain = {.dims = {dim}}, .reducers = rows.reducers, .site = rows.site};
    loop.results = rows.results;
    rows.site = -1;
    rows.domain.space = space;
    rows.operands = {group};
    for (std::size_t i = 0; i < rows.results.size(); ++i) {
      rows.results[i] = body_->add(body_->type(loop.results[i]));
      // A sum of sums of logs is a sum.
      if (loop.reducers[i] == ir::Reducer::SumLog) loop.reducers[i] = ir::Reducer::Sum;
    }
    ir::ValueMap map;
    read_once(rows.blocks.front(), rows.blocks.front(), by, group, map);
    ir::substitute(rows.blocks.front(), map);
    Block segment{.arguments = {group}, .body = {}, .yields = rows.results};
    segment.body.push_back(std::move(rows));
    loop.blocks.push_back(std::move(segment));
  }

  // Loads of the index by the row become the segment's.
  void read_once(Block& block, const Block& loop, BufferId by, ValueId group, ir::ValueMap& map) const {
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      if (each.op == Op::Load && each.buffer == by && is_key(each, loop)) {
        map[each.result()] = group;
        continue;
      }
      for (Block& inner : each.blocks) read_once(inner, loop, by, group, map);
      kept.push_back(std::move(each));
    }
    block.body = std::move(kept);
  }

  ir::SpaceId segments(const Order& order) {
    const auto known = spaces_.find(order);
    if (known != spaces_.end()) return known->second;
    const ir::DimId dim = module_.buffer(order.by).element.dim;
    ir::Space space;
    space.name = order.space.valid() ? module_.space(order.space).name : "rows";
    space.name = fresh_name(space.name + ".by." + module_.buffer(order.by).name);
    space.parameters = {dim};
    space.dims = order.dims;
    space.by = {order.by};
    if (order.space.valid() && module_.space(order.space).predicate) {
      space.predicate = module_.space(order.space).predicate;
      ir::Body& predicate = *space.predicate;
      predicate.block.arguments.insert(predicate.block.arguments.begin(), predicate.add(ir::Type::index_of(dim)));
    }
    made_.push_back(module_.add(std::move(space)));
    return spaces_[order] = made_.back();
  }

  std::string fresh_name(const std::string& wanted) const {
    std::string name = wanted;
    for (int i = 1; module_.find_space(name).valid(); ++i) name = wanted + "." + std::to_string(i);
    return name;
  }

  ir::Module& module_;
  ir::Body* body_ = nullptr;
  std::map<Order, ir::SpaceId> spaces_;
  std::vector<ir::SpaceId> made_;
};

}  // namespace

void cut_into_segments(ir::Module& module) {
  Cutting cutting(module);
  for (ir::Function& function : module.functions) {
    if (function.stage == ir::Stage::Draw) cutting.function(function);
  }
  if (cutting.made().empty()) return;
  if (module.find_function("bind") == nullptr) {
    module.functions.insert(module.functions.begin(), ir::Function{.name = "bind", .stage = ir::Stage::Data});
  }
  for (ir::SpaceId space : cutting.made()) {
    module.find_function("bind")->body.block.body.push_back({.op = Op::BuildSpace, .space = space});
  }
}

}  // namespace lacuna::transform
