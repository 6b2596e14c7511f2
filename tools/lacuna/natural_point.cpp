#include "tools/lacuna/natural_point.h"

#include <nlohmann/json.hpp>

#include <cmath>

#include "tools/lacuna/data_options.h"

namespace lacuna::tool {

namespace data = runtime::data;
using nlohmann::json;
using runtime::Id;

namespace {

// The sizes of a latent's array; a partial one is flat.
std::vector<std::int64_t> sizes_of(const data::BoundModel& bound, int site) {
  const lacuna_site_info& info = bound.metadata().sites[site];
  if (info.partial) return {bound.site_values[static_cast<std::size_t>(site)]};
  std::vector<std::int64_t> sizes;
  for (int k = 0; k < info.rank; ++k) sizes.push_back(bound.dimension_sizes[static_cast<std::size_t>(info.axes[k])]);
  return sizes;
}

std::optional<double> number(const json& j) {
  if (j.is_number()) return j.get<double>();
  if (j.is_boolean()) return j.get<bool>() ? 1.0 : 0.0;
  if (!j.is_string()) return std::nullopt;
  const std::string& s = j.get_ref<const std::string&>();
  if (s == "nan") return std::nan("");
  if (s == "inf") return HUGE_VAL;
  if (s == "-inf") return -HUGE_VAL;
  return std::nullopt;
}

bool flatten(const json& j, const std::vector<std::int64_t>& sizes, std::size_t axis, std::vector<double>& out) {
  if (axis == sizes.size()) {
    const std::optional<double> x = number(j);
    if (x) out.push_back(*x);
    return x.has_value();
  }
  if (!j.is_array() || static_cast<std::int64_t>(j.size()) != sizes[axis]) return false;
  for (const json& item : j)
    if (!flatten(item, sizes, axis + 1, out)) return false;
  return true;
}

std::string shape_text(const std::vector<std::int64_t>& sizes) {
  if (sizes.empty()) return "one number";
  std::string text = "an array of shape [";
  for (std::size_t i = 0; i < sizes.size(); ++i) text += (i ? ", " : "") + std::to_string(sizes[i]);
  return text + "]";
}

void nest(std::string& out, const std::vector<std::int64_t>& sizes, std::size_t axis, const double*& next) {
  if (axis == sizes.size()) {
    out += json_number(*next++);
    return;
  }
  out += '[';
  for (std::int64_t i = 0; i < sizes[axis]; ++i) {
    if (i) out += ", ";
    nest(out, sizes, axis + 1, next);
  }
  out += ']';
}

std::optional<json> parse(const std::string& path, const std::string& text, runtime::Problems& problems) {
  json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_discarded()) return parsed;
  problems.report(Id::NotAPoint, path).help("a point is JSON: an object of values by latent, or with --unconstrained a flat array");
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<double>> read_point(const std::string& path, const std::string& text, const data::BoundModel& bound, runtime::Problems& problems) {
  const std::optional<json> parsed = parse(path, text, problems);
  if (!parsed) return std::nullopt;
  const lacuna_metadata& m = bound.metadata();
  std::vector<double> values;
  for (int p = 0; p < m.parameter_count; ++p) {
    const int site = m.parameters[p];
    const std::vector<std::int64_t> sizes = sizes_of(bound, site);
    if (!parsed->is_object() || !parsed->contains(m.sites[site].name)) {
      problems.report(Id::PointLacks, m.sites[site].name).in(path).program(m.sites[site].range, fmt::format("needs {}", shape_text(sizes)));
      continue;
    }
    if (!flatten((*parsed)[m.sites[site].name], sizes, 0, values))
      problems.report(Id::PointShape, m.sites[site].name, shape_text(sizes)).in(path).program(m.sites[site].range, "declared here");
  }
  if (parsed->is_object()) {
    for (const auto& [name, value] : parsed->items()) {
      bool known = false;
      std::vector<std::string> names;
      for (int p = 0; p < m.parameter_count; ++p) {
        names.emplace_back(m.sites[m.parameters[p]].name);
        known |= names.back() == name;
      }
      if (known) continue;
      auto& report = problems.report(Id::PointUnknown, name).in(path);
      if (const std::string near = runtime::nearest(name, names); !near.empty()) report.help(fmt::format("did you mean `{}`?", near));
    }
  }
  if (problems.any_error()) return std::nullopt;
  return values;
}

std::optional<std::vector<double>> read_flat(const std::string& path, const std::string& text, std::size_t wanted, runtime::Problems& problems) {
  const std::optional<json> parsed = parse(path, text, problems);
  if (!parsed) return std::nullopt;
  std::vector<double> values;
  if (parsed->is_array())
    for (const json& item : *parsed) {
      const std::optional<double> x = number(item);
      if (x) values.push_back(*x);
    }
  if (values.size() == wanted && parsed->size() == wanted) return values;
  problems.report(Id::PointLength, wanted, parsed->is_array() ? parsed->size() : 0).in(path).help("`--layout` prints what each number is");
  return std::nullopt;
}

std::string values_by_name(const data::BoundModel& bound, const std::vector<double>& values) {
  const lacuna_metadata& m = bound.metadata();
  std::string out = "{";
  const double* next = values.data();
  for (int p = 0; p < m.parameter_count; ++p) {
    out += fmt::format("{}\"{}\": ", p ? ", " : "", m.sites[m.parameters[p]].name);
    nest(out, sizes_of(bound, m.parameters[p]), 0, next);
  }
  return out + "}";
}

std::string layout(const data::BoundModel& bound) {
  const lacuna_metadata& m = bound.metadata();
  std::string out = "[";
  std::int64_t first = 0;
  for (int p = 0; p < m.parameter_count; ++p) {
    const int site = m.parameters[p];
    const std::int64_t count = bound.site_coordinates[static_cast<std::size_t>(site)];
    out += fmt::format("{}{{\"site\": \"{}\", \"first\": {}, \"count\": {}}}", p ? ",\n " : "", m.sites[site].name, first, count);
    first += count;
  }
  return out + "]\n";
}

}  // namespace lacuna::tool
