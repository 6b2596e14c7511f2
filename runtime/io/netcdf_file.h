// A NetCDF file that is read: its groups, variables and attributes by name.
//
//   needs    runtime/io/netcdf_library.h
//   leaves   whole variables in memory; the first error of the library is kept, and what was read after it is empty
//   shown by test/unit/runtime/io_test.cpp, netcdf_test.cpp
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/io/netcdf_library.h"

namespace lacuna::runtime::io {

struct NetcdfVariable {
  int group = -1, id = -1;
  std::string name;
  nc_type type = NC_NAT;
  std::vector<std::string> dimensions;
  std::vector<std::int64_t> sizes;

  bool is_text() const { return type == NC_STRING || type == NC_CHAR; }
  bool is_whole() const { return !is_text() && type != NC_DOUBLE && type != NC_FLOAT; }
  std::size_t size() const {
    std::size_t product = 1;
    for (const std::int64_t s : sizes) product *= static_cast<std::size_t>(s);
    return product;
  }
};

class NetcdfFile {
 public:
  // Null with the reason in `why` when the library cannot open it.
  static std::unique_ptr<NetcdfFile> open(const std::string& path, std::unique_ptr<NetcdfLibrary> library,
                                          std::string& why);
  ~NetcdfFile();
  NetcdfFile(const NetcdfFile&) = delete;
  NetcdfFile& operator=(const NetcdfFile&) = delete;

  int root() const { return file_; }
  // -1 when there is none.
  int group(const char* name) const;
  std::vector<NetcdfVariable> variables(int group);
  std::vector<double> reals(const NetcdfVariable& variable);
  std::vector<std::int64_t> wholes(const NetcdfVariable& variable);
  std::vector<std::string> texts(const NetcdfVariable& variable);  // of NC_STRING
  std::vector<std::string> attributes(int group, int variable);
  std::optional<std::string> text(int group, int variable, const std::string& name);
  std::optional<double> number(int group, int variable, const std::string& name);
  std::optional<std::int64_t> whole(int group, int variable, const std::string& name);

  // What went wrong, or empty.
  std::string error() const;

 private:
  explicit NetcdfFile(std::unique_ptr<NetcdfLibrary> library) : nc_(std::move(library)) {}
  bool keep(int code) {
    if (status_ == NC_NOERR) status_ = code;
    return code == NC_NOERR;
  }
  std::unique_ptr<NetcdfLibrary> nc_;
  int file_ = -1, status_ = NC_NOERR;
};

}  // namespace lacuna::runtime::io
