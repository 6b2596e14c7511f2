#include "runtime/io/netcdf_group.h"

#include <algorithm>
#include <numeric>

namespace lacuna::runtime::io {
namespace {

std::int64_t product(const std::vector<std::int64_t>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
}

}  // namespace

NetcdfGroup::NetcdfGroup(const NetcdfLibrary& nc, int file, const char* name, const std::vector<AxisLabels>& axes,
                         int& status)
    : nc_(nc), axes_(axes), status_(status) {
  keep(nc.nc_def_grp(file, name, &id_));
}

int NetcdfGroup::dimension(const std::string& name, std::int64_t size, int occurrence) {
  const std::string own = occurrence == 0 ? name : name + "_" + std::to_string(occurrence);
  for (const auto& [known, id] : dimensions_) {
    if (known == own) return id;
  }
  int id = -1;
  keep(nc_.nc_def_dim(id_, own.c_str(), static_cast<std::size_t>(size), &id));
  dimensions_.emplace_back(own, id);
  put_coordinates(own, name, size, id);
  return id;
}

int NetcdfGroup::cells(const std::string& name, const std::vector<std::int64_t>& positions) {
  int id = -1;
  keep(nc_.nc_def_dim(id_, name.c_str(), positions.size(), &id));
  put(variable(name, NC_INT64, {id}), {static_cast<std::int64_t>(positions.size())}, positions.data());
  return id;
}

std::vector<int> NetcdfGroup::dimensions(const std::vector<std::string>& axes,
                                         const std::vector<std::int64_t>& sizes) {
  std::vector<int> ids;
  for (std::size_t k = 0; k < axes.size(); ++k) {
    int before = 0;
    for (std::size_t j = 0; j < k; ++j) before += axes[j] == axes[k];
    ids.push_back(dimension(axes[k], sizes[k], before));
  }
  return ids;
}

int NetcdfGroup::variable(const std::string& name, nc_type type, const std::vector<int>& dims) {
  int id = -1;
  keep(nc_.nc_def_var(id_, name.c_str(), type, static_cast<int>(dims.size()), dims.data(), &id));
  return id;
}

void NetcdfGroup::put(int variable, const std::vector<std::int64_t>& sizes, const double* values) {
  const std::vector<std::size_t> start(sizes.size() + 1), count(sizes.begin(), sizes.end());
  if (product(sizes) > 0) keep(nc_.nc_put_vara_double(id_, variable, start.data(), count.data(), values));
}

void NetcdfGroup::put(int variable, const std::vector<std::int64_t>& sizes, const std::int64_t* values) {
  const std::vector<std::size_t> start(sizes.size() + 1), count(sizes.begin(), sizes.end());
  static_assert(sizeof(long long) == sizeof(std::int64_t));
  if (product(sizes) > 0)
    keep(nc_.nc_put_vara_longlong(id_, variable, start.data(), count.data(),
                                  reinterpret_cast<const long long*>(values)));
}

void NetcdfGroup::put(int variable, const std::vector<std::string>& values) {
  std::vector<const char*> texts;
  for (const std::string& value : values) texts.push_back(value.c_str());
  const std::size_t start = 0, count = texts.size();
  if (count > 0) keep(nc_.nc_put_vara_string(id_, variable, &start, &count, texts.data()));
}

void NetcdfGroup::text(int variable, const char* name, const std::string& value) {
  keep(nc_.nc_put_att_text(id_, variable, name, value.size(), value.c_str()));
}

void NetcdfGroup::put_coordinates(const std::string& own, const std::string& name, std::int64_t size, int dim) {
  const auto found = std::find_if(axes_.begin(), axes_.end(), [&](const AxisLabels& a) { return a.name == name; });
  const bool known = found != axes_.end();
  int id = -1;
  if (known && !found->labels.empty()) {
    id = variable(own, NC_STRING, {dim});
    put(id, found->labels);
  } else {
    std::vector<std::int64_t> positions;
    if (known) positions = found->positions;
    if (positions.empty()) {
      positions.resize(static_cast<std::size_t>(size));
      std::iota(positions.begin(), positions.end(), std::int64_t{0});
    }
    id = variable(own, NC_INT64, {dim});
    put(id, {size}, positions.data());
  }
  if (own != name) text(id, "axis_of", name);
}

void NetcdfGroup::put_argument(const FitArgument& argument) {
  const data::Array& array = *argument.array;
  std::vector<int> dims;
  std::vector<std::int64_t> sizes = array.sizes;
  if (array.sparse) {
    sizes = {static_cast<std::int64_t>(std::max(array.real.size(), array.whole.size()))};
    dims = {dimension(argument.name + "_cell", sizes[0])};
    dimensions(argument.axes, array.sizes);  // no variable has them, but the list points into their labels
    for (std::size_t k = 0; k < array.coordinates.size(); ++k)
      put(variable(argument.name + "_" + argument.axes[k], NC_INT64, dims), sizes, array.coordinates[k].data());
  } else {
    dims = dimensions(argument.axes, sizes);
  }
  const bool real = argument.kind == LACUNA_REAL;
  const int made = variable(argument.name, real ? NC_DOUBLE : NC_INT64, dims);
  if (!argument.index_of.empty()) text(made, "index_of", argument.index_of);
  if (real) return put(made, sizes, array.real.data());
  std::vector<std::int64_t> whole = array.whole;
  for (std::size_t i = 0; i < array.present.size(); ++i) {
    if (!array.present[i]) whole[i] = INT64_MIN;
  }
  const long long missing = INT64_MIN;
  if (!array.present.empty()) keep(nc_.nc_put_att_longlong(id_, made, "missing_value", NC_INT64, 1, &missing));
  put(made, sizes, whole.data());
}

}  // namespace lacuna::runtime::io
