// `lacuna log-density`: the log density of a model at a point, as JSON.
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>

#include "compiler/driver/outside_parameters.h"
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
  bool gradient = false, terms = false, pointwise = false, layout = false, no_jacobian = false, interpret = false;
};

std::optional<std::string> read_text(const std::string& path, runtime::Problems& problems) {
  driver::FileText file = driver::read_file(path, std::size_t{1} << 30);
  if (file.problem.empty()) return std::move(file.text);
  problems.report(runtime::Id::FileUnreadable, path, file.problem);
  return std::nullopt;
}

// A model at one point, given as natural values or as coordinates.
class Evaluation {
 public:
  Evaluation(const data::BoundModel& bound, std::vector<double> point, bool natural, bool jacobian)
      : bound_(bound), point_(std::move(point)), natural_(natural), flags_(jacobian ? std::uint32_t{LACUNA_NORMALISED} | LACUNA_JACOBIAN : std::uint32_t{LACUNA_NORMALISED}) {}

  bool density(bool with_gradient);
  bool terms();
  bool pointwise();

  double value = 0;
  std::vector<double> gradient;
  std::vector<double> totals;             // [site]
  std::vector<std::int64_t> not_finite;  // [site]
  std::vector<std::vector<double>> cells; // [site][scored cell]
  lacuna_error error{};

 private:
  const data::BoundModel& bound_;
  std::vector<double> point_;
  bool natural_;
  std::uint32_t flags_;
};

bool Evaluation::density(bool with_gradient) {
  const lacuna_model& model = bound_.model();
  const lacuna_entry plain = with_gradient ? LACUNA_ENTRY_LOG_DENSITY_GRADIENT : LACUNA_ENTRY_LOG_DENSITY;
  data::AlignedBytes workspace = bound_.workspace(natural_ ? LACUNA_ENTRY_NATURAL_DENSITY : plain);
  gradient.assign(with_gradient ? point_.size() : 0, 0);
  if (natural_)
    return model.natural_density(bound_.bound(), point_.data(), flags_, workspace.get(), &value, with_gradient ? gradient.data() : nullptr, &error) == LACUNA_OK;
  if (!with_gradient) return model.log_density(bound_.bound(), point_.data(), flags_, workspace.get(), &value, &error) == LACUNA_OK;
  return model.log_density_gradient(bound_.bound(), point_.data(), flags_, workspace.get(), &value, gradient.data(), &error) == LACUNA_OK;
}

bool Evaluation::terms() {
  const lacuna_model& model = bound_.model();
  const auto sites = static_cast<std::size_t>(bound_.metadata().site_count);
  totals.assign(sites, 0);
  not_finite.assign(sites, 0);
  data::AlignedBytes workspace = bound_.workspace(natural_ ? LACUNA_ENTRY_NATURAL_TERMS : LACUNA_ENTRY_TERMS);
  if (natural_) return model.natural_terms(bound_.bound(), point_.data(), workspace.get(), totals.data(), not_finite.data(), &error) == LACUNA_OK;
  return model.terms(bound_.bound(), point_.data(), flags_, workspace.get(), totals.data(), not_finite.data(), &error) == LACUNA_OK;
}

bool Evaluation::pointwise() {
  const lacuna_model& model = bound_.model();
  std::vector<double*> out;
  cells.clear();
  for (std::size_t s = 0; s < bound_.site_scored.size(); ++s) cells.emplace_back(static_cast<std::size_t>(bound_.site_scored[s]));
  for (std::vector<double>& each : cells) out.push_back(each.data());
  data::AlignedBytes workspace = bound_.workspace(natural_ ? LACUNA_ENTRY_NATURAL_POINTWISE : LACUNA_ENTRY_POINTWISE);
  const auto entry = natural_ ? model.natural_pointwise : model.pointwise;
  return entry(bound_.bound(), point_.data(), workspace.get(), out.data(), &error) == LACUNA_OK;
}

bool has_term(const lacuna_site_info& site) { return site.kind == LACUNA_LATENT || site.kind == LACUNA_OBSERVED || site.kind == LACUNA_FACTOR; }

// Each site's total, and how many of its cells are scored.
std::string terms_json(const data::BoundModel& bound, const Evaluation& at) {
  const lacuna_metadata& m = bound.metadata();
  std::string out;
  for (int s = 0; s < m.site_count; ++s) {
    const lacuna_site_info& site = m.sites[s];
    if (!has_term(site)) continue;
    const auto i = static_cast<std::size_t>(s);
    out += fmt::format("{}\"{}\": {{\"total\": {}", out.empty() ? "" : ", ", site.name, json_number(at.totals[i]));
    if (site.kind == LACUNA_OBSERVED) out += fmt::format(", \"scored\": {}, \"left_out\": {}", bound.site_scored[i], bound.site_left_out[i]);
    if (at.not_finite[i] > 0) out += fmt::format(", \"not_finite\": {}", at.not_finite[i]);
    out += fmt::format(", \"line\": {}}}", site.range.line);
  }
  return "{" + out + "}";
}

std::string list_json(const std::vector<double>& values) {
  std::string out;
  for (const double x : values) out += (out.empty() ? "" : ", ") + json_number(x);
  return "[" + out + "]";
}

std::string pointwise_json(const data::BoundModel& bound, const Evaluation& at) {
  const lacuna_metadata& m = bound.metadata();
  std::string out;
  for (int s = 0; s < m.site_count; ++s) {
    if (m.sites[s].kind != LACUNA_OBSERVED) continue;
    out += fmt::format("{}\"{}\": {}", out.empty() ? "" : ", ", m.sites[s].name, list_json(at.cells[static_cast<std::size_t>(s)]));
  }
  return "{" + out + "}";
}

using Outside = std::vector<driver::OutsideParameter>;

// `: sigma = 0 in 3 of 9 cells`, of what a site's distribution takes within bounds; empty where all of it lies there.
std::string outside_words(const Outside& outside, int site, std::int64_t cells) {
  std::string text;
  for (const driver::OutsideParameter& each : outside) {
    if (each.site != site) continue;
    const std::string values = !(each.least <= each.most) ? "nan"
                               : each.least == each.most  ? fmt::format("{:.6g}", each.least)
                                                          : fmt::format("{:.6g} to {:.6g}", each.least, each.most);
    text += fmt::format("{}{} = {}", text.empty() ? ": " : "; ", each.text, values);
    if (cells > 1) text += fmt::format(" in {} of {} cells", each.cells, cells);
  }
  return text;
}

// Which sites make the density what it is, by line, and what their distributions cannot take.
void print_trouble(const data::BoundModel& bound, const Evaluation& at, const Outside& outside) {
  std::fflush(stdout);  // the density first
  fmt::print(stderr, "log density is {} at this point:\n  site         line\n", json_number(at.value));
  const lacuna_metadata& m = bound.metadata();
  for (int s = 0; s < m.site_count; ++s) {
    const auto i = static_cast<std::size_t>(s);
    const lacuna_site_info& site = m.sites[s];
    if (at.not_finite[i] > 0)
      fmt::print(stderr, "  {:<12} {:>4}  {} of its terms not finite: `{}`{}\n", site.name, site.range.line, at.not_finite[i], site.statement ? site.statement : "",
                 outside_words(outside, s, bound.site_scored[i]));
    else if (has_term(site) && !std::isfinite(at.totals[i]))
      fmt::print(stderr, "  {:<12} {:>4}  its terms overflow: `{}`\n", site.name, site.range.line, site.statement ? site.statement : "");
  }
}

int evaluate(const LogDensityOptions& o, const data::BoundModel& bound, const Common& common, const std::function<Outside(const double*)>& find_outside) {
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

  Evaluation at(bound, *point, natural, !o.no_jacobian);
  bool done = at.density(o.gradient);
  const bool explain = done && !std::isfinite(at.value);
  done = done && (!(o.terms || explain) || at.terms()) && (!o.pointwise || at.pointwise());
  if (!done) {
    data::report_error(m, nullptr, at.error, problems);
    return stop();
  }
  std::string out = fmt::format("{{\"log_density\": {}", json_number(at.value));
  if (o.gradient && natural) out += ",\n \"constrained_gradient\": " + values_by_name(bound, at.gradient);
  if (o.gradient && !natural) out += ",\n \"gradient\": " + list_json(at.gradient);
  if (o.terms) out += ",\n \"terms\": " + terms_json(bound, at);
  if (o.pointwise) out += ",\n \"pointwise\": " + pointwise_json(bound, at);
  fmt::print("{}}}\n", out);
  if (explain) print_trouble(bound, at, find_outside(point->data()));
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
  const driver::Entries entries{.products = false, .pointwise = o.pointwise, .constrain = false, .natural = !o.at.empty()};
  const std::unique_ptr<LoadedModel> model = load_model(files.models[0], common, {.interpret = o.interpret, .entries = entries});
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
  return evaluate(o, *bound, common, [&](const double* point) -> Outside {
    const data::Arguments arguments(m, *dataset);
    const elaborate::Model* const program = model->program->model();
    if (!program) return {};
    const auto made = driver::OutsideParameters::make(*program, model->program->session().sources(), arguments.dimensions(), arguments.arrays(), !o.at.empty());
    return made ? made->at(point) : Outside{};
  });
}

}  // namespace

void add_log_density(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("log-density", "The log density at a point, as JSON");
  auto o = std::make_shared<LogDensityOptions>();
  verb->add_option("FILES", o->paths, "A program (.ppl) and its data (.csv, .json, .nc)")->required();
  verb->add_option("--at", o->at, "Natural values by name (JSON): the plain density, without Jacobians");
  verb->add_option("--unconstrained", o->unconstrained, "A flat array (JSON) in the order of --layout: the density that inference uses");
  verb->add_flag("--gradient", o->gradient, "With the gradient");
  verb->add_flag("--terms", o->terms, "With each site's total, and how many of its cells are scored");
  verb->add_flag("--pointwise", o->pointwise, "With the term of each scored cell of each observed site");
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
