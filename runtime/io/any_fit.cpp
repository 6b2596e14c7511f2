// Fits of either format, by the extension of their names.
#include "runtime/io/fit.h"
#include "runtime/io/write_file.h"

namespace lacuna::runtime::io {

std::unique_ptr<FitWriter> write_fit(const std::string& path, const Fit& header, bool force, Problems& problems) {
  if (!may_write(path, force, problems)) return nullptr;
  return path.ends_with(".lfit") ? write_lfit(path, header, problems) : write_netcdf_fit(path, header, problems);
}

std::optional<Fit> read_fit(const std::string& path, Problems& problems) {
  return path.ends_with(".lfit") ? read_lfit(path, problems) : read_netcdf_fit(path, problems);
}

}  // namespace lacuna::runtime::io
