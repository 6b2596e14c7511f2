// The stage of every value of a body: what it depends on.
//
//   needs    a module and a body whose operands are defined
//   leaves   one stage for each value; constant where nothing but literals goes in, draw where a parameter, a work
//   buffer
//            or an argument of a draw function does
//   shown by test/unit/ir/verifier_test.cpp
#pragma once
#include <vector>

#include "compiler/ir/module.h"

namespace lacuna::ir {

// `arguments` is the stage of the body's own arguments: data for predicates and for functions of stage data.
std::vector<Stage> stages_of(const Module& module, const Body& body, Stage arguments);

}  // namespace lacuna::ir
