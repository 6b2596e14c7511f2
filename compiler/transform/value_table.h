// A table of the values that an array of whole numbers, bools or indices takes in the cells of a loop, with how often
// each occurs, made when data are bound.
//
//   needs    a verified module; the array is subscripted by indices of the loop
//   leaves   a space of the values that occur, and what reads a value and its number of cells there. Indices and bools
//            are their own position in the table. Ints are read from the array: the space has the first cell of each value
//            from 0 to below 1024, and every cell of any other, equal or not. So a table is a list of at most the cells
//            themselves, 4 bytes an axis, and 16 KiB
//   shown by test/lit/transform/sum_over_values.lir
#pragma once
#include <vector>

#include "compiler/ir/builder.h"

namespace lacuna::transform {

// Whose values, in which cells: `@y[%n]` in all cells of a domain.
struct ValuesOf {
  ir::Domain domain;            // without position; its space, if any, has neither parameters nor an order
  ir::BufferId buffer;
  std::vector<int> subscripts;  // numbers of the domain's indices
  bool operator==(const ValuesOf&) const = default;
};

struct ValueTable {
  ValuesOf of{};
  ir::SpaceId space;     // places whose values occur; of ints cells of the domain
  ir::BufferId counts;   // how many cells have the value
};

// Adds the table to the module, and what fills it to the end of `bind`.
ValueTable add_value_table(ir::Module& module, ir::Body& bind, const ValuesOf& of);

// The value at the indices of a loop over the table's space, and how many cells have it, a real.
struct OneValue {
  ir::ValueId value, count;
};
OneValue write_value(ir::Builder& builder, const ValueTable& table, const ir::Values& at);

}  // namespace lacuna::transform
