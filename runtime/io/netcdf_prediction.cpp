// Predictions as NetCDF-4: draws in the groups and with the dimensions that ArviZ's schema gives them, or summaries.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/io/netcdf_output.h"
#include "runtime/io/prediction.h"

namespace lacuna::runtime::io {
namespace {

// The file, its groups, and the data that it holds beside the predictions.
class PredictionFile : public NetcdfOutput {
 public:
  PredictionFile(std::string path, const PredictionHeader& header, std::unique_ptr<NetcdfLibrary> nc,
                 Problems& problems)
      : NetcdfOutput(std::move(path), std::move(nc), problems), header_(header) {}

  bool open() { return NetcdfOutput::open(header_.texts); }

  // Group by group, each site's variable.
  template <class Define>
  void define_sites(Define define) {
    std::vector<std::string> done;
    for (const PredictedSite& first : header_.sites) {
      if (std::find(done.begin(), done.end(), first.group) != done.end()) continue;
      done.push_back(first.group);
      NetcdfGroup made = group(first.group, header_.axes);
      for (std::size_t s = 0; s < header_.sites.size(); ++s) {
        if (header_.sites[s].group == first.group) define(made, s);
      }
    }
  }

  void put_data() {
    for (const auto& [name, arguments] : header_.data) {
      NetcdfGroup made = group(name, header_.data_axes);
      for (const FitArgument& argument : arguments) made.put_argument(argument);
    }
  }

  const PredictionHeader& header_;
};

// Where a site's cells go.
struct Variable {
  int group = -1, id = -1;
  bool some = false;                 // only the cells that are listed are written
  std::vector<std::int64_t> listed;
};

class NetcdfDraws final : public PredictionWriter {
 public:
  NetcdfDraws(std::string path, const PredictionHeader& header, bool sparse, std::unique_ptr<NetcdfLibrary> nc,
              Problems& problems)
      : file_(std::move(path), header, std::move(nc), problems), sparse_(sparse) {}

  bool open() {
    if (!file_.open()) return false;
    // What is listed is known when the first draws are.
    if (!sparse_ || file_.header_.draws == 0) define({});
    return file_.check();
  }

  bool add(std::int64_t first, std::int64_t count, const std::vector<const double*>& cells) override {
    if (variables_.empty()) define(cells);
    const std::vector<PredictedSite>& sites = file_.header_.sites;
    for (std::size_t s = 0; s < sites.size(); ++s) {
      const Variable& to = variables_[s];
      std::vector<std::size_t> start = {0, static_cast<std::size_t>(first)},
                               length = {1, static_cast<std::size_t>(count)};
      const double* values = cells[s];
      if (!to.some) {
        length.insert(length.end(), sites[s].sizes.begin(), sites[s].sizes.end());
      } else {
        length.push_back(to.listed.size());
        picked_.clear();
        for (std::int64_t d = 0; d < count; ++d) {
          for (const std::int64_t cell : to.listed) picked_.push_back(values[d * sites[s].cells() + cell]);
        }
        values = picked_.data();
      }
      start.resize(length.size());
      file_.put(to.group, to.id, start, length, values);
    }
    return file_.check();
  }

  bool finish() override {
    if (variables_.empty()) define({});
    return file_.finish();
  }

 private:
  void define(const std::vector<const double*>& cells) {
    const std::vector<PredictedSite>& sites = file_.header_.sites;
    variables_.resize(sites.size());
    file_.define_sites([&](NetcdfGroup& group, std::size_t s) {
      const PredictedSite& site = sites[s];
      Variable& made = variables_[s];
      std::vector<int> dims = {group.dimension("chain", 1), group.dimension("draw", file_.header_.draws)};
      made.group = group.id();
      if (!cells.empty()) made.listed = seen(cells[s], site.cells());
      made.some = !cells.empty() && static_cast<std::int64_t>(made.listed.size()) < site.cells();
      if (!made.some) {
        const std::vector<int> more = group.dimensions(site.axes, site.sizes);
        dims.insert(dims.end(), more.begin(), more.end());
      } else {
        dims.push_back(group.cells(site.name + "_cell", made.listed));
        list_cells(group, site, made.listed, dims.back());
      }
      made.id = group.variable(site.name, NC_DOUBLE, dims);
      if (!site.index_of.empty()) group.text(made.id, "index_of", site.index_of);
      if (made.some) {
        std::string names;
        for (const std::string& axis : site.axes) names += (names.empty() ? "" : " ") + site.name + "_" + axis;
        group.text(made.id, "coordinates", names);
      }
    });
    file_.put_data();
  }

  // The cells that have a value.
  static std::vector<std::int64_t> seen(const double* cells, std::int64_t count) {
    std::vector<std::int64_t> made;
    for (std::int64_t c = 0; c < count; ++c) {
      if (!std::isnan(cells[c])) made.push_back(c);
    }
    return made;
  }

  // For each axis the label, or the position, of each listed cell.
  void list_cells(NetcdfGroup& group, const PredictedSite& site, const std::vector<std::int64_t>& listed, int dim) {
    std::int64_t below = site.cells();
    for (std::size_t k = 0; k < site.axes.size(); ++k) {
      below /= std::max<std::int64_t>(site.sizes[k], 1);
      const auto& axes = file_.header_.axes;
      const auto known =
          std::find_if(axes.begin(), axes.end(), [&](const AxisLabels& a) { return a.name == site.axes[k]; });
      std::vector<std::string> labels;
      std::vector<std::int64_t> positions;
      for (const std::int64_t cell : listed) {
        const std::size_t e = static_cast<std::size_t>(cell / below % site.sizes[k]);
        if (known != axes.end() && !known->labels.empty())
          labels.push_back(known->labels[e]);
        else
          positions.push_back(known != axes.end() && !known->positions.empty() ? known->positions[e]
                                                                               : static_cast<std::int64_t>(e));
      }
      const std::string name = site.name + "_" + site.axes[k];
      if (labels.empty())
        group.put(group.variable(name, NC_INT64, {dim}), {static_cast<std::int64_t>(listed.size())},
                  positions.data());
      else
        group.put(group.variable(name, NC_STRING, {dim}), labels);
    }
  }

  PredictionFile file_;
  bool sparse_;
  std::vector<Variable> variables_;
  std::vector<double> picked_;
};

class NetcdfSummary final : public TableWriter {
 public:
  NetcdfSummary(std::string path, const PredictionHeader& header, std::unique_ptr<NetcdfLibrary> nc,
                Problems& problems)
      : file_(std::move(path), header, std::move(nc), problems) {}

  bool open() {
    if (!file_.open()) return false;
    const std::vector<PredictedSite>& sites = file_.header_.sites;
    variables_.resize(sites.size());
    file_.define_sites([&](NetcdfGroup& group, std::size_t s) {
      std::vector<int> dims = {
          group.dimension("metric", static_cast<std::int64_t>(file_.header_.columns.size()))};
      const std::vector<int> more = group.dimensions(sites[s].axes, sites[s].sizes);
      dims.insert(dims.end(), more.begin(), more.end());
      variables_[s].group = group.id();
      variables_[s].id = group.variable(sites[s].name, NC_DOUBLE, dims);
    });
    file_.put_data();
    return file_.check();
  }

  bool add(const SitePart& part, std::int64_t, std::int64_t, const double* values, std::int64_t stride) override {
    std::vector<std::size_t> start(part.sizes.size() + 1), count = {1};
    count.insert(count.end(), part.sizes.begin(), part.sizes.end());
    if (part.axis >= 0) start[static_cast<std::size_t>(part.axis) + 1] = static_cast<std::size_t>(part.begin);
    for (std::size_t m = 0; m < file_.header_.columns.size(); ++m) {
      start[0] = m;
      file_.put(variables_[part.site].group, variables_[part.site].id, start, count,
                values + static_cast<std::int64_t>(m) * stride);
    }
    return file_.check();
  }

  bool finish() override { return file_.finish(); }

 private:
  PredictionFile file_;
  std::vector<Variable> variables_;
};

template <class Writer, class... More>
std::unique_ptr<Writer> open_writer(const std::string& path, const PredictionHeader& header, Problems& problems,
                                    More... more) {
  std::unique_ptr<NetcdfLibrary> nc = NetcdfLibrary::load(problems);
  if (!nc) return nullptr;
  auto made = std::make_unique<Writer>(path, header, more..., std::move(nc), problems);
  return made->open() ? std::move(made) : nullptr;
}

}  // namespace

std::int64_t PredictedSite::cells() const {
  return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
}

std::unique_ptr<PredictionWriter> write_netcdf_draws(const std::string& path, const PredictionHeader& header,
                                                     bool sparse, Problems& problems) {
  return open_writer<NetcdfDraws>(path, header, problems, sparse);
}

std::unique_ptr<TableWriter> write_netcdf_summary(const std::string& path, const PredictionHeader& header,
                                                  Problems& problems) {
  return open_writer<NetcdfSummary>(path, header, problems);
}

}  // namespace lacuna::runtime::io
