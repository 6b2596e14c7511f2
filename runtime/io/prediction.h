// Predictions as files: draws in ArviZ's layout (`out.nc`), or tables of draws or summaries (`out.csv`, `out.nc`).
//
//   needs    what the file is to hold, and its cells as they are made
//   leaves   a file that is there whole or not at all; nothing of it is kept in memory
//   shown by test/unit/runtime/run_prediction_test.cpp
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/io/netcdf_group.h"

namespace lacuna::runtime::io {

// One site of a prediction: the cells of its axes, row-major.
struct PredictedSite {
  std::string name, group;
  std::vector<std::string> axes;
  std::vector<std::int64_t> sizes;
  std::string index_of;            // the dimension of whose elements its values are positions; else empty
  std::vector<std::string> words;  // the labels of those elements, in text tables; empty: numbers

  std::int64_t cells() const;
};

struct PredictionHeader {
  std::map<std::string, std::string> texts;  // attributes of the file
  std::vector<AxisLabels> axes;              // of the sites
  std::vector<PredictedSite> sites;
  std::map<std::string, std::vector<FitArgument>> data;  // by group
  std::vector<AxisLabels> data_axes;
  std::int64_t draws = 0;
  std::vector<std::string> columns;  // of a table of summaries: their names; empty: draws
};

// Draws, block by block.
class PredictionWriter {
 public:
  virtual ~PredictionWriter() = default;
  // Draws first to first + count - 1: for each site [draw][cell].
  virtual bool add(std::int64_t first, std::int64_t count, const std::vector<const double*>& cells) = 0;
  virtual bool finish() = 0;
};

// A part of a site: the elements begin to begin + sizes[axis] - 1 along one of its axes, all along the others.
struct SitePart {
  std::size_t site = 0;
  std::vector<std::int64_t> sizes;
  int axis = -1;  // none: the whole site
  std::int64_t begin = 0;
};

// A table with a row for each cell, site by site and part by part.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  // `count` cells of a part from `first` on, row-major in the part: value at [column * stride + cell].
  virtual bool add(const SitePart& part, std::int64_t first, std::int64_t count, const double* values,
                   std::int64_t stride) = 0;
  virtual bool finish() = 0;
};

// Null with a diagnostic when the file cannot be written. The header must outlive the writer. `sparse`: cells that are NaN in the first block of draws are
// left out, and the others listed (a log likelihood, which only scored cells have).
std::unique_ptr<PredictionWriter> write_netcdf_draws(const std::string& path, const PredictionHeader& header,
                                                     bool sparse, Problems& problems);
// Parts must come whole. Variables have an axis `metric` before their own, whose labels are the header's columns.
std::unique_ptr<TableWriter> write_netcdf_summary(const std::string& path, const PredictionHeader& header,
                                                  Problems& problems);
// `skip_missing`: rows that have no value at all are left out.
std::unique_ptr<TableWriter> write_csv_table(const std::string& path, const PredictionHeader& header,
                                             bool skip_missing, Problems& problems);

}  // namespace lacuna::runtime::io
