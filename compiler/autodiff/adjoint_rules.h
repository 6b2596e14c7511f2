// The adjoint rules of elementwise operations, from adjoint_rules.def.
//
//   needs    a builder where operands and result of the operation are visible
//   leaves   instructions for one operand's share of the result's adjoint
//   shown by test/unit/autodiff/adjoint_rules_test.cpp
#pragma once
#include <optional>

#include "compiler/ir/builder.h"

namespace lacuna::autodiff {

// Whether the list says what the derivative of an operation is.
bool has_adjoint(ir::Op op);

// What edges.def says: shares of the adjoint that an operation hands back may be 0; and would be no number where they are, since
// the derivative is infinite.
bool fades(ir::Op op);
bool is_steep(ir::Op op);

// Writes `adjoint` (of the result) times the derivative by operand number `operand`; none where that is 0 everywhere.
// The operation must have a rule.
std::optional<ir::ValueId> adjoint_of_operand(ir::Builder& builder, const ir::Instruction& operation,
                                              std::size_t operand, ir::ValueId adjoint);

}  // namespace lacuna::autodiff
