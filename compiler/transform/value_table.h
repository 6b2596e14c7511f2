// A table of the values that an array of whole numbers, bools or indices takes in the cells of a loop, with how often
// each occurs, made when data are bound.
//
//   needs    a verified module; the array is subscripted by indices of the loop
//   leaves   a space of the values that occur, and what reads a value and its number of cells there. Indices and bools
//            are their own position in the table. Ints from 0 to below 1024 too; others stand behind these, one place a
//            cell, equal or not
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
  ir::SpaceId space;      // the positions whose values occur
  ir::BufferId counts;    // how many cells have the value
  ir::BufferId values{};  // of ints
};

// Adds the table to the module, and what fills it to the end of `bind`.
ValueTable add_value_table(ir::Module& module, ir::Body& bind, const ValuesOf& of);

// The value at a position.
ir::ValueId write_value(ir::Builder& builder, const ValueTable& table, ir::Type type, ir::ValueId position);

}  // namespace lacuna::transform
