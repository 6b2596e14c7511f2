// What matching passes from step to step: which file holds which argument, and what was read.
//
//   needs    dataset.h
//   leaves   pieces, one an argument that was found
//   shown by test/unit/runtime/match_test.cpp
#pragma once
#include <map>
#include <string>
#include <vector>

#include "runtime/data/dataset.h"

namespace lacuna::runtime::data {

// One argument that was found.
struct Piece {
  int argument = -1;
  Source* source = nullptr;
  const Binding* binding = nullptr;
  bool is_matrix = false;  // columns of a table, whose names are the labels of the second axis
  bool is_read = false;
  Cells cells;
  std::vector<Cells> by;  // of a long table: for each axis the column of labels

  bool is_long() const { return binding && !binding->by.empty(); }
};

// A column that labels the rows of a table over a dimension.
struct Key {
  int dimension = -1;
  Source* source = nullptr;
  Cells cells;
};

struct Pieces {
  std::vector<Piece> pieces;
  std::vector<Key> keys;
  std::map<int, std::pair<std::int64_t, std::string>>
      scalar_sizes;  // dimension -> size and file, from scalars of its name
  std::vector<std::string> unused;

  const Key* key_of(int dimension, const Source* source) const {
    for (const Key& key : keys) {
      if (key.dimension == dimension && key.source == source) return &key;
    }
    return nullptr;
  }
};

// Step 1: finds and reads. Reports names that are missing or found twice, ranks that differ, cells that cannot be read.
Pieces read_pieces(const lacuna_metadata& metadata, std::vector<std::unique_ptr<Source>>& sources,
                   const Options& options, const Needs& needs, Problems& problems);

// The text of a label cell, in the one spelling.
std::string label_text(const Cells& cells, std::int64_t cell);
// The distinct labels of the cells that are there, in the order of their first appearance.
std::vector<std::string> distinct_labels(const Cells& cells);

// Step 2: sizes and labels of all dimensions.
std::vector<Dimension> find_dimensions(const lacuna_metadata& metadata, const Pieces& pieces, const Options& options,
                                       const Needs& needs, Problems& problems);

// Step 3: the array of one argument, its values checked and its axes put in the order of their labels.
Array assemble(const lacuna_metadata& metadata, Piece& piece, const Pieces& pieces,
               const std::vector<Dimension>& dimensions, const Options& options, const Needs& needs,
               Problems& problems);

// Part of step 3: gaps and values outside the argument's type, in the order of the file.
void check_values(const lacuna_argument_info& about, Source& source, const Cells& cells, Problems& problems);
// The same for what binds the elements of an event together, over the last axes.
void check_structure(const lacuna_argument_info& about, const Array& array, Problems& problems);

}  // namespace lacuna::runtime::data
