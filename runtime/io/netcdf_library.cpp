#include "runtime/io/netcdf_library.h"

#include <dlfcn.h>

namespace lacuna::runtime::io {

std::unique_ptr<NetcdfLibrary> NetcdfLibrary::load(Problems& problems, const char* name) {
  std::unique_ptr<NetcdfLibrary> made(new NetcdfLibrary);
  made->handle_ = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  bool whole = made->handle_ != nullptr;
#define LACUNA_NETCDF(function)                                                                     \
  if (whole)                                                                                        \
    made->function = reinterpret_cast<decltype(made->function)>(::dlsym(made->handle_, #function)), \
    whole = made->function != nullptr;
#include "runtime/io/netcdf_functions.def"
#undef LACUNA_NETCDF
  if (whole) return made;
  const char* const reason = ::dlerror();
  problems.report(Id::NoNetcdf, reason ? reason : name)
      .help("on Debian: `apt-get install libnetcdf19`; or write `.lfit`, which needs no library");
  return nullptr;
}

NetcdfLibrary::~NetcdfLibrary() {
  if (handle_) ::dlclose(handle_);
}

}  // namespace lacuna::runtime::io
