// Checks a module: types, dimensions, SSA dominance, spaces, stages, and what loops may touch.
//
//   needs    any module
//   leaves   one line for each mistake, none for a module that every later step may rely on
//   shown by test/unit/ir/verifier_test.cpp
#pragma once
#include <string>
#include <vector>

#include "compiler/ir/module.h"

namespace lacuna::ir {

// Mistakes in the order of the module's text, as "@function: `add`: operand 2 is int, should be real".
std::vector<std::string> verify(const Module& module);

}  // namespace lacuna::ir
