// Stores what scans carry, for their reversal.
//
//   needs    a verified function
//   leaves   each scan begins by storing its carried values, at the indices of all loops around it, in work buffers
//   shown by test/unit/autodiff/reversal_test.cpp
#pragma once
#include <set>

#include "compiler/ir/module.h"

namespace lacuna::autodiff {

// The work buffers that were added; nothing else is stored in them.
std::set<ir::BufferId> store_carried(ir::Module& module, ir::Function& function);

}  // namespace lacuna::autodiff
