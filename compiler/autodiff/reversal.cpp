#include "compiler/autodiff/reversal.h"

#include <fmt/format.h>

#include "compiler/autodiff/block_reversal.h"
#include "compiler/autodiff/store_carried.h"

namespace lacuna::autodiff {
namespace {

using ir::Buffer;
using ir::BufferId;
using ir::BufferKind;

// The slice of `kind` of every parameter (or natural value), made where there is none. `prefix` names the new ones.
AdjointBuffers slices(ir::Module& module, BufferKind kind, std::string_view prefix, BufferKind point = BufferKind::Parameter) {
  AdjointBuffers found;
  const auto count = static_cast<std::uint32_t>(module.buffers.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    const Buffer& buffer = module.buffers[i];
    if (buffer.kind == kind && module.buffer(buffer.of).kind == point) found[buffer.of] = {i};
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    if (module.buffers[i].kind != point || found.contains({i})) continue;
    Buffer slice{.name = module.fresh_buffer_name(fmt::format("{}{}", prefix, module.buffers[i].name)),
                 .kind = kind,
                 .element = ir::Type::real(),
                 .axes = module.buffers[i].axes,
                 .of = {i}};
    found[{i}] = module.add(std::move(slice));
  }
  return found;
}

// Puts `fill @buffer, 0` for each of `buffers` at the function's start.
void clear_first(ir::Function& function, const std::vector<BufferId>& buffers) {
  if (buffers.empty()) return;
  std::vector<ir::Instruction> first;
  const ir::ValueId zero = function.body.add(ir::Type::real());
  first.push_back({.op = ir::Op::Constant, .results = {zero}, .literal = 0.0});
  for (BufferId buffer : buffers) first.push_back({.op = ir::Op::Fill, .operands = {zero}, .buffer = buffer});
  auto& body = function.body.block.body;
  body.insert(body.begin(), first.begin(), first.end());
}

struct Plan {
  AdjointBuffers adjoints;        // of buffers that exist already
  std::vector<BufferId> cleared;  // buffers that start from 0
  bool seed_first_result = false;
};

Reversed add_reversed(ir::Module& module, std::string_view source, const std::string& name, Plan plan) {
  const ir::Function* found = module.find_function(source);
  if (!found) return {fmt::format("there is no function @{}", source)};
  ir::Function function = *found;
  function.name = name;
  const std::set<BufferId> traces = store_carried(module, function);
  BlockReversal reversal(module, function, std::move(plan.adjoints), traces);
  const ir::Block primal = function.body.block;
  Adjoints adjoints;
  if (plan.seed_first_result) adjoints[primal.yields.front()] = reversal.builder().real(1.0);
  reversal.sweep(primal, adjoints);
  if (!reversal.error().empty()) return {reversal.error()};
  plan.cleared.insert(plan.cleared.end(), reversal.made().begin(), reversal.made().end());
  clear_first(function, plan.cleared);
  module.functions.push_back(std::move(function));
  return {};
}

std::vector<BufferId> values_of(const AdjointBuffers& buffers) {
  std::vector<BufferId> list;
  for (const auto& [primal, adjoint] : buffers) list.push_back(adjoint);
  return list;
}

}  // namespace

Reversed add_gradient(ir::Module& module, std::string_view function_name, const std::string& gradient_name, BufferKind point) {
  Plan plan{.adjoints = slices(module, BufferKind::Gradient, "d_", point), .seed_first_result = true};
  plan.cleared = values_of(plan.adjoints);
  return add_reversed(module, function_name, gradient_name, std::move(plan));
}

Reversed add_hessian_product(ir::Module& module, std::string_view gradient_function, const std::string& product_name) {
  const AdjointBuffers gradients = slices(module, BufferKind::Gradient, "d_");
  const AdjointBuffers directions = slices(module, BufferKind::Direction, "v_");
  Plan plan{.adjoints = slices(module, BufferKind::Product, "hv_")};
  plan.cleared = values_of(plan.adjoints);
  for (const auto& [parameter, gradient] : gradients) plan.adjoints[gradient] = directions.at(parameter);
  return add_reversed(module, gradient_function, product_name, std::move(plan));
}

}  // namespace lacuna::autodiff
