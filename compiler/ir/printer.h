// The text form of the IR.
//
//   needs    a module (verified or not; identifiers must be in range)
//   leaves   text that parser.h reads back; printing what was read gives the same text
//   shown by test/lit/ir/round_trip.lir, README.md
#pragma once
#include <string>

#include "compiler/ir/module.h"

namespace lacuna::ir {

std::string print(const Module& module);
// One function, as it stands in the module's text.
std::string print(const Module& module, const Function& function);
// A polynomial in sizes, as "K - 1" or "2 * K * N + 1".
std::string print(const Module& module, const SizeExpr& size);

}  // namespace lacuna::ir
