#include "tools/lacuna/data_options.h"

#include <cmath>

namespace lacuna::tool {

namespace data = runtime::data;

void add_data_options(CLI::App& verb, DataOptions& o) {
  verb.add_option("--bind", o.bind, "Columns or a long table as an argument: 'x = age, income', 'stars[User, Film] = rating by user, film'")->take_all();
  verb.add_option("--key", o.key, "The column that labels a table's rows: County=county")->take_all();
  verb.add_option("--size", o.size, "The size of a dimension: K=4")->take_all();
  verb.add_option("--missing", o.missing, "A value that stands for missing: label=-1")->take_all();
  verb.add_option("--index-base", o.index_base, "Positions count from 1: county=1")->take_all();
  verb.add_option("--data-format", o.format, "What standard input holds")->check(CLI::IsMember({"auto", "csv", "json"}))->capture_default_str();
  verb.add_option("--seed", o.seed, "Of all random numbers")->capture_default_str();
  verb.add_option("--threads", o.threads, "How many; 0: all")->check(CLI::NonNegativeNumber)->capture_default_str();
}

Files sort_files(const std::vector<std::string>& paths) {
  Files files;
  for (const std::string& path : paths) (path.ends_with(".ppl") ? files.models : files.data).push_back(path);
  return files;
}

std::optional<data::Dataset> read_data(const lacuna_metadata& metadata, const std::vector<std::string>& files, const DataOptions& o,
                                       const data::Needs& needs, runtime::Problems& problems) {
  data::Options options;
  for (const std::string& text : o.bind) options.add_bind(text, problems);
  for (const std::string& text : o.key) options.add_key(text, problems);
  for (const std::string& text : o.size) options.add_size(text, problems);
  for (const std::string& text : o.missing) options.add_missing(text, problems);
  for (const std::string& text : o.index_base) options.add_index_base(text, problems);
  const data::Format standard_input = o.format == "csv" ? data::Format::Csv : o.format == "json" ? data::Format::Json : data::Format::ByExtension;
  std::vector<std::unique_ptr<data::Source>> sources;
  for (const std::string& file : files) sources.push_back(data::open_source(file, file == "-" ? standard_input : data::Format::ByExtension, problems));
  if (problems.any_error()) return std::nullopt;
  return data::match(metadata, sources, options, needs, problems);
}

void print_problems(const runtime::Problems& problems, const lacuna_metadata* metadata, const Common& common) {
  std::string json;
  for (const runtime::Diagnostic& d : problems.list()) {
    if (common.quiet && runtime::entry(d.id).severity != runtime::Severity::Error) continue;
    if (common.format == "json")
      json += (json.empty() ? "" : ",\n ") + runtime::render_json(d, metadata);
    else
      fmt::print(stderr, "{}\n", runtime::render(d, metadata));
  }
  if (common.format == "json" && !problems.list().empty()) fmt::print("[{}]\n", json);
}

std::string json_number(double x) {
  if (std::isnan(x)) return "\"nan\"";
  if (std::isinf(x)) return x > 0 ? "\"inf\"" : "\"-inf\"";
  return fmt::format("{}", x);
}

}  // namespace lacuna::tool
