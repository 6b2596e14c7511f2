// Inputs that a caller may hand over as a list of cells, of which no whole array is ever made.
//
//   needs    a module whose draw-stage loops read gathered copies (transform/gather_inputs.h)
//   leaves   which inputs may be listed, and which of them a space of cells follows
//   shown by test/programs/long_tables.py
//
// A listed input keeps its elements in the row-major order of their cells, and the slot of its presence bytes holds, as a
// negative number, the offset of a block: how many cells there are, then the row-major number of each (64-bit,
// ascending). All of them hold a value. Functions of stage data find a cell by bisection; a space that contains only
// cells of the input runs over the list.
#pragma once
#include <string_view>

#include "compiler/ir/module.h"

namespace lacuna::codegen {

// Whether a function of stage draw reads an input, those aside whose names `passed_over` is true of.
bool is_read_by_draws(const ir::Module& module, ir::BufferId input, bool (*passed_over)(std::string_view name) = nullptr);

// An optional input over two axes or more that no function of stage draw reads.
bool may_be_listed(const ir::Module& module, ir::BufferId input);

// The input that may be listed and is present wherever the space's predicate holds, its subscripts being all that the
// list runs over, in order; invalid if there is none.
ir::BufferId listed_by(const ir::Module& module, const ir::Space& space);

}  // namespace lacuna::codegen
