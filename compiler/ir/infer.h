// The types of an instruction's results, from its operands and attributes.
//
// Builder, parser and verifier share this one rule, so text need not say the types of values.
#pragma once
#include <vector>

#include "compiler/ir/module.h"

namespace lacuna::ir {

// The result types of an instruction whose operands, attributes and blocks are in place (its results need not be).
// Assumes an instruction that verifies; of others, the answer is some list of the right length where that is defined.
std::vector<Type> result_types(const Module& module, const Body& body, const Instruction& instruction);

// What a reducer takes and gives.
Type type_of(Reducer reducer);

// The dimension whose elements are the cells of a space, or none if the module has not declared one.
DimId cells_of(const Module& module, SpaceId space);

// The dimensions whose product bounds the number of cells of a space, over all its lists.
std::vector<DimId> bounding_dims(const Space& space);

}  // namespace lacuna::ir
