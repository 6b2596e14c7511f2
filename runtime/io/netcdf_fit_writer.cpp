// A fit as NetCDF-4 in the layout of ArviZ's InferenceData.
#include <algorithm>

#include "runtime/io/fit.h"
#include "runtime/io/netcdf_output.h"

namespace lacuna::runtime::io {
namespace {

// The labels of a fit's dimensions.
std::vector<AxisLabels> labels_of(const Fit& fit) {
  std::vector<AxisLabels> made;
  for (const data::Dimension& d : fit.dimensions) {
    if (!d.labels.empty()) made.push_back({d.name, d.labels, {}});
  }
  return made;
}

class NetcdfFitWriter final : public FitWriter {
 public:
  NetcdfFitWriter(std::string path, const Fit& fit, std::unique_ptr<NetcdfLibrary> nc, Problems& problems)
      : fit_(fit), labels_(labels_of(fit)), file_(std::move(path), std::move(nc), problems) {}

  bool open() {
    if (!file_.open(fit_.texts)) return false;
    file_.attribute("lacuna_format", static_cast<long long>(kFitFormat));
    for (const auto& [name, value] : fit_.numbers) file_.attribute(name.c_str(), value);
    define_sites("posterior", fit_.sites, posterior_, variables_);
    define_stats();
    if (!fit_.likelihood.empty()) define_sites("log_likelihood", fit_.likelihood, likelihood_, terms_);
    put_data("observed_data", true);
    put_data("constant_data", false);
    return file_.check();
  }

  bool add(std::int64_t first, std::int64_t count, const Draws& draws) override {
    put_sites(posterior_, variables_, fit_.sites, first, count, draws.values);
    put_sites(likelihood_, terms_, fit_.likelihood, first, count, draws.terms);
    const std::vector<std::size_t> start = {0, static_cast<std::size_t>(first)},
                                   length = {1, static_cast<std::size_t>(count)};
    file_.put(stats_, lp_, start, length, draws.log_density);
    file_.put(stats_, log_guide_, start, length, draws.log_guide);
    return file_.check();
  }

  bool finish() override { return file_.finish(); }

 private:
  // A group of variables over draws: one for each site, a list of cells where only some are there.
  void define_sites(const char* name, const std::vector<FitSite>& sites, int& id, std::vector<int>& variables) {
    NetcdfGroup group = file_.group(name, labels_);
    id = group.id();
    const int chain = group.dimension("chain", 1), draw = group.dimension("draw", fit_.draws);
    for (const FitSite& site : sites) {
      std::vector<int> dims = {chain, draw};
      if (site.partial) {
        dims.push_back(group.cells(site.name + "_cell", site.positions));
      } else {
        const std::vector<int> more = group.dimensions(site.axes, site.sizes);
        dims.insert(dims.end(), more.begin(), more.end());
      }
      variables.push_back(group.variable(site.name, NC_DOUBLE, dims));
      if (!site.partial) continue;
      std::string axes, sizes;
      for (std::size_t k = 0; k < site.axes.size(); ++k) {
        axes += (k ? " " : "") + site.axes[k];
        sizes += (k ? " " : "") + std::to_string(site.sizes[k]);
      }
      group.text(variables.back(), "lacuna_axes", axes);
      group.text(variables.back(), "lacuna_sizes", sizes);
    }
  }

  // Some draws [draw][number] of the variables of one group.
  void put_sites(int group, const std::vector<int>& variables, const std::vector<FitSite>& sites, std::int64_t first,
                 std::int64_t count, const double* numbers) {
    const std::int64_t width = Fit::count_of(sites);
    std::vector<double> part;
    std::int64_t before = 0;
    for (std::size_t s = 0; s < sites.size(); ++s) {
      const FitSite& site = sites[s];
      part.resize(static_cast<std::size_t>(count * site.count));
      for (std::int64_t d = 0; d < count; ++d) {
        std::copy_n(numbers + d * width + before, site.count, part.begin() + d * site.count);
      }
      before += site.count;
      std::vector<std::size_t> length = {1, static_cast<std::size_t>(count)};
      if (site.partial) {
        length.push_back(static_cast<std::size_t>(site.count));
      } else {
        length.insert(length.end(), site.sizes.begin(), site.sizes.end());
      }
      std::vector<std::size_t> start(length.size());
      start[1] = static_cast<std::size_t>(first);
      if (site.count > 0) file_.put(group, variables[s], start, length, part.data());
    }
  }

  void define_stats() {
    NetcdfGroup group = file_.group("sample_stats", labels_);
    stats_ = group.id();
    const std::vector<int> dims = {group.dimension("chain", 1), group.dimension("draw", fit_.draws)};
    lp_ = group.variable("lp", NC_DOUBLE, dims);
    log_guide_ = group.variable("log_guide", NC_DOUBLE, dims);
  }

  void put_data(const char* name, bool observed) {
    NetcdfGroup group = file_.group(name, labels_);
    for (const FitArgument& argument : fit_.arguments) {
      if (argument.observed == observed) group.put_argument(argument);
    }
  }

  Fit fit_;  // without draws
  std::vector<AxisLabels> labels_;
  NetcdfOutput file_;
  int posterior_ = -1, stats_ = -1, lp_ = -1, log_guide_ = -1, likelihood_ = -1;
  std::vector<int> variables_, terms_;
};

}  // namespace

std::unique_ptr<FitWriter> write_netcdf_fit(const std::string& path, const Fit& header, Problems& problems) {
  std::unique_ptr<NetcdfLibrary> nc = NetcdfLibrary::load(problems);
  if (!nc) return nullptr;
  auto made = std::make_unique<NetcdfFitWriter>(path, header, std::move(nc), problems);
  if (!made->open()) return nullptr;
  return made;
}

}  // namespace lacuna::runtime::io
