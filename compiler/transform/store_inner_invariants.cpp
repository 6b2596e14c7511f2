#include "compiler/transform/store_inner_invariants.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/analysis/cost.h"
#include "compiler/analysis/effects.h"
#include "compiler/ir/builder.h"
#include "compiler/ir/clone.h"
#include "compiler/ir/module.h"
#include "compiler/ir/stages.h"
#include "compiler/ir/walk.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

class Storing {
 public:
  Storing(ir::Module& module, std::size_t function) : module_(module), function_(function) {}

  void run() {
    stages_ = ir::stages_of(module_, body(), ir::Stage::Draw);
    std::vector<Instruction> kept;
    for (Instruction& each : body().block.body) {
      if (each.op == Op::For) loop(each, kept);
      kept.push_back(std::move(each));
    }
    body().block.body = std::move(kept);
  }

 private:
  ir::Body& body() { return module_.functions[function_].body; }

  void loop(Instruction& outer, std::vector<Instruction>& before) {
    inside_.clear();
    changed_ = analysis::effects_of(outer);
    define(outer);
    inner_loops(outer.blocks.front(), before);
  }

  void define(const Instruction& each) {
    for (const Block& block : each.blocks) {
      inside_.insert(block.arguments.begin(), block.arguments.end());
      for (const Instruction& inner : block.body) {
        inside_.insert(inner.results.begin(), inner.results.end());
        define(inner);
      }
    }
  }

  void inner_loops(Block& block, std::vector<Instruction>& before) {
    for (Instruction& each : block.body) {
      if (each.op != Op::For || each.domain.space.valid()) continue;
      take_out(each, before);
      inner_loops(each.blocks.front(), before);
    }
  }

  // What a value of an inner loop's block comes from its index alone; `dear`: with a function or a quotient on the way.
  struct OfIndex {
    bool dear = false;
  };

  void take_out(Instruction& inner, std::vector<Instruction>& before) {
    Block& block = inner.blocks.front();
    divide_once(block);
    const std::map<ValueId, OfIndex> found = of_index(block);
    std::set<ValueId> wanted = used_elsewhere(block, found);
    if (wanted.empty()) return;
    const std::vector<ValueId> index(block.arguments.begin(),
                                     block.arguments.begin() + static_cast<std::ptrdiff_t>(inner.domain.dims.size()));
    std::map<ValueId, ir::BufferId> buffers;
    for (ValueId id : wanted) {
      buffers[id] = module_.add(ir::Buffer{.name = module_.fresh_buffer_name("each"),
                                           .kind = ir::BufferKind::Work,
                                           .element = ir::Type::real(),
                                           .axes = inner.domain.dims});
    }
    before.push_back(store_all(inner, found, buffers));
    for (Instruction& each : block.body) {
      const auto kept = each.results.size() == 1 ? buffers.find(each.result()) : buffers.end();
      if (kept == buffers.end()) continue;
      each = {.op = Op::Load, .operands = index, .results = each.results, .buffer = kept->second};
    }
  }

  // A quotient by what depends on the index alone becomes a product with its reciprocal.
  void divide_once(Block& block) {
    const std::map<ValueId, OfIndex> found = of_index(block);
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      if (each.op == Op::Div && found.contains(each.operands[1]) && !found.contains(each.operands[0]) && inside_.contains(each.operands[0]) &&
          is_draw(each.operands[1])) {
        const ValueId one = add(), reciprocal = add();
        kept.push_back({.op = Op::Constant, .results = {one}, .literal = 1.0});
        kept.push_back({.op = Op::Div, .operands = {one, each.operands[1]}, .results = {reciprocal}});
        each.op = Op::Mul;
        each.operands[1] = reciprocal;
      }
      kept.push_back(std::move(each));
    }
    block.body = std::move(kept);
  }

  ValueId add() {
    const ValueId id = body().add(ir::Type::real());
    inside_.insert(id);
    return id;
  }

  // What this pass adds is of stage draw.
  bool is_draw(ValueId id) const { return id.index >= stages_.size() || stages_[id.index] == ir::Stage::Draw; }

  std::map<ValueId, OfIndex> of_index(const Block& block) const {
    std::map<ValueId, OfIndex> found;
    for (ValueId id : block.arguments) found[id] = {};
    for (const Instruction& each : block.body) {
      if (each.results.size() != 1 || !may_move(each)) continue;
      bool free = true;
      bool dear = analysis::is_dear(each.op);
      for (ValueId id : each.operands) {
        const auto operand = found.find(id);
        free = free && (operand != found.end() || !inside_.contains(id));
        dear = dear || (operand != found.end() && operand->second.dear);
      }
      if (free) found[each.result()] = {dear};
    }
    return found;
  }

  bool may_move(const Instruction& each) const {
    if (each.op == Op::Load) {
      const ir::BufferKind kind = module_.buffer(each.buffer).kind;
      return kind != ir::BufferKind::Input && kind != ir::BufferKind::Scratch && !changed_.writes.contains(each.buffer) && !changed_.adds.contains(each.buffer);
    }
    return has(each.op, ir::Elementwise) || each.op == Op::Constant || each.op == Op::Size;
  }

  // Reals that other instructions of the block need, or that it yields.
  std::set<ValueId> used_elsewhere(const Block& block, const std::map<ValueId, OfIndex>& found) {
    std::set<ValueId> wanted;
    const auto want = [&](ValueId id) {
      const auto known = found.find(id);
      if (known == found.end() || !known->second.dear || !is_draw(id)) return;
      if (body().type(id) == ir::Type::real()) wanted.insert(id);
    };
    for (const Instruction& each : block.body) {
      if (each.results.size() == 1 && found.contains(each.result())) continue;
      ir::for_each_use(each, want);
    }
    for (ValueId id : block.yields) want(id);
    return wanted;
  }

  Instruction store_all(const Instruction& inner, const std::map<ValueId, OfIndex>& found,
                        const std::map<ValueId, ir::BufferId>& buffers) {
    ir::Builder b(module_, body());
    ir::Domain domain = inner.domain;
    domain.position = false;
    const Block& from = inner.blocks.front();
    Block made = b.block(b.index_arguments(domain), [&](const ir::Values& at) -> ir::Values {
      ir::ValueMap map;
      for (std::size_t i = 0; i < at.size(); ++i) map[from.arguments[i]] = at[i];
      for (const Instruction& each : from.body) {
        if (each.results.size() != 1 || !found.contains(each.result())) continue;
        b.append(ir::clone(each, body(), body(), map));
      }
      for (const auto& [id, buffer] : buffers) b.store(buffer, at, ir::mapped(map, id));
      return {};
    });
    return {.op = Op::For, .domain = domain, .site = inner.site, .blocks = {std::move(made)}};
  }

  ir::Module& module_;
  std::size_t function_;
  std::vector<ir::Stage> stages_;
  std::set<ValueId> inside_;   // what the outer loop defines
  analysis::Effects changed_;  // of the outer loop
};

}  // namespace

void store_inner_invariants(ir::Module& module) {
  for (std::size_t i = 0; i < module.functions.size(); ++i) {
    if (module.functions[i].stage == ir::Stage::Draw) Storing(module, i).run();
  }
}

}  // namespace lacuna::transform
