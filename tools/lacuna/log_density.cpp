// `lacuna log-density`: the log density of a model at a point, as JSON.
#include <cmath>
#include <memory>

#include "compiler/driver/read_file.h"
#include "tools/lacuna/data_options.h"
#include "tools/lacuna/load_model.h"
#include "tools/lacuna/natural_point.h"

namespace lacuna::tool {

namespace data = runtime::data;

namespace {

struct LogDensityOptions {
  std::vector<std::string> paths;
  DataOptions data;
  std::string at, unconstrained;
  bool gradient = false, terms = false, layout = false, no_jacobian = false, interpret = false;
};

std::optional<std::string> read_text(const std::string& path, runtime::Problems& problems) {
  driver::FileText file = driver::read_file(path, std::size_t{1} << 30);
  if (file.problem.empty()) return std::move(file.text);
  problems.report(runtime::Id::FileUnreadable, path, file.problem);
  return std::nullopt;
}

// Each site's total, and how many of its cells are scored.
std::string terms_json(const data::BoundModel& bound, const std::vector<double>& point, std::uint32_t flags, std::string& trouble) {
  const lacuna_metadata& m = bound.metadata();
  std::vector<double> totals(static_cast<std::size_t>(m.site_count));
  std::vector<std::int64_t> not_finite(static_cast<std::size_t>(m.site_count));
  data::AlignedBytes workspace = bound.workspace(LACUNA_ENTRY_TERMS);
  lacuna_error error{};
  if (bound.model().terms(bound.bound(), point.data(), flags, workspace.get(), totals.data(), not_finite.data(), &error) != LACUNA_OK) return "null";
  std::string out;
  for (int s = 0; s < m.site_count; ++s) {
    const lacuna_site_info& site = m.sites[s];
    if (site.kind != LACUNA_LATENT && site.kind != LACUNA_OBSERVED && site.kind != LACUNA_FACTOR) continue;
    const auto at = static_cast<std::size_t>(s);
    out += fmt::format("{}\"{}\": {{\"total\": {}", out.empty() ? "" : ", ", site.name, json_number(totals[at]));
    if (site.kind == LACUNA_OBSERVED) out += fmt::format(", \"scored\": {}, \"left_out\": {}", bound.site_scored[at], bound.site_left_out[at]);
    if (not_finite[at] > 0) out += fmt::format(", \"not_finite\": {}", not_finite[at]);
    out += fmt::format(", \"line\": {}}}", site.range.line);
    if (not_finite[at] > 0) trouble += fmt::format("  {:<12} {:>4}  {} of its terms are not finite: `{}`\n", site.name, site.range.line, not_finite[at], site.statement ? site.statement : "");
  }
  return "{" + out + "}";
}

int evaluate(const LogDensityOptions& o, const data::BoundModel& bound, const Common& common) {
  const lacuna_metadata& m = bound.metadata();
  runtime::Problems problems;
  const auto stop = [&] {
    print_problems(problems, &m, common);
    return kWrong;
  };
  const bool natural = !o.at.empty();
  const std::optional<std::string> text = read_text(natural ? o.at : o.unconstrained, problems);
  if (!text) return stop();
  const std::optional<std::vector<double>> point = natural ? read_point(o.at, *text, bound, problems)
                                                           : read_flat(o.unconstrained, *text, static_cast<std::size_t>(bound.coordinates()), problems);
  if (!point) return stop();

  std::vector<double> gradient(point->size());
  double value = 0;
  lacuna_error error{};
  const lacuna_model& model = bound.model();
  const std::uint32_t flags = o.no_jacobian ? std::uint32_t{LACUNA_NORMALISED} : std::uint32_t{LACUNA_NORMALISED} | std::uint32_t{LACUNA_JACOBIAN};
  data::AlignedBytes workspace = bound.workspace(natural ? lacuna_entry{LACUNA_ENTRY_NATURAL_DENSITY} : lacuna_entry{LACUNA_ENTRY_LOG_DENSITY_GRADIENT});
  const int code = natural ? model.natural_density(bound.bound(), point->data(), flags, workspace.get(), &value, gradient.data(), &error)
                           : model.log_density_gradient(bound.bound(), point->data(), flags, workspace.get(), &value, gradient.data(), &error);
  if (code != LACUNA_OK) {
    data::report_error(m, nullptr, error, problems);
    return stop();
  }
  std::string out = fmt::format("{{\"log_density\": {}", json_number(value));
  if (o.gradient && natural) out += ",\n \"constrained_gradient\": " + values_by_name(bound, gradient);
  if (o.gradient && !natural) {
    out += ",\n \"gradient\": [";
    for (std::size_t i = 0; i < gradient.size(); ++i) out += (i ? ", " : "") + json_number(gradient[i]);
    out += "]";
  }
  std::string trouble;
  if (!natural) {
    const std::string terms = o.terms || !std::isfinite(value) ? terms_json(bound, *point, flags, trouble) : "";
    if (o.terms) out += ",\n \"terms\": " + terms;
  }
  fmt::print("{}}}\n", out);
  if (!trouble.empty()) fmt::print(stderr, "log density is {} at this point:\n  site         line\n{}", json_number(value), trouble);
  return kDone;
}

int log_density(const LogDensityOptions& o, const Common& common) {
  const Files files = sort_files(o.paths);
  if (files.models.size() != 1) {
    fmt::print(stderr, "lacuna log-density: give one program (.ppl), and its data\n");
    return kUsage;
  }
  if (!o.layout && o.at.empty() == o.unconstrained.empty()) {
    fmt::print(stderr, "lacuna log-density: say where: --at FILE (natural values) or --unconstrained FILE; --layout prints the order of coordinates\n");
    return kUsage;
  }
  // Natural values are asked for once and by hand: the evaluator serves them.
  const bool interpret = o.interpret || !o.at.empty();
  const std::unique_ptr<LoadedModel> model = load_model(files.models[0], common, {.interpret = interpret});
  if (!model) return kWrong;

  const lacuna_metadata& m = *model->table->metadata;
  runtime::Problems problems;
  const std::optional<data::Dataset> dataset = read_data(m, files.data, o.data, {}, problems);
  std::optional<data::BoundModel> bound;
  if (dataset) bound = data::BoundModel::bind(*model->table, *dataset, problems);
  print_problems(problems, &m, common);
  if (!bound) return kWrong;
  if (o.layout) {
    fmt::print("{}", layout(*bound));
    return kDone;
  }
  return evaluate(o, *bound, common);
}

}  // namespace

void add_log_density(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("log-density", "The log density at a point, as JSON");
  auto o = std::make_shared<LogDensityOptions>();
  verb->add_option("FILES", o->paths, "A program (.ppl) and its data (.csv, .json, .nc)")->required();
  verb->add_option("--at", o->at, "Natural values by name (JSON): the plain density, without Jacobians, by the slow evaluator");
  verb->add_option("--unconstrained", o->unconstrained, "A flat array (JSON) in the order of --layout: the density that inference uses");
  verb->add_flag("--gradient", o->gradient, "With the gradient");
  verb->add_flag("--terms", o->terms, "With each site's total (at unconstrained points)");
  verb->add_flag("--layout", o->layout, "The order of the unconstrained coordinates");
  verb->add_flag("--no-jacobian", o->no_jacobian, "Without the log-Jacobians of the transforms");
  verb->add_flag("--interpret", o->interpret, "Use the slow evaluator instead of machine code");
  add_data_options(*verb, o->data);
  add_cache_option(*verb, common);
  verb->footer("Example:\n  lacuna log-density examples/regression_with_gaps/model.ppl examples/regression_with_gaps/train.csv --at examples/regression_with_gaps/point.json --gradient");
  add_common(*verb, common);
  verb->callback([o, &common, &action] { action = [o, &common] { return log_density(*o, common); }; });
}

}  // namespace lacuna::tool
