#include "compiler/analysis/linear_scan.h"

#include <algorithm>
#include <map>

#include "compiler/analysis/effects.h"
#include "compiler/ir/walk.h"

namespace lacuna::analysis {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

class Analysis {
 public:
  explicit Analysis(const Instruction& scan) : scan_(scan) {}

  std::optional<LinearScan> run(const ir::Module& module, const ir::Body& body) {
    const Block& block = scan_.blocks.front();
    const std::size_t carried = block.yields.size() - scan_.reducers.size();
    const std::size_t first = block.arguments.size() - carried;
    const ir::Domain& domain = scan_.domain;
    const bool plain = domain.space.valid() ? module.space(domain.space).parameters.empty() : domain.dims.size() == 1;
    if (!plain || carried == 0 || reads_own_writes()) return {};
    for (std::size_t i = 0; i < carried; ++i) {
      if (body.type(block.arguments[first + i]) != ir::Type::real()) return {};
      carriers_[block.arguments[first + i]].insert(block.arguments[first + i]);
    }
    mark(block);
    if (!sound_) return {};
    for (std::size_t i = 0; i < carried; ++i) {
      if (!linear(block.yields[i], block.arguments[first + i])) return {};
    }
    LinearScan found;
    for (const auto& [value, carriers] : carriers_) found.dependent.insert(value);
    return found;
  }

 private:
  bool reads_own_writes() const {
    const Effects effects = effects_of(scan_);
    return effects.fixed || std::any_of(effects.reads.begin(), effects.reads.end(), [&](ir::BufferId id) {
             return effects.writes.contains(id) || effects.adds.contains(id);
           });
  }

  // Notes for each value on which carried values it depends.
  void mark(const Block& block) {
    for (const Instruction& each : block.body) {
      std::set<ValueId> on;
      for (ValueId id : each.operands) join(on, id);
      const bool memory = has(each.op, ir::Effect) || each.op == Op::Load || each.op == Op::Present;
      const bool stores = each.op == Op::Store || each.op == Op::Accumulate;
      for (std::size_t i = 0; memory && i + (stores ? 1 : 0) < each.operands.size(); ++i) {
        sound_ = sound_ && !carriers_.contains(each.operands[i]);
      }
      if (each.op == Op::For || each.op == Op::Scan) sound_ = false;
      if (each.op == Op::If) sound_ = sound_ && on.empty();
      for (const Block& inner : each.blocks) mark(inner);
      for (std::size_t i = 0; i < each.results.size(); ++i) {
        std::set<ValueId> own = on;
        for (const Block& inner : each.blocks) join(own, inner.yields[i]);
        definitions_[each.results[i]] = {&each, i};
        if (!own.empty()) carriers_[each.results[i]] = std::move(own);
      }
    }
  }

  void join(std::set<ValueId>& on, ValueId id) const {
    const auto found = carriers_.find(id);
    if (found != carriers_.end()) on.insert(found->second.begin(), found->second.end());
  }

  bool independent(ValueId id) const { return !carriers_.contains(id); }

  bool linear(ValueId id, ValueId carried) const {
    if (independent(id) || id == carried) return true;
    const auto found = definitions_.find(id);
    if (found == definitions_.end() || carriers_.at(id) != std::set<ValueId>{carried}) return false;
    const auto& [each, number] = found->second;
    const auto& x = each->operands;
    switch (each->op) {
      case Op::Add:
      case Op::Sub:
        return linear(x[0], carried) && linear(x[1], carried);
      case Op::Neg:
        return linear(x[0], carried);
      case Op::Mul:
        return (independent(x[0]) || independent(x[1])) && linear(x[0], carried) && linear(x[1], carried);
      case Op::Select:
        return independent(x[0]) && linear(x[1], carried) && linear(x[2], carried);
      case Op::If:
        return linear(each->blocks[0].yields[number], carried) && linear(each->blocks[1].yields[number], carried);
      default:
        return false;
    }
  }

  const Instruction& scan_;
  bool sound_ = true;
  std::map<ValueId, std::set<ValueId>> carriers_;
  std::map<ValueId, std::pair<const Instruction*, std::size_t>> definitions_;
};

}  // namespace

std::optional<LinearScan> linear_scan(const ir::Module& module, const ir::Body& body, const ir::Instruction& scan) {
  if (scan.op != Op::Scan) return {};
  return Analysis(scan).run(module, body);
}

}  // namespace lacuna::analysis
