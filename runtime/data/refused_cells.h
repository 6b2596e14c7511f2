// Which cells a model refuses when it is bound, where these stand in their files, and what stands there.
//
//   needs    an argument of which only the cells that are read are checked, and binding's first complaint
//   leaves   what a message shows: "line 17: `zebra`"
//   shown by test/unit/runtime/refused_cells_test.cpp, test/lit/command/unchecked_cells.test
//
// Only generated code knows which cells are read, and it stops at the first that holds nothing. So each that is found is made
// harmless, in a copy, and the data are bound again. Nothing is kept for this while all is well: files are read a second time.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/data/dataset.h"

namespace lacuna::runtime::data {

// The elements of the argument `first.where` that are refused as `first` says: the first eleven at most, so that a list of ten
// can say that there are more. `memory` is of the bound model.
std::vector<std::int64_t> refused_cells(const lacuna_model& model, const Dataset& dataset, std::uint32_t flags,
                                        const lacuna_error& first, void* memory, std::int64_t bytes);

// Where an element of an array is among its values: of a list of cells -1 where it is not listed.
std::int64_t place_of(const Array& array, std::int64_t element);

// Finds elements of an argument in sources that are opened anew. Empty when they cannot be read as they were.
std::vector<CellInFile> find_in_files(const lacuna_metadata& metadata, std::vector<std::unique_ptr<Source>>& sources,
                                      const Options& options, const std::vector<Dimension>& dimensions, int argument,
                                      const std::vector<std::int64_t>& elements);

}  // namespace lacuna::runtime::data
