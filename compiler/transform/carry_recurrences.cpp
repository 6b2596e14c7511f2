#include "compiler/transform/carry_recurrences.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

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

class Carrying {
 public:
  explicit Carrying(ir::Function& function) : body_(function.body) {
    ir::for_each_instruction(body_.block, [&](const Instruction& each) {
      if (each.op == Op::Load) ++loads_[each.buffer];
      if (each.op == Op::Store || each.op == Op::Accumulate) ++writes_[each.buffer];
      if (each.results.size() == 1 && each.blocks.empty()) definitions_[each.result()] = each;
    });
  }

  void block(Block& block) {
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) this->block(inner);
      const bool fits = each.op == Op::Scan && !each.domain.space.valid() && each.domain.dims.size() == 1;
      if (fits) scan(each, kept);
      kept.push_back(std::move(each));
    }
    block.body = std::move(kept);
  }

 private:
  void scan(Instruction& each, std::vector<Instruction>& before) {
    if (each.domain.descending) {
      for (BufferId buffer : stored_in<Op::Accumulate>(each)) carry_added(each, buffer, before);
    } else {
      for (BufferId buffer : stored_in<Op::Store>(each)) carry_stored(each, buffer, before);
    }
  }

  template <Op op>
  static std::set<BufferId> stored_in(const Instruction& scan) {
    std::set<BufferId> buffers;
    ir::for_each_instruction(scan.blocks.front(), [&](const Instruction& each) {
      if (each.op == op) buffers.insert(each.buffer);
    });
    return buffers;
  }

  const Instruction* definition(ValueId id) const {
    const auto found = definitions_.find(id);
    return found == definitions_.end() ? nullptr : &found->second;
  }

  // Whether `id` is the index one before `index`.
  bool is_before(ValueId id, ValueId index) const {
    const Instruction* as_index = definition(id);
    const Instruction* minus = as_index && as_index->op == Op::ToIndex ? definition(as_index->operands[0]) : nullptr;
    if (!minus || minus->op != Op::ISub) return false;
    const Instruction* one = definition(minus->operands[1]);
    const Instruction* position = definition(minus->operands[0]);
    const std::int64_t* step = one && one->op == Op::Constant ? std::get_if<std::int64_t>(&one->literal) : nullptr;
    return step && *step == 1 && position && position->op == Op::ToInt && position->operands[0] == index;
  }

  // The number of the one subscript that differs, if `at` are the subscripts `here` with `index` one before.
  bool is_previous(const std::vector<ValueId>& at, const std::vector<ValueId>& here, std::size_t axes,
                   ValueId index) const {
    bool moved = false;
    for (std::size_t i = 0; i < axes; ++i) {
      if (at[i] == here[i] && at[i] != index) continue;
      if (moved || here[i] != index || !is_before(at[i], index)) return false;
      moved = true;
    }
    return moved;
  }

  ValueId zero(std::vector<Instruction>& to) {
    const ValueId id = body_.add(ir::Type::real());
    to.push_back({.op = Op::Constant, .results = {id}, .literal = 0.0});
    return id;
  }

  // Adds a carried value that starts from 0; `next` is what it becomes. Returns the block's argument.
  ValueId add_carried(Instruction& scan, std::vector<Instruction>& before) {
    Block& block = scan.blocks.front();
    const auto carried = static_cast<std::ptrdiff_t>(scan.results.size() - scan.reducers.size());
    const ValueId argument = body_.add(ir::Type::real());
    scan.operands.push_back(zero(before));
    block.arguments.push_back(argument);
    scan.results.insert(scan.results.begin() + carried, body_.add(ir::Type::real()));
    block.yields.insert(block.yields.begin() + carried, ValueId{});
    return argument;
  }

  void set_next(Instruction& scan, ValueId next) {
    scan.blocks.front().yields[scan.results.size() - scan.reducers.size() - 1] = next;
  }

  // b[t] is stored by the scan's own block, b[t - 1] loaded anywhere in it. The element before the first one is not
  // loaded.
  void carry_stored(Instruction& scan, BufferId buffer, std::vector<Instruction>& before) {
    Block& block = scan.blocks.front();
    const ValueId index = block.arguments.front();
    const auto store = std::find_if(block.body.begin(), block.body.end(), [&](const Instruction& each) {
      return each.op == Op::Store && each.buffer == buffer;
    });
    if (store == block.body.end() || body_.type(store->operands.back()) != ir::Type::real()) return;
    const std::vector<ValueId> here = store->operands;
    std::set<ValueId> previous;
    bool others = false;
    ir::for_each_instruction(block, [&](const Instruction& each) {
      if (each.op != Op::Load || each.buffer != buffer) return;
      if (is_previous(each.operands, here, here.size() - 1, index)) {
        previous.insert(each.result());
      } else {
        others = true;
      }
    });
    if (previous.empty() || others || writes_[buffer] != 1) return;
    const ValueId value = here.back();
    const ValueId carried = add_carried(scan, before);
    set_next(scan, value);
    ir::ValueMap map;
    for (ValueId id : previous) map[id] = carried;
    erase(scan.blocks.front(),
          [&](const Instruction& each) { return each.op == Op::Load && previous.contains(each.results[0]); });
    ir::substitute(scan.blocks.front(), map);
  }

  template <class Predicate>
  static void erase(Block& block, const Predicate& gone) {
    std::erase_if(block.body, gone);
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) erase(inner, gone);
    }
  }

  // d_b[t] is loaded by the scan's own block and nowhere else; the one addition to d_b[t - 1] stands there or in a
  // branch.
  void carry_added(Instruction& scan, BufferId buffer, std::vector<Instruction>& before) {
    Block& block = scan.blocks.front();
    const ValueId index = block.arguments.front();
    const auto load = std::find_if(block.body.begin(), block.body.end(), [&](const Instruction& each) {
      return each.op == Op::Load && each.buffer == buffer;
    });
    if (load == block.body.end() || loads_[buffer] != 1 || body_.type(load->result()) != ir::Type::real()) return;
    const std::vector<ValueId> here = load->operands;
    if (std::find(here.begin(), here.end(), index) == here.end()) return;
    int additions = 0;
    bool previous = true;
    ir::for_each_instruction(block, [&](const Instruction& each) {
      if (each.op != Op::Accumulate || each.buffer != buffer) return;
      ++additions;
      previous = previous && is_previous(each.operands, here, here.size(), index);
    });
    if (additions != 1 || !previous) return;
    const auto added = take_added(block, buffer);
    if (!added) return;
    const ValueId loaded = load->result();
    const auto place = static_cast<std::size_t>(
        std::find_if(block.body.begin(), block.body.end(),
                     [&](const Instruction& each) { return each.op == Op::Load && each.buffer == buffer; }) -
        block.body.begin());
    const ValueId carried = add_carried(scan, before);
    set_next(scan, *added);
    Block& grown = scan.blocks.front();
    const ValueId stored = body_.add(ir::Type::real());
    grown.body[place].results = {stored};
    grown.body.insert(grown.body.begin() + static_cast<std::ptrdiff_t>(place) + 1,
                      Instruction{.op = Op::Add, .operands = {stored, carried}, .results = {loaded}});
  }

  // Takes the addition out of the block, or of a branch in it; returns what is added, 0 on the branch's other side.
  std::optional<ValueId> take_added(Block& block, BufferId buffer) {
    const auto is_addition = [&](const Instruction& each) {
      return each.op == Op::Accumulate && each.buffer == buffer;
    };
    const auto direct = std::find_if(block.body.begin(), block.body.end(), is_addition);
    if (direct != block.body.end()) {
      const ValueId value = direct->operands.back();
      block.body.erase(direct);
      return value;
    }
    for (Instruction& each : block.body) {
      if (each.op != Op::If) continue;
      for (std::size_t side = 0; side < 2; ++side) {
        const auto inside = std::find_if(each.blocks[side].body.begin(), each.blocks[side].body.end(), is_addition);
        if (inside == each.blocks[side].body.end()) continue;
        const ValueId value = inside->operands.back();
        each.blocks[side].body.erase(inside);
        each.blocks[side].yields.push_back(value);
        each.blocks[1 - side].yields.push_back(zero(each.blocks[1 - side].body));
        each.results.push_back(body_.add(ir::Type::real()));
        return each.results.back();
      }
    }
    return std::nullopt;
  }

  ir::Body& body_;
  std::unordered_map<BufferId, int> loads_;
  std::unordered_map<BufferId, int> writes_;
  std::unordered_map<ValueId, Instruction> definitions_;
};

}  // namespace

void carry_recurrences(ir::Module& module) {
  for (ir::Function& function : module.functions) {
    if (function.stage == ir::Stage::Draw) Carrying(function).block(function.body.block);
  }
}

}  // namespace lacuna::transform
