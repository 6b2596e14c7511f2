#include "runtime/data/cells.h"

namespace lacuna::runtime::data {
std::unique_ptr<Source> open_netcdf(std::string path, Problems& problems) {
  problems.report(Id::NoNetcdf, path);
  return nullptr;
}
}  // namespace lacuna::runtime::data
