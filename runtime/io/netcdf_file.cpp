#include "runtime/io/netcdf_file.h"

namespace lacuna::runtime::io {

std::unique_ptr<NetcdfFile> NetcdfFile::open(const std::string& path, std::unique_ptr<NetcdfLibrary> library,
                                             std::string& why) {
  std::unique_ptr<NetcdfFile> made(new NetcdfFile(std::move(library)));
  const int code = made->nc_->nc_open(path.c_str(), NC_NOWRITE, &made->file_);
  if (code == NC_NOERR) return made;
  made->file_ = -1;
  why = made->nc_->nc_strerror(code);
  return nullptr;
}

NetcdfFile::~NetcdfFile() {
  if (file_ >= 0) nc_->nc_close(file_);
}

int NetcdfFile::group(const char* name) const {
  int id = -1;
  return nc_->nc_inq_grp_ncid(file_, name, &id) == NC_NOERR ? id : -1;
}

std::vector<NetcdfVariable> NetcdfFile::variables(int group) {
  int count = 0;
  std::vector<NetcdfVariable> made;
  if (!keep(nc_->nc_inq_varids(group, &count, nullptr))) return made;
  std::vector<int> ids(static_cast<std::size_t>(count));
  keep(nc_->nc_inq_varids(group, &count, ids.data()));
  for (const int id : ids) {
    NetcdfVariable variable;
    variable.group = group;
    variable.id = id;
    char name[NC_MAX_NAME + 1] = {};
    int rank = 0, dims[NC_MAX_VAR_DIMS];
    if (!keep(nc_->nc_inq_var(group, id, name, &variable.type, &rank, dims, nullptr))) return made;
    variable.name = name;
    for (int k = 0; k < rank; ++k) {
      std::size_t size = 0;
      keep(nc_->nc_inq_dim(group, dims[k], name, &size));
      variable.dimensions.emplace_back(name);
      variable.sizes.push_back(static_cast<std::int64_t>(size));
    }
    made.push_back(std::move(variable));
  }
  return made;
}

std::vector<double> NetcdfFile::reals(const NetcdfVariable& variable) {
  std::vector<double> values(variable.size());
  if (!values.empty()) keep(nc_->nc_get_var_double(variable.group, variable.id, values.data()));
  return values;
}

std::vector<std::int64_t> NetcdfFile::wholes(const NetcdfVariable& variable) {
  std::vector<long long> values(variable.size());
  if (!values.empty()) keep(nc_->nc_get_var_longlong(variable.group, variable.id, values.data()));
  return {values.begin(), values.end()};
}

std::vector<std::string> NetcdfFile::texts(const NetcdfVariable& variable) {
  std::vector<char*> values(variable.size(), nullptr);
  if (variable.type != NC_STRING || values.empty() ||
      !keep(nc_->nc_get_var_string(variable.group, variable.id, values.data())))
    return {};
  std::vector<std::string> made;
  for (const char* value : values) made.emplace_back(value ? value : "");
  nc_->nc_free_string(values.size(), values.data());
  return made;
}

std::vector<std::string> NetcdfFile::attributes(int group, int variable) {
  int count = 0;
  std::vector<std::string> names;
  keep(nc_->nc_inq_natts(group, &count));
  for (int i = 0; i < count; ++i) {
    char name[NC_MAX_NAME + 1] = {};
    if (nc_->nc_inq_attname(group, variable, i, name) == NC_NOERR) names.emplace_back(name);
  }
  return names;
}

std::optional<std::string> NetcdfFile::text(int group, int variable, const std::string& name) {
  nc_type type = NC_NAT;
  std::size_t size = 0;
  if (nc_->nc_inq_att(group, variable, name.c_str(), &type, &size) != NC_NOERR || type != NC_CHAR) return std::nullopt;
  std::string value(size, '\0');
  if (size > 0 && !keep(nc_->nc_get_att_text(group, variable, name.c_str(), value.data()))) return std::nullopt;
  return value;
}

std::optional<double> NetcdfFile::number(int group, int variable, const std::string& name) {
  nc_type type = NC_NAT;
  std::size_t size = 0;
  double value = 0;
  if (nc_->nc_inq_att(group, variable, name.c_str(), &type, &size) != NC_NOERR || type == NC_CHAR ||
      type == NC_STRING || size != 1)
    return std::nullopt;
  if (!keep(nc_->nc_get_att_double(group, variable, name.c_str(), &value))) return std::nullopt;
  return value;
}

std::optional<std::int64_t> NetcdfFile::whole(int group, int variable, const std::string& name) {
  nc_type type = NC_NAT;
  std::size_t size = 0;
  long long value = 0;
  if (nc_->nc_inq_att(group, variable, name.c_str(), &type, &size) != NC_NOERR || type == NC_CHAR ||
      type == NC_STRING || size != 1)
    return std::nullopt;
  if (!keep(nc_->nc_get_att_longlong(group, variable, name.c_str(), &value))) return std::nullopt;
  return value;
}

std::string NetcdfFile::error() const {
  return status_ == NC_NOERR ? "" : nc_->nc_strerror(status_);
}

}  // namespace lacuna::runtime::io
