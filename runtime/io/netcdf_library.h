// The NetCDF library, loaded when the first NetCDF file is met, so that a run without one does not pay for it.
//
//   needs    libnetcdf.so where the loader finds it
//   leaves   its functions; the library stays loaded until this object goes
//   shown by test/unit/runtime/io_test.cpp
#pragma once
#include <netcdf.h>

#include <memory>
#include <string>

#include "runtime/diagnostics/diagnostic.h"

namespace lacuna::runtime::io {

class NetcdfLibrary {
 public:
  // Null with R0755 where the library is not found under this name (the name that has its ABI's number).
  static std::unique_ptr<NetcdfLibrary> load(Problems& problems, const char* name = "libnetcdf.so.19");
  ~NetcdfLibrary();
  NetcdfLibrary(const NetcdfLibrary&) = delete;
  NetcdfLibrary& operator=(const NetcdfLibrary&) = delete;

#define LACUNA_NETCDF(name) decltype(&::name) name = nullptr;
#include "runtime/io/netcdf_functions.def"
#undef LACUNA_NETCDF

 private:
  NetcdfLibrary() = default;
  void* handle_ = nullptr;
};

}  // namespace lacuna::runtime::io
