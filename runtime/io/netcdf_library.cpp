#include "runtime/io/netcdf_library.h"

#include <dlfcn.h>

namespace lacuna::runtime::io {

std::unique_ptr<NetcdfLibrary> NetcdfLibrary::load(Problems& problems) {
  std::unique_ptr<NetcdfLibrary> made(new NetcdfLibrary);
  for (const char* name : {"libnetcdf.so.19", "libnetcdf.so"}) {
    if (!made->handle_) made->handle_ = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  }
  bool whole = made->handle_ != nullptr;
#define LACUNA_NETCDF(name) \
  if (whole)                \
    made->name = reinterpret_cast<decltype(made->name)>(::dlsym(made->handle_, #name)), whole = made->name != nullptr;
#include "runtime/io/netcdf_functions.def"
#undef LACUNA_NETCDF
  if (whole) return made;
  const char* const reason = ::dlerror();
  problems.report(Id::NoNetcdf, reason ? reason : "libnetcdf.so")
      .help("on Debian: `apt-get install libnetcdf19`; or write `.lfit`, which needs no library");
  return nullptr;
}

NetcdfLibrary::~NetcdfLibrary() {
  if (handle_) ::dlclose(handle_);
}

}  // namespace lacuna::runtime::io
