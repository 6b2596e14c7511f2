#include "runtime/io/netcdf_output.h"

#include <unistd.h>

#include <algorithm>

#include "runtime/io/write_file.h"

namespace lacuna::runtime::io {

NetcdfOutput::NetcdfOutput(std::string path, std::unique_ptr<NetcdfLibrary> nc, Problems& problems)
    : path_(std::move(path)), nc_(std::move(nc)), problems_(problems) {}

NetcdfOutput::~NetcdfOutput() {
  if (file_ >= 0) nc_->nc_close(file_);
  if (!done_) ::unlink(unfinished_name(path_).c_str());
}

bool NetcdfOutput::open(const std::map<std::string, std::string>& texts) {
  keep(nc_->nc_create(unfinished_name(path_).c_str(), NC_NETCDF4 | NC_CLOBBER, &file_));
  if (status_ != NC_NOERR) return check();
  int before = 0;
  keep(nc_->nc_set_fill(file_, NC_NOFILL, &before));
  for (const auto& [name, text] : texts)
    keep(nc_->nc_put_att_text(file_, NC_GLOBAL, name.c_str(), text.size(), text.c_str()));
  const auto version = texts.find("version");
  if (version != texts.end()) version_ = version->second;
  return check();
}

void NetcdfOutput::attribute(const char* name, double value) {
  keep(nc_->nc_put_att_double(file_, NC_GLOBAL, name, NC_DOUBLE, 1, &value));
}

void NetcdfOutput::attribute(const char* name, long long value) {
  keep(nc_->nc_put_att_longlong(file_, NC_GLOBAL, name, NC_INT64, 1, &value));
}

NetcdfGroup NetcdfOutput::group(const std::string& name, const std::vector<AxisLabels>& axes) {
  NetcdfGroup made(*nc_, file_, name.c_str(), axes, status_);
  made.text(NC_GLOBAL, "inference_library", "lacuna");
  if (!version_.empty()) made.text(NC_GLOBAL, "inference_library_version", version_);
  return made;
}

void NetcdfOutput::put(int group, int variable, const std::vector<std::size_t>& start,
                       const std::vector<std::size_t>& count, const double* values) {
  if (std::find(count.begin(), count.end(), 0u) == count.end())
    keep(nc_->nc_put_vara_double(group, variable, start.data(), count.data(), values));
}

bool NetcdfOutput::check() {
  if (status_ == NC_NOERR) return true;
  const char* const reason = nc_->nc_strerror(status_);
  problems_.report(Id::CannotWrite, path_, reason);
  return false;
}

bool NetcdfOutput::finish() {
  const int code = nc_->nc_close(file_);
  file_ = -1;
  keep(code);
  done_ = check() && finish_file(path_, problems_);
  return done_;
}

}  // namespace lacuna::runtime::io
