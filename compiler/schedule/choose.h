// Chooses how each loop runs and brings the data that it reads into the order in which it reads them.
//
//   needs    a module after autodiff/differentiate.h, without schedules
//   leaves   schedules on loops; data buffers `NAME.rows` that bind fills, in tiles where a loop reads rows of a matrix
//   shown by test/lit/schedule/choose.lir, test/unit/jit/gallery_test.cpp
#pragma once
#include <string_view>

namespace lacuna::ir {
struct Module;
}

namespace lacuna::schedule {

// Inference spends its time in gradients: they have in line what other functions call, and take two registers of rows where others
// take one. That of what does not grow with the rows runs once where there are many.
inline bool is_fast(std::string_view function) {
  return function.ends_with("_gradient") && function != "log_density_rest_gradient";
}

struct Machine {
  int lanes = 8;  // of 64 bits, in one vector register
};

// Sets lanes: over rows where iterations can stand side by side, over an inner loop where that one reads rows of
// parameters. Then `gather_rows`.
void choose(ir::Module& module, const Machine& machine);

// Of the functions that make predictions only: rows in the lanes of their outermost loops, nothing else, so that a row's
// digits are the same whatever stands beside it. Then `gather_rows`.
void choose_predictions(ir::Module& module, const Machine& machine);

// Copies what the loops over rows read of data arrays, by the loop's own indices, into buffers that bind fills cell by
// cell: a masked cell's data are not there, and vectors of rows lie next to each other.
void gather_rows(ir::Module& module);

// Where a loop takes several cells at a time, moves what adds to single elements up to where it is known. A load of a whole vector has to
// wait for a store of one of its elements to leave the pipeline: so the store comes long before the loops that add to whole rows.
void accumulate_early(ir::Module& module);

}  // namespace lacuna::schedule
