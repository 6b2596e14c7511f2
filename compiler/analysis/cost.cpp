#include "compiler/analysis/cost.h"

#include "compiler/ir/walk.h"

namespace lacuna::analysis {

using ir::Op;

bool is_dear(Op op) {
  switch (op) {
    case Op::Constant: case Op::Size: case Op::ToReal: case Op::ToInt: case Op::ToIndex: case Op::Truncate:
    case Op::Add: case Op::Sub: case Op::Mul: case Op::Fma: case Op::Neg: case Op::Abs: case Op::Sign:
    case Op::Min: case Op::Max: case Op::Floor: case Op::Ceil: case Op::Round: case Op::Select:
    case Op::IAdd: case Op::ISub: case Op::IMul: case Op::IMin: case Op::IMax: case Op::ILt: case Op::ILe:
    case Op::IEq: case Op::INe: case Op::Lt: case Op::Le: case Op::Eq: case Op::Ne: case Op::And: case Op::Or:
    case Op::Not: case Op::IsNan: case Op::IsFinite: case Op::Load: case Op::If:
      return false;
    default:
      return true;
  }
}

int dear_operations(const ir::Block& block) {
  int count = 0;
  ir::for_each_instruction(block, [&](const ir::Instruction& each) { count += is_dear(each.op) ? 1 : 0; });
  return count;
}

}  // namespace lacuna::analysis
