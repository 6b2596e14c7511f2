#include "runtime/io/fit.h"

#include <algorithm>

#include "runtime/data/labels.h"
#include "runtime/io/write_file.h"

namespace lacuna::runtime::io {

Fit describe(const data::BoundModel& model, const data::Dataset& dataset) {
  const lacuna_metadata& about = model.metadata();
  Fit fit;
  fit.dimensions = dataset.dimensions;
  for (std::size_t d = 0; d < fit.dimensions.size(); ++d) fit.dimensions[d].size = model.dimension_sizes[d];
  const auto name_axes = [&](const std::int32_t* axes, std::int32_t rank) {
    std::vector<std::string> names;
    for (std::int32_t k = 0; k < rank; ++k) names.emplace_back(about.dimensions[axes[k]].name);
    return names;
  };
  for (std::int32_t a = 0; a < about.argument_count; ++a) {
    const lacuna_argument_info& argument = about.arguments[a];
    FitArgument made;
    made.name = argument.name;
    made.axes = name_axes(argument.axes, argument.rank);
    made.kind = argument.type.kind;
    if (argument.type.index_of >= 0) made.index_of = about.dimensions[argument.type.index_of].name;
    made.observed = (argument.flags & LACUNA_TARGET) != 0;
    made.array = dataset.arguments[static_cast<std::size_t>(a)];
    if (made.array.given) fit.arguments.push_back(std::move(made));
  }
  for (std::int32_t p = 0; p < about.parameter_count; ++p) {
    const std::int32_t s = about.parameters[p];
    const lacuna_site_info& site = about.sites[s];
    FitSite made;
    made.name = site.name;
    made.axes = name_axes(site.axes, site.rank);
    for (std::int32_t k = 0; k < site.rank; ++k)
      made.sizes.push_back(model.dimension_sizes[static_cast<std::size_t>(site.axes[k])]);
    made.count = model.site_values[static_cast<std::size_t>(s)];
    made.partial = site.partial != 0;
    if (made.partial) {
      made.positions.resize(static_cast<std::size_t>(made.count));
      model.model().cells(model.bound(), s, made.positions.data(), nullptr);
    }
    fit.sites.push_back(std::move(made));
  }
  return fit;
}

data::Dataset Fit::dataset(const lacuna_metadata& metadata) const {
  data::Dataset made;
  for (std::int32_t d = 0; d < metadata.dimension_count; ++d) {
    data::Dimension dimension;
    dimension.name = metadata.dimensions[d].name;
    for (const data::Dimension& own : dimensions) {
      if (own.name == dimension.name) dimension = own;
    }
    if (metadata.dimensions[d].origin != LACUNA_GIVEN) dimension.size = -1;
    made.dimensions.push_back(std::move(dimension));
  }
  made.arguments.resize(static_cast<std::size_t>(metadata.argument_count));
  for (std::int32_t a = 0; a < metadata.argument_count; ++a) {
    for (const FitArgument& own : arguments) {
      if (own.name == metadata.arguments[a].name) made.arguments[static_cast<std::size_t>(a)] = own.array;
    }
  }
  return made;
}

std::unique_ptr<FitWriter> write_fit(const std::string& path, const Fit& header, bool force, Problems& problems) {
  if (!may_write(path, force, problems)) return nullptr;
  return path.ends_with(".lfit") ? write_lfit(path, header, problems) : write_netcdf_fit(path, header, problems);
}

std::optional<Fit> read_fit(const std::string& path, Problems& problems) {
  return path.ends_with(".lfit") ? read_lfit(path, problems) : read_netcdf_fit(path, problems);
}

}  // namespace lacuna::runtime::io
