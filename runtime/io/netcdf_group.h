// One group of a NetCDF file while it is defined and filled: dimensions with their labels, variables, attributes. Each
// group is complete in itself, since readers open groups one by one.
//
//   needs    a file that is being written
//   leaves   the first error of the library in `status`; what is asked after it does nothing
//   shown by test/unit/runtime/io_test.cpp, run_prediction_test.cpp
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/io/fit.h"
#include "runtime/io/netcdf_library.h"

namespace lacuna::runtime::io {

// The elements along an axis of a file: their labels, or else their positions.
struct AxisLabels {
  std::string name;
  std::vector<std::string> labels;
  std::vector<std::int64_t> positions;  // both empty: from 0
};

class NetcdfGroup {
 public:
  // `axes` must outlive the group; axes that it does not name are numbered from 0.
  NetcdfGroup(const NetcdfLibrary& nc, int file, const char* name, const std::vector<AxisLabels>& axes, int& status);
  int id() const { return id_; }

  // The dimension of this name with its coordinates, made at its first use. An axis that occurs twice in one variable
  // needs two.
  int dimension(const std::string& name, std::int64_t size, int occurrence = 0);
  // The dimension of a list of cells, whose coordinates are the cells' row-major positions.
  int cells(const std::string& name, const std::vector<std::int64_t>& positions);
  std::vector<int> dimensions(const std::vector<std::string>& axes, const std::vector<std::int64_t>& sizes);
  int variable(const std::string& name, nc_type type, const std::vector<int>& dims);

  // A whole variable.
  void put(int variable, const std::vector<std::int64_t>& sizes, const double* values);
  void put(int variable, const std::vector<std::int64_t>& sizes, const std::int64_t* values);
  void put(int variable, const std::vector<std::string>& values);
  void text(int variable, const char* name, const std::string& value);
  // A data argument with its gaps; sparse ones as a list of cells.
  void put_argument(const FitArgument& argument);

 private:
  void keep(int code) {
    if (status_ == NC_NOERR) status_ = code;
  }
  void put_coordinates(const std::string& own, const std::string& name, std::int64_t size, int dim);

  const NetcdfLibrary& nc_;
  const std::vector<AxisLabels>& axes_;
  int& status_;
  int id_ = -1;
  std::vector<std::pair<std::string, int>> dimensions_;
};

}  // namespace lacuna::runtime::io
