#include "compiler/entries/packed_inputs.h"

#include <algorithm>
#include <optional>

#include "compiler/codegen/layout.h"
#include "compiler/codegen/listed_inputs.h"
#include "compiler/entries/describe.h"
#include "compiler/ir/infer.h"
#include "compiler/ir/walk.h"

namespace lacuna::entries {
namespace {

using ir::BufferId;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

class Packing {
 public:
  Packing(const ir::Module& module, BufferId input) : module_(module), input_(input) {}

  // The last loop of binding that reads the input copies it, cell by cell, into a buffer that nothing else fills.
  std::optional<PackedInput> run() {
    const ir::Buffer& buffer = module_.buffer(input_);
    const bool fits = buffer.kind == ir::BufferKind::Input && buffer.optional && !buffer.axes.empty() &&
                      codegen::element_bytes(buffer.element) == 8;
    if (!fits || codegen::is_read_by_draws(module_, input_, is_prediction)) return std::nullopt;
    const Instruction* last = last_reader();
    if (!last || last->op != Op::For || !last->domain.position || !has_exactly_the_present(last->domain.space)) return std::nullopt;
    const std::optional<BufferId> cells = filled_by(*last);
    if (!cells) return std::nullopt;
    return PackedInput{input_, *cells, last->domain.space};
  }

 private:
  bool reads(const Instruction& each) const {
    const bool builds = each.op == Op::BuildSpace && space_reads(module_.space(each.space));
    return builds || each.buffer == input_ || std::find(each.buffers.begin(), each.buffers.end(), input_) != each.buffers.end();
  }

  bool space_reads(const ir::Space& space) const {
    bool found = std::find(space.by.begin(), space.by.end(), input_) != space.by.end();
    if (space.predicate) ir::for_each_instruction(space.predicate->block, [&](const Instruction& each) { found = found || reads(each); });
    return found;
  }

  const Instruction* last_reader() const {
    const Instruction* last = nullptr;
    for (const ir::Function& function : module_.functions) {
      if (function.stage != ir::Stage::Data) continue;
      for (const Instruction& each : function.body.block.body) {
        bool found = reads(each);
        for (const ir::Block& inner : each.blocks)
          ir::for_each_instruction(inner, [&](const Instruction& nested) { found = found || reads(nested); });
        if (found) last = &each;
      }
    }
    return last;
  }

  // A list in the order of the cells, of those and only those where the input is there.
  bool has_exactly_the_present(ir::SpaceId id) const {
    if (!id.valid()) return false;
    const ir::Space& space = module_.space(id);
    if (!space.parameters.empty() || !space.by.empty() || !space.predicate || space.dims != module_.buffer(input_).axes) return false;
    const ir::Block& block = space.predicate->block;
    return std::any_of(block.body.begin(), block.body.end(), [&](const Instruction& each) {
      return each.op == Op::Present && each.buffer == input_ && each.operands == block.arguments && each.result() == block.yields[0];
    });
  }

  // The buffer that gets the cell of each iteration at the cell's position, if the loop looks at no other.
  std::optional<BufferId> filled_by(const Instruction& loop) const {
    const ir::Block& block = loop.blocks.front();
    const std::vector<ValueId> cell(block.arguments.begin(), block.arguments.end() - 1);
    bool own = true;
    ir::for_each_instruction(block, [&](const Instruction& each) { own = own && (each.buffer != input_ || each.operands == cell); });
    if (!own) return std::nullopt;
    for (const Instruction& each : block.body) {
      if (each.op != Op::Store || each.operands.size() != 2 || each.operands[0] != block.arguments.back()) continue;
      const ir::Buffer& made = module_.buffer(each.buffer);
      const bool alike = made.kind == ir::BufferKind::Data && made.element == module_.buffer(input_).element && made.tile == 0;
      if (alike && is_the_cell(block, each.operands[1]) && is_stored_once(each.buffer)) return each.buffer;
    }
    return std::nullopt;
  }

  // A load, or one behind a test of presence.
  bool is_the_cell(const ir::Block& block, ValueId value) const {
    const auto made = std::find_if(block.body.begin(), block.body.end(), [&](const Instruction& each) {
      return each.results.size() == 1 && each.result() == value;
    });
    if (made == block.body.end()) return false;
    if (made->op == Op::Load) return made->buffer == input_;
    if (made->op != Op::If) return false;
    const auto test = std::find_if(block.body.begin(), block.body.end(), [&](const Instruction& each) {
      return each.op == Op::Present && each.buffer == input_ && each.result() == made->operands[0];
    });
    return test != block.body.end() && is_the_cell(made->blocks[0], made->blocks[0].yields[0]);
  }

  bool is_stored_once(BufferId id) const {
    int stores = 0;
    for (const ir::Function& function : module_.functions) {
      ir::for_each_instruction(function.body.block, [&](const Instruction& each) {
        stores += ir::has(each.op, ir::Effect) && each.buffer == id ? 1 : 0;
      });
    }
    return stores == 1;
  }

  const ir::Module& module_;
  BufferId input_;
};

}  // namespace

std::vector<PackedInput> packed_inputs(const ir::Module& module) {
  std::vector<PackedInput> found;
  for (std::uint32_t i = 0; i < module.buffers.size(); ++i) {
    if (const std::optional<PackedInput> packed = Packing(module, {i}).run()) found.push_back(*packed);
  }
  return found;
}

}  // namespace lacuna::entries
