// A fit as NetCDF-4 in the layout of ArviZ's InferenceData. Each group is complete in itself, dimensions and labels
// included, since readers open groups one by one.
#include <unistd.h>

#include <algorithm>

#include "runtime/io/fit.h"
#include "runtime/io/netcdf_library.h"
#include "runtime/io/write_file.h"

namespace lacuna::runtime::io {
namespace {

// One group while it is defined.
class Group {
 public:
  Group(const NetcdfLibrary& nc, int file, const char* name, const Fit& fit, int& status)
      : nc_(nc), fit_(fit), status_(status) {
    keep(nc.nc_def_grp(file, name, &id_));
  }
  int id() const { return id_; }

  // The dimension of this name with its labels, made at its first use. An axis that occurs twice in one variable needs
  // two.
  int dimension(const std::string& name, std::int64_t size, int occurrence = 0) {
    const std::string own = occurrence == 0 ? name : name + "_" + std::to_string(occurrence);
    for (const auto& [known, id] : dimensions_) {
      if (known == own) return id;
    }
    int id = -1;
    keep(nc_.nc_def_dim(id_, own.c_str(), static_cast<std::size_t>(size), &id));
    dimensions_.emplace_back(own, id);
    put_labels(own, name, size, id);
    return id;
  }

  // The dimension of a list of cells, whose coordinates are the cells' row-major positions.
  int cells(const std::string& name, const std::vector<std::int64_t>& positions) {
    int id = -1;
    keep(nc_.nc_def_dim(id_, name.c_str(), positions.size(), &id));
    put(variable(name, NC_INT64, {id}), {static_cast<std::int64_t>(positions.size())}, positions.data());
    return id;
  }

  std::vector<int> dimensions(const std::vector<std::string>& axes, const std::vector<std::int64_t>& sizes) {
    std::vector<int> ids;
    for (std::size_t k = 0; k < axes.size(); ++k) {
      int before = 0;
      for (std::size_t j = 0; j < k; ++j) before += axes[j] == axes[k];
      ids.push_back(dimension(axes[k], sizes[k], before));
    }
    return ids;
  }

  int variable(const std::string& name, nc_type type, const std::vector<int>& dims) {
    int id = -1;
    keep(nc_.nc_def_var(id_, name.c_str(), type, static_cast<int>(dims.size()), dims.data(), &id));
    return id;
  }

  void put(int variable, const std::vector<std::int64_t>& sizes, const double* values) {
    const std::vector<std::size_t> start(sizes.size() + 1), count(sizes.begin(), sizes.end());
    if (product(sizes) > 0) keep(nc_.nc_put_vara_double(id_, variable, start.data(), count.data(), values));
  }
  void put(int variable, const std::vector<std::int64_t>& sizes, const std::int64_t* values) {
    const std::vector<std::size_t> start(sizes.size() + 1), count(sizes.begin(), sizes.end());
    static_assert(sizeof(long long) == sizeof(std::int64_t));
    if (product(sizes) > 0)
      keep(nc_.nc_put_vara_longlong(id_, variable, start.data(), count.data(),
                                    reinterpret_cast<const long long*>(values)));
  }
  void text(int variable, const char* name, const std::string& value) {
    keep(nc_.nc_put_att_text(id_, variable, name, value.size(), value.c_str()));
  }

 private:
  static std::int64_t product(const std::vector<std::int64_t>& sizes) {
    std::int64_t all = 1;
    for (const std::int64_t s : sizes) all *= s;
    return all;
  }
  void keep(int code) {
    if (status_ == NC_NOERR) status_ = code;
  }

  void put_labels(const std::string& own, const std::string& name, std::int64_t size, int dim) {
    const std::vector<std::string>* labels = nullptr;
    for (const data::Dimension& d : fit_.dimensions) {
      if (d.name == name && !d.labels.empty()) labels = &d.labels;
    }
    if (!labels) {
      std::vector<std::int64_t> positions(static_cast<std::size_t>(size));
      for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = static_cast<std::int64_t>(i);
      const int id = variable(own, NC_INT64, {dim});
      put(id, {size}, positions.data());
      if (own != name) text(id, "axis_of", name);
      return;
    }
    std::vector<const char*> texts;
    for (const std::string& label : *labels) texts.push_back(label.c_str());
    const std::size_t start = 0, count = texts.size();
    const int id = variable(own, NC_STRING, {dim});
    keep(nc_.nc_put_vara_string(id_, id, &start, &count, texts.data()));
    if (own != name) text(id, "axis_of", name);
  }

  const NetcdfLibrary& nc_;
  const Fit& fit_;
  int& status_;
  int id_ = -1;
  std::vector<std::pair<std::string, int>> dimensions_;
};

class NetcdfFitWriter final : public FitWriter {
 public:
  NetcdfFitWriter(std::string path, const Fit& fit, std::unique_ptr<NetcdfLibrary> nc, Problems& problems)
      : path_(std::move(path)), fit_(fit), nc_(std::move(nc)), problems_(problems) {}
  ~NetcdfFitWriter() override {
    if (file_ >= 0) nc_->nc_close(file_);
    if (!done_) ::unlink(unfinished_name(path_).c_str());
  }

  bool open() {
    keep(nc_->nc_create(unfinished_name(path_).c_str(), NC_NETCDF4 | NC_CLOBBER, &file_));
    if (status_ != NC_NOERR) return check();
    int before = 0;
    keep(nc_->nc_set_fill(file_, NC_NOFILL, &before));
    put_attributes();
    define_sites("posterior", fit_.sites, posterior_, variables_);
    define_stats();
    if (!fit_.likelihood.empty()) define_sites("log_likelihood", fit_.likelihood, likelihood_, terms_);
    put_data("observed_data", true);
    put_data("constant_data", false);
    return check();
  }

  bool add(std::int64_t first, std::int64_t count, const Draws& draws) override {
    put_sites(posterior_, variables_, fit_.sites, first, count, draws.values);
    put_sites(likelihood_, terms_, fit_.likelihood, first, count, draws.terms);
    const std::size_t start[2] = {0, static_cast<std::size_t>(first)}, length[2] = {1, static_cast<std::size_t>(count)};
    keep(nc_->nc_put_vara_double(stats_, lp_, start, length, draws.log_density));
    keep(nc_->nc_put_vara_double(stats_, log_guide_, start, length, draws.log_guide));
    return check();
  }

  bool finish() override {
    const int code = nc_->nc_close(file_);
    file_ = -1;
    keep(code);
    done_ = check() && finish_file(path_, problems_);
    return done_;
  }

 private:
  void keep(int code) {
    if (status_ == NC_NOERR) status_ = code;
  }
  bool check() {
    if (status_ == NC_NOERR) return true;
    const char* const reason = nc_->nc_strerror(status_);
    problems_.report(Id::CannotWrite, path_, reason);
    return false;
  }

  void put_attributes() {
    const long long format = kFitFormat;
    keep(nc_->nc_put_att_longlong(file_, NC_GLOBAL, "lacuna_format", NC_INT64, 1, &format));
    for (const auto& [name, text] : fit_.texts)
      keep(nc_->nc_put_att_text(file_, NC_GLOBAL, name.c_str(), text.size(), text.c_str()));
    for (const auto& [name, value] : fit_.numbers)
      keep(nc_->nc_put_att_double(file_, NC_GLOBAL, name.c_str(), NC_DOUBLE, 1, &value));
  }

  // ArviZ wants to know of each group what made it.
  void name_library(Group& group) {
    group.text(NC_GLOBAL, "inference_library", "lacuna");
    const auto version = fit_.texts.find("version");
    if (version != fit_.texts.end()) group.text(NC_GLOBAL, "inference_library_version", version->second);
  }

  // A group of variables over draws: one for each site, a list of cells where only some are there.
  void define_sites(const char* name, const std::vector<FitSite>& sites, int& id, std::vector<int>& variables) {
    Group group(*nc_, file_, name, fit_, status_);
    id = group.id();
    name_library(group);
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
      if (site.count > 0) keep(nc_->nc_put_vara_double(group, variables[s], start.data(), length.data(), part.data()));
    }
  }

  void define_stats() {
    Group group(*nc_, file_, "sample_stats", fit_, status_);
    stats_ = group.id();
    name_library(group);
    const std::vector<int> dims = {group.dimension("chain", 1), group.dimension("draw", fit_.draws)};
    lp_ = group.variable("lp", NC_DOUBLE, dims);
    log_guide_ = group.variable("log_guide", NC_DOUBLE, dims);
  }

  void put_data(const char* name, bool observed) {
    Group group(*nc_, file_, name, fit_, status_);
    name_library(group);
    for (const FitArgument& argument : fit_.arguments) {
      if (argument.observed != observed) continue;
      const data::Array& array = argument.array;
      std::vector<int> dims;
      std::vector<std::int64_t> sizes = array.sizes;
      if (array.sparse) {
        sizes = {static_cast<std::int64_t>(std::max(array.real.size(), array.whole.size()))};
        dims = {group.dimension(argument.name + "_cell", sizes[0])};
        for (std::size_t k = 0; k < array.coordinates.size(); ++k) {
          group.put(group.variable(argument.name + "_" + argument.axes[k], NC_INT64, dims), sizes,
                    array.coordinates[k].data());
        }
      } else {
        dims = group.dimensions(argument.axes, sizes);
      }
      const bool real = argument.kind == LACUNA_REAL;
      const int variable = group.variable(argument.name, real ? NC_DOUBLE : NC_INT64, dims);
      if (!argument.index_of.empty()) group.text(variable, "index_of", argument.index_of);
      if (real) {
        group.put(variable, sizes, array.real.data());
        continue;
      }
      std::vector<std::int64_t> whole = array.whole;
      for (std::size_t i = 0; i < array.present.size(); ++i) {
        if (!array.present[i]) whole[i] = INT64_MIN;
      }
      const long long missing = INT64_MIN;
      if (!array.present.empty())
        keep(nc_->nc_put_att_longlong(group.id(), variable, "missing_value", NC_INT64, 1, &missing));
      group.put(variable, sizes, whole.data());
    }
  }

  std::string path_;
  Fit fit_;  // without draws
  std::unique_ptr<NetcdfLibrary> nc_;
  Problems& problems_;
  int file_ = -1, posterior_ = -1, stats_ = -1, lp_ = -1, log_guide_ = -1, likelihood_ = -1, status_ = NC_NOERR;
  std::vector<int> variables_, terms_;
  bool done_ = false;
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
