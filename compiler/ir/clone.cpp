#include "compiler/ir/clone.h"

namespace lacuna::ir {
namespace {

ValueId fresh(ValueId id, const Body& from, Body& to, ValueMap& map) {
  const ValueInfo info = from.value(id);  // a copy: `to` may be `from` and grow
  return map[id] = to.add(info.type, info.name);
}

}  // namespace

ValueId mapped(const ValueMap& map, ValueId id) {
  const auto found = map.find(id);
  return found == map.end() ? id : found->second;
}

Instruction clone(const Instruction& each, const Body& from, Body& to, ValueMap& map) {
  Instruction copy = each;
  for (ValueId& id : copy.operands) id = mapped(map, id);
  for (Block& block : copy.blocks) block = clone(Block(block), from, to, map);
  for (ValueId& id : copy.results) id = fresh(id, from, to, map);
  return copy;
}

Block clone(const Block& block, const Body& from, Body& to, ValueMap& map) {
  Block copy;
  for (ValueId id : block.arguments) {
    if (!map.contains(id)) copy.arguments.push_back(fresh(id, from, to, map));
  }
  for (const Instruction& each : block.body) copy.body.push_back(clone(each, from, to, map));
  for (ValueId id : block.yields) copy.yields.push_back(mapped(map, id));
  return copy;
}

void substitute(Block& block, const ValueMap& map) {
  for (Instruction& each : block.body) {
    for (ValueId& id : each.operands) id = mapped(map, id);
    for (Block& inner : each.blocks) substitute(inner, map);
  }
  for (ValueId& id : block.yields) id = mapped(map, id);
}

}  // namespace lacuna::ir
