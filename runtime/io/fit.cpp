#include "runtime/io/fit.h"

#include <algorithm>

#include "runtime/data/labels.h"

namespace lacuna::runtime::io {

namespace {

std::vector<std::string> axis_names(const lacuna_metadata& about, const std::int32_t* axes, std::int32_t rank) {
  std::vector<std::string> names;
  for (std::int32_t k = 0; k < rank; ++k) names.emplace_back(about.dimensions[axes[k]].name);
  return names;
}

// The cells of a site, an event being one cell of an observed site; a list of them when it is `partial`.
FitSite describe_site(const data::BoundModel& model, std::int32_t s, std::int64_t count, bool partial) {
  const lacuna_metadata& about = model.metadata();
  const lacuna_site_info& site = about.sites[s];
  const std::int32_t rank = site.kind == LACUNA_OBSERVED ? site.rank - site.event_rank : site.rank;
  FitSite made;
  made.site = s;
  made.name = site.name;
  made.axes = axis_names(about, site.axes, rank);
  for (std::int32_t k = 0; k < rank; ++k)
    made.sizes.push_back(model.dimension_sizes[static_cast<std::size_t>(site.axes[k])]);
  made.count = count;
  made.partial = partial;
  if (partial) {
    made.positions.resize(static_cast<std::size_t>(count));
    model.model().cells(model.bound(), s, made.positions.data(), nullptr);
  }
  return made;
}

}  // namespace

std::vector<FitArgument> describe_arguments(const lacuna_metadata& about, const data::Dataset& dataset) {
  std::vector<FitArgument> all;
  for (std::int32_t a = 0; a < about.argument_count; ++a) {
    const lacuna_argument_info& argument = about.arguments[a];
    FitArgument made;
    made.name = argument.name;
    made.axes = axis_names(about, argument.axes, argument.rank);
    made.kind = argument.type.kind;
    if (argument.type.index_of >= 0) made.index_of = about.dimensions[argument.type.index_of].name;
    made.observed = (argument.flags & LACUNA_TARGET) != 0;
    const data::Array& array = dataset.arguments[static_cast<std::size_t>(a)];
    if (!array.given) continue;
    made.array = std::shared_ptr<const data::Array>(std::shared_ptr<void>(), &array);
    all.push_back(std::move(made));
  }
  return all;
}

Fit describe(const data::BoundModel& model, const data::Dataset& dataset) {
  const lacuna_metadata& about = model.metadata();
  Fit fit;
  fit.dimensions = dataset.dimensions;
  for (std::size_t d = 0; d < fit.dimensions.size(); ++d) fit.dimensions[d].size = model.dimension_sizes[d];
  fit.arguments = describe_arguments(about, dataset);
  for (std::int32_t p = 0; p < about.parameter_count; ++p) {
    const std::int32_t s = about.parameters[p];
    fit.sites.push_back(
        describe_site(model, s, model.site_values[static_cast<std::size_t>(s)], about.sites[s].partial != 0));
  }
  return fit;
}

std::vector<FitSite> scored_sites(const data::BoundModel& model) {
  const lacuna_metadata& about = model.metadata();
  std::vector<FitSite> made;
  for (std::int32_t s = 0; s < about.site_count; ++s) {
    if (about.sites[s].kind != LACUNA_OBSERVED) continue;
    const std::size_t at = static_cast<std::size_t>(s);
    FitSite site = describe_site(model, s, model.site_scored[at], model.site_left_out[at] > 0);
    // Statements that share an array are told apart by their number.
    const auto same = std::count_if(made.begin(), made.end(), [&](const FitSite& other) {
      return std::string_view(about.sites[other.site].name) == about.sites[s].name;
    });
    if (same > 0) site.name += "_" + std::to_string(same + 1);
    made.push_back(std::move(site));
  }
  return made;
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
      if (own.name == metadata.arguments[a].name) made.arguments[static_cast<std::size_t>(a)] = *own.array;
    }
  }
  return made;
}

}  // namespace lacuna::runtime::io
