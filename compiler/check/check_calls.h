// Functions and members of distributions are written out where they are called: none may call itself, directly or through
// others, and calls inside calls have a limit, as every nesting has.
//
// needs    all functions and distributions of a program, their bodies checked
// leaves   an error for each circle, and where calls go too deep; what is wrong in this way has lost its body
// shown by test/lit/check/fail_recursive_distribution.ppl, test/lit/command/fail_call_chain.test
#pragma once
#include "compiler/check/check.h"
#include "compiler/check/context.h"

namespace lacuna::check {

void check_calls(Context& c, const CheckedProgram& program);

}  // namespace lacuna::check
