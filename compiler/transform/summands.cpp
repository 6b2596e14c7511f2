#include "compiler/transform/summands.h"

#include "compiler/transform/append.h"

namespace lacuna::transform {

using ir::Op;

Definitions terms_of(const ir::Block& block) {
  Definitions definitions;
  for (const ir::Instruction& each : block.body) {
    if (has(each.op, ir::Elementwise) || each.op == Op::Constant) definitions[each.result()] = each;
  }
  return definitions;
}

void for_each_summand(const Definitions& definitions, Summand sum, const std::function<void(Summand)>& visit) {
  const auto found = definitions.find(sum.value);
  const Op op = found == definitions.end() ? Op::Constant : found->second.op;
  if (op == Op::Neg) return for_each_summand(definitions, {found->second.operands[0], !sum.negative}, visit);
  if (op != Op::Add && op != Op::Sub) return visit(sum);
  for_each_summand(definitions, {found->second.operands[0], sum.negative}, visit);
  for_each_summand(definitions, {found->second.operands[1], sum.negative != (op == Op::Sub)}, visit);
}

ir::ValueId write_total(ir::Body& body, std::vector<ir::Instruction>& to, const std::vector<Summand>& summands) {
  ir::ValueId sum;
  for (const Summand& each : summands) {
    if (!sum.valid()) {
      sum = each.negative ? append(body, to, Op::Neg, {each.value}) : each.value;
    } else {
      sum = append(body, to, each.negative ? Op::Sub : Op::Add, {sum, each.value});
    }
  }
  return sum;
}

}  // namespace lacuna::transform
