#include "tools/lacuna/data_options.h"

#include <algorithm>
#include <cmath>

#include "runtime/data/refused_cells.h"

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

std::optional<OpenedData> open_data(const std::vector<std::string>& files, const DataOptions& o, runtime::Problems& problems) {
  OpenedData made;
  for (const std::string& text : o.bind) made.options.add_bind(text, problems);
  for (const std::string& text : o.key) made.options.add_key(text, problems);
  for (const std::string& text : o.size) made.options.add_size(text, problems);
  for (const std::string& text : o.missing) made.options.add_missing(text, problems);
  for (const std::string& text : o.index_base) made.options.add_index_base(text, problems);
  made.options.opened.insert(o.open.begin(), o.open.end());
  const data::Format standard_input = o.format == "csv" ? data::Format::Csv : o.format == "json" ? data::Format::Json : data::Format::ByExtension;
  for (const std::string& file : files)
    made.sources.push_back(data::open_source(file, file == "-" ? standard_input : data::Format::ByExtension, problems));
  if (problems.any_error()) return std::nullopt;
  return made;
}

std::optional<data::Dataset> read_data(const lacuna_metadata& metadata, const std::vector<std::string>& files, const DataOptions& o,
                                       const data::Needs& needs, runtime::Problems& problems) {
  std::optional<OpenedData> opened = open_data(files, o, problems);
  if (!opened) return std::nullopt;
  std::optional<data::Dataset> made = data::match(metadata, opened->sources, opened->options, needs, problems);
  const bool can_be_read_again = std::find(files.begin(), files.end(), "-") == files.end();
  if (made && can_be_read_again) {
    made->in_files = [&metadata, files, o, dimensions = made->dimensions](int argument, const std::vector<std::int64_t>& elements) {
      runtime::Problems ignored;
      std::optional<OpenedData> again = open_data(files, o, ignored);
      return again ? data::find_in_files(metadata, again->sources, again->options, dimensions, argument, elements) : std::vector<data::CellInFile>();
    };
  }
  return made;
}

namespace {

// Under the names of the options, a line each.
void keep_lines(const char* name, const std::vector<std::string>& lines, std::map<std::string, std::string>& texts) {
  if (!lines.empty()) texts[name] = fmt::format("{}", fmt::join(lines, "\n"));
}

std::vector<std::string> lines_of(const std::map<std::string, std::string>& texts, const char* name) {
  std::vector<std::string> lines;
  const auto found = texts.find(name);
  if (found == texts.end()) return lines;
  for (std::size_t at = 0; at <= found->second.size();) {
    const std::size_t end = std::min(found->second.find('\n', at), found->second.size());
    lines.push_back(found->second.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace

void keep(const DataOptions& o, std::map<std::string, std::string>& texts) {
  keep_lines("data_bind", o.bind, texts);
  keep_lines("data_key", o.key, texts);
  keep_lines("data_missing", o.missing, texts);
  keep_lines("data_index_base", o.index_base, texts);
}

void recall(const std::map<std::string, std::string>& texts, data::Options& options, runtime::Problems& problems) {
  data::Options kept;
  for (const std::string& line : lines_of(texts, "data_bind")) kept.add_bind(line, problems);
  for (const std::string& line : lines_of(texts, "data_key")) kept.add_key(line, problems);
  for (const std::string& line : lines_of(texts, "data_missing")) kept.add_missing(line, problems);
  for (const std::string& line : lines_of(texts, "data_index_base")) kept.add_index_base(line, problems);
  for (data::Binding& binding : kept.bindings)
    if (!options.binding_of(binding.argument)) options.bindings.push_back(std::move(binding));
  for (const auto& [dimension, column] : kept.keys)
    if (options.keys.emplace(dimension, column).second) options.remembered_keys.insert(dimension);
  const std::multimap<std::string, std::string> given = options.missing;
  for (const auto& [argument, value] : kept.missing)
    if (!given.count(argument)) options.missing.emplace(argument, value);
  for (const auto& [argument, base] : kept.index_base) options.index_base.emplace(argument, base);
}

void print_unused(const data::Dataset& dataset) {
  for (const std::string& name : dataset.unused) fmt::print(stderr, "not used: {}\n", name);
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
