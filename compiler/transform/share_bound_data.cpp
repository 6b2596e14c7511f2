#include "compiler/transform/share_bound_data.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <unordered_map>

#include "compiler/ir/module.h"
#include "compiler/ir/walk.h"
#include "compiler/transform/eliminate_dead_code.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::BufferId;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

class Sharing {
 public:
  explicit Sharing(ir::Module& module) : module_(module) {}

  // Finds buffers with equal contents, and takes the later one's stores away.
  void bind(ir::Function& function) {
    std::map<BufferId, int> stores;
    ir::for_each_instruction(function.body.block, [&](const Instruction& each) {
      if (has(each.op, ir::Effect) && each.buffer.valid()) ++stores[each.buffer];
    });
    for (Instruction& each : function.body.block.body) {
      if (each.op != Op::For || !each.operands.empty()) {
        note(each);
        continue;
      }
      Block& block = each.blocks.front();
      for (std::size_t i = 0; i < block.arguments.size(); ++i) texts_[block.arguments[i]] = fmt::format("#{}", i);
      std::vector<Instruction> kept;
      for (Instruction& inner : block.body) {
        const bool stored = inner.op == Op::Store && stores[inner.buffer] == 1;
        if (stored && is_known(each.domain, inner)) continue;
        note(inner);
        kept.push_back(std::move(inner));
      }
      block.body = std::move(kept);
    }
  }

  // Reads go to the buffer that is kept.
  void reads(ir::Function& function) const {
    ir::for_each_instruction(function.body.block, [&](Instruction& each) {
      const auto found = same_.find(each.buffer);
      if (each.buffer.valid() && found != same_.end()) each.buffer = found->second;
    });
  }

  bool empty() const { return same_.empty(); }
  void release() {
    for (const auto& [buffer, kept] : same_) module_.buffers[buffer.index].axes.clear();
  }

 private:
  BufferId kept(BufferId id) const {
    const auto found = same_.find(id);
    return found == same_.end() ? id : found->second;
  }

  // What a value is, in terms of the loop's indices and of buffers; empty if it is not simple.
  std::string text(ValueId id) const {
    const auto found = texts_.find(id);
    return found == texts_.end() ? std::string() : found->second;
  }

  void note(const Instruction& each) {
    const bool simple = has(each.op, ir::Elementwise) || each.op == Op::Constant || each.op == Op::Size || each.op == Op::Load ||
                        each.op == Op::Present;
    if (!simple) return;
    std::string all = fmt::format("({}", static_cast<int>(each.op));
    if (each.dim.valid()) all += fmt::format(" dim{}", each.dim.index);
    if (each.buffer.valid()) all += fmt::format(" @{}", kept(each.buffer).index);
    if (each.op == Op::Constant) {
      std::visit([&](auto literal) { all += fmt::format(" {}:{}", each.literal.index(), literal); }, each.literal);
    }
    for (ValueId id : each.operands) {
      const std::string one = text(id);
      if (one.empty()) return;
      all += " " + one;
    }
    texts_[each.result()] = all + ")";
  }

  // Whether a store writes what another buffer has; else it is noted as the first.
  bool is_known(const ir::Domain& domain, const Instruction& store) {
    std::string key = fmt::format("{} {}", domain.space.index, domain.position);
    for (ir::DimId dim : domain.dims) key += fmt::format(" {}", dim.index);
    for (ir::DimId axis : module_.buffer(store.buffer).axes) key += fmt::format(" axis{}", axis.index);
    key += fmt::format(" type{}", static_cast<int>(module_.buffer(store.buffer).element.scalar));
    for (ValueId id : store.operands) {
      const std::string one = text(id);
      if (one.empty()) return false;
      key += " " + one;
    }
    const auto [first, is_new] = first_.emplace(key, store.buffer);
    if (!is_new) same_[store.buffer] = first->second;
    return !is_new;
  }

  ir::Module& module_;
  std::unordered_map<ValueId, std::string> texts_;
  std::map<std::string, BufferId> first_;
  std::map<BufferId, BufferId> same_;
};

}  // namespace

void share_bound_data(ir::Module& module) {
  ir::Function* bind = module.find_function("bind");
  if (bind == nullptr) return;
  Sharing sharing(module);
  sharing.bind(*bind);
  if (sharing.empty()) return;
  for (ir::Function& function : module.functions) sharing.reads(function);
  for (ir::Space& space : module.spaces) {
    if (!space.predicate) continue;
    ir::Function predicate{.body = std::move(*space.predicate)};
    sharing.reads(predicate);
    space.predicate = std::move(predicate.body);
  }
  sharing.release();
  eliminate_dead_code(module);
}

}  // namespace lacuna::transform
