#include "compiler/transform/separate_stages.h"

#include <algorithm>
#include <set>

#include "compiler/analysis/effects.h"
#include "compiler/ir/clone.h"
#include "compiler/ir/infer.h"
#include "compiler/ir/module.h"
#include "compiler/ir/rarely_run.h"
#include "compiler/ir/stages.h"
#include "compiler/ir/walk.h"
#include "compiler/transform/eliminate_dead_code.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::Stage;
using ir::ValueId;

// Walks a draw function and writes beside it a mirror: its instructions of stage data, in the same loops, with a store
// behind each value that moves. The mirror becomes part of @bind, where dead code goes; the function loads what moved.
class Separation {
 public:
  // `kept`: the axes by which values have been stored so far. A function that rarely runs may add values there, which are most
  // often those that others have, and no others.
  Separation(ir::Module& module, ir::Function& function, std::set<ir::DimId>& kept)
      : module_(module),
        kept_(kept),
        restricted_(ir::is_rarely_run(function.name)),
        body_(function.body),
        stages_(ir::stages_of(module, function.body, function.stage)),
        wanted_(function.body.values.size()),
        reading_(function.body.values.size()),
        raw_(function.body.values.size()) {}

  // The instructions for @bind, in the function's own names.
  Block run() {
    want(body_.block, nullptr);
    Block mirror;
    mirror.body = block(body_.block);
    return mirror;
  }

 private:
  Stage stage(ValueId id) const { return id.index < stages_.size() ? stages_[id.index] : Stage::Draw; }
  bool data(const Instruction& each) const {
    return std::all_of(each.results.begin(), each.results.end(), [&](ValueId id) { return stage(id) <= Stage::Data; });
  }

  // A value is wanted where something of stage draw takes it; what only other data take moves with them.
  void want(const Block& block, const Instruction* opener) {
    for (const Instruction& each : block.body) {
      const bool moves = has(each.op, ir::Pure) && data(each);
      const bool takes = !moves && (!has(each.op, ir::Structured) || each.op == Op::Scan);
      for (ValueId id : each.operands) wanted_[id.index] = wanted_[id.index] || takes;
      for (const Block& inner : each.blocks) want(inner, &each);
    }
    for (std::size_t i = 0; i < block.yields.size(); ++i) {
      const bool moves = opener && i < opener->results.size() && stage(opener->results[i]) <= Stage::Data;
      if (!moves) wanted_[block.yields[i].index] = true;
    }
  }

  // Real values that are computed from loads: indices, sizes and raw inputs are taken where they are used, and whole
  // numbers turned to reals there.
  bool candidate(const Instruction& each, ValueId id) const {
    const bool converts = each.op == Op::ToReal && raw_[each.operands[0].index];
    const bool computed = (has(each.op, ir::Elementwise) && !converts) || each.op == Op::For || each.op == Op::If;
    return computed && stage(id) <= Stage::Data && body_.type(id) == ir::Type::real() && wanted_[id.index] &&
           reading_[id.index] && placeable() && (!restricted_ || joins_others());
  }

  bool joins_others() const {
    const auto loop = std::find_if(path_.begin(), path_.end(), [](const Instruction* each) { return each->op != Op::If; });
    if (loop == path_.end()) return true;
    const ir::Domain& domain = (*loop)->domain;
    return kept_.contains(domain.space.valid() ? ir::cells_of(module_, domain.space) : domain.dims[0]);
  }

  void note_reading(const Instruction& each) {
    bool reads = !analysis::effects_of(each).reads.empty();
    ir::for_each_use(each, [&](ValueId id) { reads = reads || (id.index < reading_.size() && reading_[id.index]); });
    for (ValueId id : each.results) reading_[id.index] = reads, raw_[id.index] = each.op == Op::Load;
  }

  std::vector<Instruction> block(Block& block) {
    std::vector<Instruction> mirror;
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      note_reading(each);
      if (has(each.op, ir::Structured)) {
        structured(each, mirror);
      } else if (has(each.op, ir::Pure) && data(each)) {
        mirror.push_back(each);
      }
      std::vector<Instruction> loads;
      bool replaced = false;
      for (ValueId& id : each.results) {
        if (!candidate(each, id)) continue;
        loads.push_back(move(id, mirror));
        replaced = !has(each.op, ir::Structured);
        if (!replaced) id = body_.add(ir::Type::real());
      }
      if (!replaced) kept.push_back(std::move(each));
      std::move(loads.begin(), loads.end(), std::back_inserter(kept));
    }
    block.body = std::move(kept);
    return mirror;
  }

  void structured(Instruction& each, std::vector<Instruction>& mirror) {
    path_.push_back(&each);
    std::vector<std::vector<Instruction>> inner;
    for (Block& nested : each.blocks) inner.push_back(block(nested));
    path_.pop_back();
    const std::size_t carried = each.op == Op::Scan ? each.results.size() - each.reducers.size() : 0;
    if (carried > 0) return;
    if (each.op == Op::If && stage(each.operands[0]) == Stage::Draw) {
      // Either block may run: what is of stage data there is computed whatever the condition.
      for (auto& side : inner) std::move(side.begin(), side.end(), std::back_inserter(mirror));
      return;
    }
    Instruction copy = each;
    if (copy.op == Op::Scan) {
      copy.op = Op::For;
      copy.domain.descending = false;
    }
    for (std::size_t side = 0; side < copy.blocks.size(); ++side) copy.blocks[side].body = std::move(inner[side]);
    for (std::size_t i = copy.results.size(); i-- > 0;) {
      if (stage(copy.results[i]) <= Stage::Data) continue;
      const auto at = static_cast<std::ptrdiff_t>(i);
      copy.results.erase(copy.results.begin() + at);
      if (copy.op == Op::For) copy.reducers.erase(copy.reducers.begin() + at);
      for (Block& nested : copy.blocks) nested.yields.erase(nested.yields.begin() + at);
    }
    mirror.push_back(std::move(copy));
  }

  // Stores the value in a new buffer at @bind's side; returns the load that takes its place.
  Instruction move(ValueId id, std::vector<Instruction>& mirror) {
    ir::Buffer buffer{
        .name = module_.fresh_buffer_name("bound"), .kind = ir::BufferKind::Data, .element = body_.type(id)};
    std::vector<ValueId> at;
    for (Instruction* loop : path_) {
      if (loop->op == Op::If) continue;
      place(*loop, buffer.axes, at);
    }
    if (!buffer.axes.empty()) kept_.insert(buffer.axes[0]);
    const ir::BufferId made = module_.add(std::move(buffer));
    std::vector<ValueId> operands = at;
    operands.push_back(id);
    mirror.push_back({.op = Op::Store, .operands = std::move(operands), .buffer = made});
    return {.op = Op::Load, .operands = std::move(at), .results = {id}, .buffer = made};
  }

  // The axes that a loop gives to a buffer, and their subscripts: its dimensions, or its position among a space's
  // cells.
  void place(Instruction& loop, std::vector<ir::DimId>& axes, std::vector<ValueId>& at) {
    ir::Domain& domain = loop.domain;
    std::vector<ValueId>& arguments = loop.blocks.front().arguments;
    const auto dims = static_cast<std::ptrdiff_t>(domain.dims.size());
    if (!domain.space.valid()) {
      axes.insert(axes.end(), domain.dims.begin(), domain.dims.end());
      at.insert(at.end(), arguments.begin(), arguments.begin() + dims);
      return;
    }
    ir::DimId cells = ir::cells_of(module_, domain.space);
    if (!cells.valid()) {
      cells = module_.add(ir::Dim{
          .name = module_.space(domain.space).name + "_cells", .kind = ir::Dim::Kind::Cells, .cells = domain.space});
    }
    if (!domain.position) {
      domain.position = true;
      arguments.insert(arguments.begin() + dims, body_.add(ir::Type::index_of(cells)));
    }
    // The position in a list that belongs to iterations around it says which iterations those are.
    if (!module_.space(domain.space).parameters.empty()) axes.clear(), at.clear();
    axes.push_back(cells);
    at.push_back(arguments[domain.dims.size()]);
  }

  // Whether a value at the present place has such axes: not where a loop around it carries values (what it depends on
  // might be carried), or runs over a list that says less than the loops around it.
  bool placeable() const {
    std::vector<ValueId> indices;
    for (const Instruction* loop : path_) {
      if (loop->op == Op::If) continue;
      if (loop->op == Op::Scan && loop->results.size() > loop->reducers.size()) return false;
      const ir::Domain& domain = loop->domain;
      const bool lists = domain.space.valid() && !module_.space(domain.space).parameters.empty();
      for (ValueId id : indices) {
        if (lists && std::find(loop->operands.begin(), loop->operands.end(), id) == loop->operands.end()) return false;
      }
      const std::vector<ValueId>& arguments = loop->blocks.front().arguments;
      indices.insert(indices.end(), arguments.begin(),
                     arguments.begin() + static_cast<std::ptrdiff_t>(domain.dims.size()));
    }
    return true;
  }

  ir::Module& module_;
  std::set<ir::DimId>& kept_;
  bool restricted_;
  ir::Body& body_;
  std::vector<Stage> stages_;
  std::vector<bool> wanted_;
  std::vector<bool> reading_;
  std::vector<bool> raw_;  // loaded
  std::vector<Instruction*> path_;
};

void separate(ir::Module& module, std::size_t index, std::size_t bind, std::set<ir::DimId>& kept) {
  const Block mirror = Separation(module, module.functions[index], kept).run();
  ir::ValueMap map;
  ir::Body& target = module.functions[bind].body;
  Block copy = ir::clone(mirror, module.functions[index].body, target, map);
  std::move(copy.body.begin(), copy.body.end(), std::back_inserter(target.block.body));
}

}  // namespace

void separate_stages(ir::Module& module) {
  auto found = std::find_if(module.functions.begin(), module.functions.end(),
                            [](const ir::Function& f) { return f.name == "bind"; });
  if (found == module.functions.end()) {
    found = module.functions.insert(module.functions.begin(), ir::Function{.name = "bind", .stage = Stage::Data});
  }
  const auto bind = static_cast<std::size_t>(found - module.functions.begin());
  std::set<ir::DimId> kept;
  for (const bool rarely : {false, true}) {
    for (std::size_t i = 0; i < module.functions.size(); ++i) {
      const ir::Function& each = module.functions[i];
      if (each.stage == Stage::Draw && ir::is_rarely_run(each.name) == rarely) separate(module, i, bind, kept);
    }
  }
  eliminate_dead_code(module);
}

}  // namespace lacuna::transform
