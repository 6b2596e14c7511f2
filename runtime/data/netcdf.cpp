// NetCDF: the variables of the root group by name, coordinate variables of text as labels of their dimensions.
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/data/cells.h"
#include "runtime/data/interner.h"
#include "runtime/io/netcdf_file.h"

namespace lacuna::runtime::data {
namespace {

class NetcdfSource final : public Source {
 public:
  NetcdfSource(std::string path, std::unique_ptr<io::NetcdfFile> file)
      : path_(std::move(path)), file_(std::move(file)) {
    variables_ = file_->variables(file_->root());
    for (const io::NetcdfVariable& v : variables_) names_.push_back(v.name);
  }

  const std::string& path() const override { return path_; }
  bool is_table() const override { return false; }
  const std::vector<std::string>& names() const override { return names_; }

  std::vector<Cells> read(const std::vector<Request>& requests, Problems& problems) override {
    std::vector<Cells> result;
    for (const Request& request : requests) {
      const auto found =
          std::find_if(variables_.begin(), variables_.end(), [&](const auto& v) { return v.name == request.name; });
      if (found == variables_.end()) return {};
      Cells cells;
      cells.name = request.name;
      cells.as = request.as;
      cells.sizes = found->sizes;
      if (!fill(request, *found, cells, problems)) return {};
      for (const std::string& dimension : found->dimensions) cells.axis_labels.push_back(labels_of(dimension));
      result.push_back(std::move(cells));
    }
    if (file_->error().empty()) return result;
    problems.report(Id::NotWhatItSays, path_, "NetCDF that can be read", file_->error());
    return {};
  }

  std::string place(const Cells& cells, std::int64_t cell) override {
    std::string text;
    for (std::size_t k = cells.sizes.size(); k-- > 0;) {
      const std::int64_t size = std::max<std::int64_t>(cells.sizes[k], 1);
      text = fmt::format("[{}]", cell % size) + text;
      cell /= size;
    }
    return cells.name + text;
  }

 private:
  std::vector<std::string> labels_of(const std::string& dimension) {
    for (const io::NetcdfVariable& v : variables_) {
      if (v.name == dimension && v.dimensions == std::vector<std::string>{dimension} && v.type == NC_STRING)
        return file_->texts(v);
    }
    return {};
  }

  bool fill(const Request& request, const io::NetcdfVariable& v, Cells& cells, Problems& problems) {
    if (v.is_text()) {
      if (request.as == Wanted::Label && v.type == NC_STRING) return fill_labels(request, v, cells);
      if (!request.lenient) {
        problems.report(Id::NotANumber, request.name, refused_words(Wanted::Real)).in(path_);
        return false;
      }
      cells.present.assign(static_cast<std::size_t>(cells.size()), 0);
      cells.real.assign(request.as == Wanted::Real ? cells.present.size() : 0, std::numeric_limits<double>::quiet_NaN());
      cells.whole.assign(request.as == Wanted::Real ? 0 : cells.present.size(), 0);
      return true;
    }
    std::vector<double> gaps;
    for (const char* name : {"_FillValue", "missing_value"}) {
      if (const auto value = file_->number(v.group, v.id, name)) gaps.push_back(*value);
    }
    if (request.missing) gaps.push_back(std::atof(request.missing->c_str()));
    const std::vector<double> reals = file_->reals(v);
    std::vector<std::int64_t> wholes;
    Diagnostic* refused = nullptr;
    if (request.as != Wanted::Real && v.is_whole()) wholes = file_->wholes(v);
    for (std::size_t i = 0; i < reals.size(); ++i) {
      const bool missing = std::isnan(reals[i]) || std::find(gaps.begin(), gaps.end(), reals[i]) != gaps.end();
      if (missing && cells.present.empty()) cells.present.assign(reals.size(), 1);
      if (missing) cells.present[i] = 0;
      if (request.as == Wanted::Real) {
        cells.real.push_back(missing ? std::numeric_limits<double>::quiet_NaN() : reals[i]);
      } else if (missing || v.is_whole()) {
        cells.whole.push_back(missing ? 0 : wholes[i]);
      } else if (reals[i] == std::floor(reals[i]) && std::abs(reals[i]) < 9e15) {
        cells.whole.push_back(static_cast<std::int64_t>(reals[i]));
      } else {
        if (!refused) refused = &problems.report(Id::NotANumber, request.name, refused_words(request.as)).in(path_);
        refused->row(fmt::format("{}: {}", place(cells, static_cast<std::int64_t>(i)), reals[i]));
        cells.whole.push_back(0);
      }
    }
    return refused == nullptr;
  }

  bool fill_labels(const Request& request, const io::NetcdfVariable& v, Cells& cells) {
    Interner labels;
    cells.labelled = true;
    const std::vector<std::string> texts = file_->texts(v);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const bool missing = is_missing_word(texts[i]) || (request.missing && texts[i] == *request.missing);
      if (missing && cells.present.empty()) cells.present.assign(texts.size(), 1);
      if (missing) cells.present[i] = 0;
      cells.whole.push_back(missing ? 0 : labels.code(texts[i]));
    }
    cells.labels = labels.take();
    return true;
  }

  std::string path_;
  std::unique_ptr<io::NetcdfFile> file_;
  std::vector<io::NetcdfVariable> variables_;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Source> open_netcdf(std::string path, Problems& problems) {
  if (!Text::read(path, problems)) return nullptr;
  std::unique_ptr<io::NetcdfLibrary> library = io::NetcdfLibrary::load(problems);
  if (!library) return nullptr;
  std::string why;
  std::unique_ptr<io::NetcdfFile> file = io::NetcdfFile::open(path, std::move(library), why);
  if (file) return std::make_unique<NetcdfSource>(std::move(path), std::move(file));
  problems.report(Id::NotWhatItSays, path, "NetCDF", why);
  return nullptr;
}

}  // namespace lacuna::runtime::data
