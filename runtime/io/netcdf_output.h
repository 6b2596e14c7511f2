// A NetCDF file while it is written under another name: attributes, groups as ArviZ has them, and what became of it.
//
//   needs    the NetCDF library
//   leaves   a file under its own name once `finish` is true; nothing else
//   shown by test/unit/runtime/io_test.cpp, run_prediction_test.cpp
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/io/netcdf_group.h"

namespace lacuna::runtime::io {

class NetcdfOutput {
 public:
  NetcdfOutput(std::string path, std::unique_ptr<NetcdfLibrary> nc, Problems& problems);
  ~NetcdfOutput();
  NetcdfOutput(const NetcdfOutput&) = delete;
  NetcdfOutput& operator=(const NetcdfOutput&) = delete;

  // Begins the file, with these attributes; false, and reported, when that cannot be done.
  bool open(const std::map<std::string, std::string>& texts);
  void attribute(const char* name, double value);
  void attribute(const char* name, long long value);

  // A group that names what made it. `axes` must outlive it.
  NetcdfGroup group(const std::string& name, const std::vector<AxisLabels>& axes);
  // Some of a variable, from `start` on; nothing where a count is 0.
  void put(int group, int variable, const std::vector<std::size_t>& start, const std::vector<std::size_t>& count,
           const double* values);

  // False, and reported, when anything went wrong so far.
  bool check();
  bool finish();

 private:
  void keep(int code) {
    if (status_ == NC_NOERR) status_ = code;
  }

  std::string path_, version_;
  std::unique_ptr<NetcdfLibrary> nc_;
  Problems& problems_;
  int file_ = -1, status_ = NC_NOERR;
  bool done_ = false;
};

}  // namespace lacuna::runtime::io
