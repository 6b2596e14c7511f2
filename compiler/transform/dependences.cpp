#include "compiler/transform/dependences.h"

#include <algorithm>

#include "compiler/ir/stages.h"
#include "compiler/ir/walk.h"

namespace lacuna::transform {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

namespace {

// What the blocks of an instruction define.
std::set<ValueId> defined_within(const Instruction& each) {
  std::set<ValueId> own;
  for (const Block& block : each.blocks) {
    own.insert(block.arguments.begin(), block.arguments.end());
    ir::for_each_instruction(block, [&](const Instruction& inner) {
      own.insert(inner.results.begin(), inner.results.end());
      for (const Block& nested : inner.blocks) own.insert(nested.arguments.begin(), nested.arguments.end());
    });
  }
  return own;
}

}  // namespace

Dependences::Dependences(const ir::Module& module, const ir::Body& body, const Instruction& loop)
    : module_(module), body_(body) {
  const Block& block = loop.blocks.front();
  indices_.assign(block.arguments.begin(),
                  block.arguments.begin() + static_cast<std::ptrdiff_t>(loop.domain.dims.size()));
  for (ValueId id : block.arguments) of_[id] = {};
  for (const Instruction& each : block.body) {
    const Dependence found = of(each);
    for (ValueId id : each.results) of_[id] = found;
    for (ValueId id : each.results) definitions_[id] = &each;
    if (each.op == Op::If) add_inside(each);
  }
}

void Dependences::add_inside(const Instruction& branch) {
  for (const Block& block : branch.blocks) {
    for (const Instruction& each : block.body) {
      const Dependence found = of(each);
      for (ValueId id : each.results) of_[id] = found;
      if (each.op == Op::If) add_inside(each);
    }
  }
}

Dependence Dependences::of(ValueId id) const {
  const auto found = of_.find(id);
  return found == of_.end() ? Dependence{.free = true} : found->second;  // from outside of the loop
}

void Dependences::add_needed(ValueId id, std::set<const Instruction*>& needed) const {
  const auto found = definitions_.find(id);
  if (found == definitions_.end() || !needed.insert(found->second).second) return;
  ir::for_each_use(*found->second, [&](ValueId used) { add_needed(used, needed); });
}

Dependence Dependences::of(const Instruction& each) const {
  if (!each.results.empty() && is_datum(each)) return {true, each.result()};
  if (has(each.op, ir::Effect) || each.op == Op::External) return {};
  const std::set<ValueId> own = defined_within(each);
  Dependence all{.free = true};
  ir::for_each_use(each, [&](ValueId used) {
    if (own.contains(used)) return;
    const Dependence one = of(used);
    const bool differ = all.datum.valid() && one.datum.valid() && all.datum != one.datum;
    all.free = all.free && one.free && !differ;
    if (one.datum.valid()) all.datum = one.datum;
  });
  return all;
}

// `@y[%n]`, a whole number, bool or index among the data, of the cell itself.
bool Dependences::is_datum(const Instruction& each) const {
  if (each.op != Op::Load || each.operands.empty() || body_.type(each.result()).scalar == ir::Scalar::Real) return false;
  if (ir::stage_of(module_.buffer(each.buffer).kind) != ir::Stage::Data) return false;
  return std::all_of(each.operands.begin(), each.operands.end(), [&](ValueId id) {
    return std::find(indices_.begin(), indices_.end(), id) != indices_.end();
  });
}

}  // namespace lacuna::transform
