// Reads the text form of the IR.
//
//   needs    text as printer.h writes it
//   leaves   a module, unverified; or the first mistake with its place
//   shown by test/lit/ir/round_trip.lir, test/unit/ir/round_trip_test.cpp
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "compiler/ir/module.h"

namespace lacuna::ir {

struct Parsed {
  std::optional<Module> module;
  std::string error;  // "line:column: what", empty if there is a module
};

Parsed parse(std::string_view text);

}  // namespace lacuna::ir
