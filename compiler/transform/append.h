// One instruction with one result, at the end of a list that becomes part of a block.
//
//   needs    the body that owns the value
//   leaves   the instruction in the list
//   shown by test/lit/transform/sum_logs.lir, split_sums.lir, share_softmax.lir
#pragma once
#include <utility>
#include <vector>

#include "compiler/ir/module.h"

namespace lacuna::transform {

inline ir::ValueId append(ir::Body& body, std::vector<ir::Instruction>& to, ir::Op op, std::vector<ir::ValueId> operands, ir::Type type = ir::Type::real()) {
  const ir::ValueId result = body.add(type);
  to.push_back({.op = op, .operands = std::move(operands), .results = {result}});
  return result;
}

inline ir::ValueId append_constant(ir::Body& body, std::vector<ir::Instruction>& to, ir::Literal literal, ir::Type type) {
  const ir::ValueId result = body.add(type);
  to.push_back({.op = ir::Op::Constant, .results = {result}, .literal = literal});
  return result;
}

inline ir::ValueId append_constant(ir::Body& body, std::vector<ir::Instruction>& to, double value) {
  return append_constant(body, to, ir::Literal(value), ir::Type::real());
}

}  // namespace lacuna::transform
