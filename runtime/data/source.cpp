#include "runtime/data/cells.h"

namespace lacuna::runtime::data {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.ends_with(end);
}

}  // namespace

const char* refused_words(Wanted as) {
  switch (as) {
    case Wanted::Whole:
      return "what is not a whole number";
    case Wanted::Bool:
      return "what is neither true nor false";
    case Wanted::Real:
    case Wanted::Label:
      break;
  }
  return "text where a number is needed";
}

bool is_missing_word(std::string_view word) {
  return word.empty() || word == "NA" || word == "NaN" || word == "nan" || word == "null";
}

std::unique_ptr<Source> open_source(const std::string& path, Format format, Problems& problems) {
  if (format == Format::ByExtension) {
    if (ends_with(path, ".csv")) format = Format::Csv;
    if (ends_with(path, ".json")) format = Format::Json;
    if (ends_with(path, ".nc")) format = Format::Netcdf;
    if (format == Format::ByExtension) {
      problems.report(Id::FileUnreadable, path, "its name does not say what it holds")
          .help("data end in `.csv`, `.json` or `.nc`; `--data-format` says it for other names");
      return nullptr;
    }
  }
  if (format == Format::Netcdf) return open_netcdf(path, problems);
  std::unique_ptr<Text> text = Text::read(path, problems);
  if (!text) return nullptr;
  return format == Format::Csv ? open_csv(path, std::move(text), problems) : open_json(path, std::move(text), problems);
}

}  // namespace lacuna::runtime::data
