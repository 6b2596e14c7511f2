// Recurrences that are linear in what they carry: x[t] = c[t] + m[t] x[t - 1], where c and m do not depend on x.
//
//   needs    a verified module and a `scan` of it
//   leaves   which values of its block depend on what is carried, if its iterations may stand side by side: each carried
//            value is linear in itself alone, nothing is read that the scan writes, no loop stands in it, and
//            conditions and subscripts do not depend on what is carried
//   shown by test/unit/codegen/module_test.cpp
#pragma once
#include <optional>
#include <set>

#include "compiler/ir/module.h"

namespace lacuna::analysis {

struct LinearScan {
  std::set<ir::ValueId> dependent;  // on carried values, these among them
};

std::optional<LinearScan> linear_scan(const ir::Module& module, const ir::Body& body, const ir::Instruction& scan);

}  // namespace lacuna::analysis
