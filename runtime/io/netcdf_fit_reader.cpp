#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "runtime/data/labels.h"
#include "runtime/io/fit.h"
#include "runtime/io/netcdf_file.h"

namespace lacuna::runtime::io {
namespace {

class FitReader {
 public:
  FitReader(NetcdfFile& file) : file_(file) {}

  // What is wrong, or empty.
  std::string read() {
    read_attributes();
    const int posterior = file_.group("posterior"), stats = file_.group("sample_stats");
    if (posterior < 0 || stats < 0) return "it has no group `posterior` or no `sample_stats`";
    for (const NetcdfVariable& variable : file_.variables(stats)) {
      if (variable.name == "lp") fit.log_density = file_.reals(variable);
      if (variable.name == "log_guide") fit.log_guide = file_.reals(variable);
    }
    fit.draws = static_cast<std::int64_t>(fit.log_density.size());
    read_posterior(posterior);
    for (const char* name : {"observed_data", "constant_data"}) {
      const int group = file_.group(name);
      if (group < 0) return fmt::format("it has no group `{}`", name);
      read_data(group, name == std::string_view("observed_data"));
    }
    if (fit.log_guide.size() != fit.log_density.size()) return "its groups do not fit together";
    return file_.error();
  }

  Fit fit;

 private:
  void read_attributes() {
    for (const std::string& name : file_.attributes(file_.root(), NC_GLOBAL)) {
      if (name == "lacuna_format" || name.starts_with("_NC")) continue;
      if (const auto text = file_.text(file_.root(), NC_GLOBAL, name))
        fit.texts[name] = *text;
      else if (const auto number = file_.number(file_.root(), NC_GLOBAL, name))
        fit.numbers[name] = *number;
    }
  }

  // Dimensions and their labels from coordinate variables; what is marked `axis_of` is a second axis of one.
  void note_dimension(const NetcdfVariable& variable) {
    if (file_.text(variable.group, variable.id, "axis_of")) return;
    data::Dimension made;
    made.name = variable.name;
    made.size = variable.sizes[0];
    if (variable.type == NC_STRING) made.labels = file_.texts(variable);
    for (const std::string& label : made.labels) made.keys.push_back(data::label_key(label));
    const auto same = [&](const data::Dimension& d) { return d.name == made.name; };
    if (std::none_of(fit.dimensions.begin(), fit.dimensions.end(), same)) fit.dimensions.push_back(std::move(made));
  }

  static bool is_coordinate(const NetcdfVariable& v) { return v.dimensions.size() == 1 && v.dimensions[0] == v.name; }
  static bool is_own(const std::string& dimension) {
    return dimension == "chain" || dimension == "draw" || dimension.ends_with("_cell");
  }

  // "K_1" back to "K" where an axis stands twice.
  static std::vector<std::string> axes_of(std::vector<std::string> dims) {
    for (std::size_t k = 0; k < dims.size(); ++k) {
      for (std::size_t j = 0; j < k; ++j) {
        if (dims[k].starts_with(dims[j] + "_") &&
            dims[k].find_first_not_of("0123456789", dims[j].size() + 1) == std::string::npos)
          dims[k] = dims[j];
      }
    }
    return dims;
  }

  static std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> made;
    for (std::string word; in >> word;) made.push_back(word);
    return made;
  }

  void read_posterior(int group) {
    const std::vector<NetcdfVariable> all = file_.variables(group);
    for (const NetcdfVariable& v : all) {
      if (is_coordinate(v) && !is_own(v.name)) note_dimension(v);
    }
    for (const NetcdfVariable& v : all) {
      if (v.dimensions.size() < 2 || v.dimensions[0] != "chain" || v.dimensions[1] != "draw") continue;
      FitSite site;
      site.name = v.name;
      site.sizes.assign(v.sizes.begin() + 2, v.sizes.end());
      site.axes = axes_of({v.dimensions.begin() + 2, v.dimensions.end()});
      site.count = 1;
      for (const std::int64_t s : site.sizes) site.count *= s;
      if (const auto axes = file_.text(group, v.id, "lacuna_axes")) {
        site.partial = true;
        site.axes = words(*axes);
        site.sizes.clear();
        for (const std::string& word : words(file_.text(group, v.id, "lacuna_sizes").value_or("")))
          site.sizes.push_back(std::atoll(word.c_str()));
        for (const NetcdfVariable& p : all) {
          if (p.name == v.name + "_cell") site.positions = file_.wholes(p);
        }
      }
      const std::vector<double> read = file_.reals(v);
      const std::size_t count = static_cast<std::size_t>(site.count), draws = static_cast<std::size_t>(fit.draws),
                        before = fit.values.size();
      if (read.size() != count * draws) return;
      fit.values.resize(before + read.size());
      for (std::size_t d = 0; d < draws; ++d) {
        for (std::size_t i = 0; i < count; ++i) fit.values[before + i * draws + d] = read[d * count + i];
      }
      fit.sites.push_back(std::move(site));
    }
  }

  void read_data(int group, bool observed) {
    const std::vector<NetcdfVariable> all = file_.variables(group);
    std::set<std::string> parts;
    for (const NetcdfVariable& v : all) {
      if (is_coordinate(v) && !is_own(v.name)) note_dimension(v);
      // The coordinates of a sparse table go with it.
      if (v.dimensions.size() == 1 && v.dimensions[0].ends_with("_cell") && v.dimensions[0] != v.name + "_cell")
        parts.insert(v.name);
    }
    for (const NetcdfVariable& v : all) {
      if (is_coordinate(v) || parts.count(v.name)) continue;
      FitArgument made;
      made.name = v.name;
      made.axes = axes_of(v.dimensions);
      made.observed = observed;
      made.index_of = file_.text(group, v.id, "index_of").value_or("");
      made.kind = v.is_whole() ? (made.index_of.empty() ? LACUNA_INT : LACUNA_INDEX_OF) : LACUNA_REAL;
      data::Array array;
      array.given = true;
      array.sizes = v.sizes;
      if (v.is_whole())
        read_whole(v, array);
      else
        array.real = file_.reals(v);
      if (!v.is_whole()) mark_gaps(array);
      if (v.dimensions == std::vector<std::string>{v.name + "_cell"}) read_sparse(v, all, made, array);
      made.array = std::make_shared<const data::Array>(std::move(array));
      fit.arguments.push_back(std::move(made));
    }
  }

  void read_whole(const NetcdfVariable& v, data::Array& array) {
    array.whole = file_.wholes(v);
    const auto missing = file_.whole(v.group, v.id, "missing_value");
    if (!missing) return;
    array.present.assign(array.whole.size(), 1);
    for (std::size_t i = 0; i < array.whole.size(); ++i) {
      if (array.whole[i] == *missing) array.present[i] = 0, array.whole[i] = 0;
    }
  }

  static void mark_gaps(data::Array& array) {
    for (std::size_t i = 0; i < array.real.size(); ++i) {
      if (!std::isnan(array.real[i])) continue;
      if (array.present.empty()) array.present.assign(array.real.size(), 1);
      array.present[i] = 0;
    }
  }

  void read_sparse(const NetcdfVariable& v, const std::vector<NetcdfVariable>& all, FitArgument& made,
                   data::Array& array) {
    array.sparse = true;
    made.axes.clear();
    array.sizes.clear();
    for (const NetcdfVariable& c : all) {
      if (c.dimensions != v.dimensions || c.name == v.name || !c.name.starts_with(v.name + "_") || is_coordinate(c))
        continue;
      made.axes.push_back(c.name.substr(v.name.size() + 1));
      array.coordinates.push_back(file_.wholes(c));
      for (const data::Dimension& d : fit.dimensions) {
        if (d.name == made.axes.back()) array.sizes.push_back(d.size);
      }
    }
  }

  NetcdfFile& file_;
};

}  // namespace

bool is_netcdf_fit(const std::string& path) {
  Problems ignored;
  std::unique_ptr<NetcdfLibrary> library = NetcdfLibrary::load(ignored);
  if (!library) return false;
  std::string why;
  const std::unique_ptr<NetcdfFile> file = NetcdfFile::open(path, std::move(library), why);
  return file && file->whole(file->root(), NC_GLOBAL, "lacuna_format");
}

std::optional<Fit> read_netcdf_fit(const std::string& path, Problems& problems) {
  if (!data::Text::read(path, problems)) return std::nullopt;
  std::unique_ptr<NetcdfLibrary> library = NetcdfLibrary::load(problems);
  if (!library) return std::nullopt;
  std::string why;
  const std::unique_ptr<NetcdfFile> file = NetcdfFile::open(path, std::move(library), why);
  if (!file) {
    problems.report(Id::NotAFit, path, why);
    return std::nullopt;
  }
  const auto format = file->whole(file->root(), NC_GLOBAL, "lacuna_format");
  if (!format) {
    problems.report(Id::NotAFit, path, "it is NetCDF, but Lacuna has not written it");
    return std::nullopt;
  }
  if (*format != kFitFormat) {
    problems.report(Id::OtherVersion, path, *format, kFitFormat);
    return std::nullopt;
  }
  FitReader reader(*file);
  why = reader.read();
  if (why.empty()) return std::move(reader.fit);
  problems.report(Id::DamagedFit, path, why);
  return std::nullopt;
}

}  // namespace lacuna::runtime::io
