// A table of draws or summaries as text: site, the labels of the cell, one column each.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "runtime/io/prediction.h"
#include "runtime/io/write_file.h"

namespace lacuna::runtime::io {
namespace {

constexpr std::size_t kBuffer = 1 << 20;

// Quoted where a comma, a quote or a line end asks for it (RFC 4180).
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"') made += '"';
    made += c;
  }
  return made + '"';
}

class CsvTable final : public TableWriter {
 public:
  CsvTable(std::string path, const PredictionHeader& header, bool skip_missing, Problems& problems)
      : path_(std::move(path)), header_(header), skip_missing_(skip_missing), problems_(problems) {}
  ~CsvTable() override {
    if (file_ >= 0) ::close(file_);
    if (!done_) ::unlink(unfinished_name(path_).c_str());
  }

  bool open() {
    file_ = ::open(unfinished_name(path_).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file_ < 0) return fail();
    find_label_columns();
    columns_ = header_.columns.empty() ? static_cast<std::size_t>(header_.draws) : header_.columns.size();
    text_ += "site";
    for (const std::string& name : label_columns_) text_ += "," + quoted(name);
    for (std::size_t c = 0; c < columns_; ++c)
      text_ += "," + (header_.columns.empty() ? "draw_" + std::to_string(c) : header_.columns[c]);
    text_ += '\n';
    return flush();
  }

  bool add(const SitePart& part, std::int64_t first, std::int64_t count, const double* values,
           std::int64_t stride) override {
    const PredictedSite& site = header_.sites[part.site];
    std::vector<std::int64_t> at(part.sizes.size());
    std::int64_t rest = first;
    for (std::size_t k = at.size(); k-- > 0;) {
      at[k] = rest % part.sizes[k];
      rest /= part.sizes[k];
    }
    for (std::int64_t cell = 0; cell < count; ++cell) {
      add_row(site, part, at, values + cell, stride);
      if (text_.size() > kBuffer && !flush()) return false;
      for (std::size_t k = at.size(); k-- > 0 && ++at[k] == part.sizes[k];) at[k] = 0;
    }
    return true;
  }

  bool finish() override {
    if (!flush()) return false;
    const bool closed = ::close(file_) == 0;
    file_ = -1;
    if (!closed) return fail();
    done_ = finish_file(path_, problems_);
    return done_;
  }

 private:
  // A column for each axis of a site, in the order of their appearance; an axis that a site has twice, twice.
  void find_label_columns() {
    for (const PredictedSite& site : header_.sites) {
      std::vector<std::size_t> own;
      for (std::size_t k = 0; k < site.axes.size(); ++k) {
        const auto before = std::count(site.axes.begin(), site.axes.begin() + static_cast<std::ptrdiff_t>(k),
                                       site.axes[k]);
        const std::string name = before == 0 ? site.axes[k] : site.axes[k] + "_" + std::to_string(before);
        auto found = std::find(label_columns_.begin(), label_columns_.end(), name);
        if (found == label_columns_.end()) found = label_columns_.insert(label_columns_.end(), name);
        own.push_back(static_cast<std::size_t>(found - label_columns_.begin()));
      }
      column_of_axis_.push_back(std::move(own));
    }
  }

  std::string label(const std::string& axis, std::int64_t element) const {
    const std::size_t e = static_cast<std::size_t>(element);
    for (const AxisLabels& known : header_.axes) {
      if (known.name != axis) continue;
      if (!known.labels.empty()) return quoted(known.labels[e]);
      if (!known.positions.empty()) return std::to_string(known.positions[e]);
    }
    return std::to_string(element);
  }

  void add_row(const PredictedSite& site, const SitePart& part, const std::vector<std::int64_t>& at,
               const double* values, std::int64_t stride) {
    const std::size_t before = text_.size();
    text_ += quoted(site.name);
    const std::vector<std::size_t>& columns = column_of_axis_[part.site];
    std::vector<std::string> labels(label_columns_.size());
    for (std::size_t k = 0; k < at.size(); ++k)
      labels[columns[k]] = label(site.axes[k], at[k] + (static_cast<int>(k) == part.axis ? part.begin : 0));
    for (const std::string& text : labels) {
      text_ += ',';
      text_ += text;
    }
    bool any = false;
    for (std::size_t c = 0; c < columns_; ++c) {
      text_ += ',';
      any = put(site, values[static_cast<std::int64_t>(c) * stride]) || any;
    }
    if (skip_missing_ && !any)
      text_.resize(before);
    else
      text_ += '\n';
  }

  // A missing value is an empty cell.
  bool put(const PredictedSite& site, double value) {
    if (std::isnan(value)) return false;
    const bool is_word = header_.columns.empty() && value >= 0 && value < static_cast<double>(site.words.size());
    if (is_word)
      text_ += quoted(site.words[static_cast<std::size_t>(value)]);
    else
      fmt::format_to(std::back_inserter(text_), "{}", value);
    return true;
  }

  bool flush() {
    const char* at = text_.data();
    for (std::size_t left = text_.size(); left > 0;) {
      const ssize_t put = ::write(file_, at, left);
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return fail();
      at += put;
      left -= static_cast<std::size_t>(put);
    }
    text_.clear();
    return true;
  }

  bool fail() {
    const char* const reason = std::strerror(errno);
    problems_.report(Id::CannotWrite, path_, reason);
    return false;
  }

  std::string path_;
  const PredictionHeader& header_;
  bool skip_missing_;
  Problems& problems_;
  int file_ = -1;
  bool done_ = false;
  std::size_t columns_ = 0;
  std::vector<std::string> label_columns_;
  std::vector<std::vector<std::size_t>> column_of_axis_;  // by site, by axis
  std::string text_;
};

}  // namespace

std::unique_ptr<TableWriter> write_csv_table(const std::string& path, const PredictionHeader& header,
                                             bool skip_missing, Problems& problems) {
  auto made = std::make_unique<CsvTable>(path, header, skip_missing, problems);
  if (!made->open()) return nullptr;
  return made;
}

}  // namespace lacuna::runtime::io
