// Data matched to a model: every argument an array, every dimension a size and perhaps labels.
//
//   needs    the model's metadata, opened sources, the user's options
//   leaves   values checked against their types, rows in the order of their dimension's labels, ready to be bound
//   shown by test/unit/runtime/match_test.cpp
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lacuna/model.h"
#include "runtime/data/cells.h"
#include "runtime/data/options.h"

namespace lacuna::runtime::data {

struct Dimension {
  std::string name;
  std::int64_t size = -1;           // -1: derived, the model computes it
  std::vector<std::string> labels;  // empty: elements are told apart by position
  std::vector<std::uint64_t> keys;  // one for each label
  // Of new data for a prediction only. A size of -1 then says that the data do not speak of the dimension.
  bool positions = false;           // its size comes from index columns that hold positions in the fit
  std::vector<std::uint8_t> named;  // 1 for each element that the data name; empty: all
};

// One argument. Reals are in `real` (NaN where missing), everything else in `whole`.
struct Array {
  bool given = false;
  std::vector<std::int64_t> sizes;
  std::vector<double> real;
  std::vector<std::int64_t> whole;
  std::vector<std::uint8_t> present;                   // empty when every cell is there
  std::vector<std::vector<std::int64_t>> coordinates;  // sparse: for each axis, the subscript of each listed cell
  bool sparse = false;
  std::string origin;  // the file
  // Of new data for a prediction only: for each axis which elements the file has; empty where it has all.
  std::vector<std::vector<std::uint8_t>> covered;
};

// What a message says of a cell: "line 17", and the text there; empty of a gap.
struct CellInFile {
  std::string place, word;
};

struct Dataset {
  std::vector<Dimension> dimensions;  // in the metadata's order
  std::vector<Array> arguments;       // in the metadata's order
  std::vector<std::string> unused;    // names in the data that nothing asked for, "data.csv: extra"
  // Finds elements of an argument in the files that they came from, for messages. Null, or its result empty: not to be had.
  std::function<std::vector<CellInFile>(int argument, const std::vector<std::int64_t>& elements)> in_files;
};

// What the verb needs.
struct Needs {
  bool targets = true;  // observed arguments and masks; a prediction does without
  // The dimensions of the fit, in the metadata's order, when these are new data for a prediction. Then what is absent
  // is no mistake, and no value is checked, since cells that cannot be predicted are predicted as missing; the labels
  // of a dimension are all that the data name; the fit's order comes first.
  const std::vector<Dimension>* fitted = nullptr;
};

// Looks every argument up by name over all sources, reads what is needed once, finds labels and sizes, checks values.
// Empty when anything is wrong: the problems say what, all of it.
std::optional<Dataset> match(const lacuna_metadata& metadata, std::vector<std::unique_ptr<Source>>& sources,
                             const Options& options, const Needs& needs, Problems& problems);

// Says that nothing gives an argument, and what might be meant.
void report_argument_missing(const lacuna_metadata& metadata, int argument,
                             const std::vector<std::unique_ptr<Source>>& sources, const Options& options,
                             Problems& problems);

}  // namespace lacuna::runtime::data
