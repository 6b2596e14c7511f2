#include "compiler/codegen/listed_inputs.h"

#include <algorithm>

#include "compiler/ir/infer.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

namespace {

// Whether `value` can only be true where `instruction`'s result is: it is that, or a conjunction with it.
bool implies(const ir::Block& block, ir::ValueId value, ir::ValueId wanted) {
  if (value == wanted) return true;
  const auto made = std::find_if(block.body.begin(), block.body.end(), [&](const ir::Instruction& each) {
    return !each.results.empty() && each.results.front() == value;
  });
  if (made == block.body.end()) return false;
  if (made->op == ir::Op::And)
    return implies(block, made->operands[0], wanted) || implies(block, made->operands[1], wanted);
  // `if a then b else false`
  if (made->op != ir::Op::If || made->results.size() != 1) return false;
  const ir::Block& otherwise = made->blocks[1];
  const bool is_false = otherwise.body.size() == 1 && otherwise.body[0].op == ir::Op::Constant &&
                        otherwise.body[0].literal == ir::Literal(false);
  return is_false && implies(block, made->operands[0], wanted);
}

}  // namespace

bool may_be_listed(const ir::Module& module, ir::BufferId input) {
  const ir::Buffer& buffer = module.buffer(input);
  return buffer.kind == ir::BufferKind::Input && buffer.optional && buffer.axes.size() >= 2 && !is_read_by_draws(module, input);
}

bool is_read_by_draws(const ir::Module& module, ir::BufferId input, bool (*passed_over)(std::string_view)) {
  return std::any_of(module.functions.begin(), module.functions.end(), [&](const ir::Function& function) {
    bool reads = false;
    if (function.stage == ir::Stage::Data || (passed_over && passed_over(function.name))) return reads;
    ir::for_each_instruction(function.body.block, [&](const ir::Instruction& each) {
      const bool memory = each.op == ir::Op::Load || each.op == ir::Op::Present;
      reads = reads || (memory && each.buffer == input) ||
              std::find(each.buffers.begin(), each.buffers.end(), input) != each.buffers.end();
    });
    return reads;
  });
}

ir::BufferId listed_by(const ir::Module& module, const ir::Space& space) {
  if (!space.predicate) return {};
  const ir::Block& block = space.predicate->block;
  const std::vector<ir::DimId> axes = ir::bounding_dims(space);
  for (const ir::Instruction& each : block.body) {
    if (each.op != ir::Op::Present || each.operands.size() != axes.size() || axes.size() > block.arguments.size())
      continue;
    const bool in_order = std::equal(each.operands.begin(), each.operands.end(),
                                     block.arguments.end() - static_cast<std::ptrdiff_t>(axes.size()));
    if (in_order && module.buffer(each.buffer).axes == axes && may_be_listed(module, each.buffer) &&
        implies(block, block.yields[0], each.results[0]))
      return each.buffer;
  }
  return {};
}

}  // namespace lacuna::codegen
