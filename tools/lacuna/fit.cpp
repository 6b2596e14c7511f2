// `lacuna fit`: inference; writes draws.
#include <unistd.h>

#include <memory>
#include <thread>
#include <utility>

#include "compiler/driver/outside_parameters.h"
#include "compiler/support/version.h"
#include "runtime/infer/run_fit.h"
#include "tools/lacuna/data_options.h"
#include "tools/lacuna/interrupt.h"
#include "tools/lacuna/load_model.h"
#include "tools/lacuna/progress_line.h"

namespace lacuna::tool {

namespace {

using namespace runtime::infer;

struct Words {
  std::vector<std::string> paths;
  DataOptions data;
  std::string method = "svi", guide, output;
  int particles = 0;  // 0: the method's own
  double rate = 0;    // 0: the default
  FitOptions fit;
};

// The options that the result depends on, as they would be written again.
std::string option_words(const Words& words) {
  const FitOptions& fit = words.fit;
  std::string text = fmt::format("--method {}", words.method);
  if (!words.guide.empty()) text += " --guide " + words.guide;
  text += fmt::format(" --draws {} --seed {}", fit.draws, words.data.seed);
  if (fit.svi.steps > 0) text += fmt::format(" --steps {}", fit.svi.steps);
  if (words.rate > 0) text += fmt::format(" --learning-rate {}", words.rate);
  if (words.particles > 0) text += fmt::format(" --particles {}", words.particles);
  if (fit.likelihood) text += " --log-likelihood";
  for (const auto& [name, values] : {std::pair{"--bind", &words.data.bind},
                                     {"--key", &words.data.key},
                                     {"--size", &words.data.size},
                                     {"--missing", &words.data.missing},
                                     {"--index-base", &words.data.index_base}}) {
    for (const std::string& value : *values) text += fmt::format(" {} '{}'", name, value);
  }
  return text;
}

// What a command line says twice over, or for nothing; empty when it makes sense.
std::string contradiction(const Words& words) {
  const bool svi = words.method == "svi";
  if (!svi && !words.guide.empty() && !(words.method == "map" && words.guide == "delta"))
    return fmt::format("`--guide` belongs to `--method svi`: `{}` settles what the draws come from", words.method);
  const bool point = !svi || words.guide == "delta";
  if (point && words.fit.svi.steps > 0) return "`--steps` belongs to `--method svi` with a guide that has a spread";
  if (point && words.rate > 0) return "`--learning-rate` belongs to `--method svi` with a guide that has a spread";
  if (point && words.method != "dadvi" && words.particles > 0) return "`--particles` belongs to `--method svi` and `--method dadvi`";
  return "";
}

Method method_of(const Words& words) {
  if (words.method == "map" || words.guide == "delta") return Method::Map;
  if (words.method == "laplace") return Method::Laplace;
  return words.method == "dadvi" ? Method::Dadvi : Method::Svi;
}

// Only what this run will call.
driver::Entries entries_for(const Words& words) {
  const Method method = words.fit.method;
  const bool curved = method == Method::Dadvi || method == Method::Laplace || words.fit.svi.guide == GuideKind::FullRank;
  return {.products = curved, .pointwise = words.fit.likelihood, .predict = false, .gradient_ahead = true};
}

// What is wrong with a start that is not finite. The program is looked at once more when that is first asked.
FindOutside outside_finder(LoadedModel& model, const runtime::data::Dataset& dataset) {
  auto made = std::make_shared<std::unique_ptr<driver::OutsideParameters>>();
  auto asked = std::make_shared<bool>(false);
  return [&model, &dataset, made, asked](const double* point) {
    if (!std::exchange(*asked, true)) {
      const runtime::data::Arguments arguments(*model.table->metadata, dataset);
      if (const elaborate::Model* const program = model.program->model())
        *made = driver::OutsideParameters::make(*program, model.program->session().sources(), arguments.dimensions(), arguments.arrays());
    }
    std::vector<OutsideParameter> found;
    if (!*made) return found;
    for (driver::OutsideParameter& each : (*made)->at(point)) found.push_back({each.site, std::move(each.text), each.cells, each.least, each.most});
    return found;
  };
}

// What inference is to do, but for its reports.
void settle(Words& words) {
  constexpr int kFixedDraws = 100;
  FitOptions& options = words.fit;
  options.svi.seed = static_cast<std::uint64_t>(words.data.seed);
  options.threads =
      words.data.threads > 0 ? words.data.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.method = method_of(words);
  options.svi.guide = words.guide == "full-rank" ? GuideKind::FullRank : GuideKind::MeanField;
  if (options.method == Method::Dadvi) options.svi.particles = kFixedDraws;
  if (words.particles > 0) options.svi.particles = words.particles;
  if (words.rate > 0) options.svi.learning_rate = words.rate;
  options.output = words.output;
  options.texts["options"] = option_words(words);
  keep(words.data, options.texts);
  options.texts["version"] = std::string(support::version());
}

int run(Words& words, const Common& common) {
  const Files files = sort_files(words.paths);
  if (files.models.size() != 1) {
    fmt::print(stderr, "lacuna: one program (.ppl) is needed, and {} are given\n", files.models.size());
    return kUsage;
  }
  if (const std::string why = contradiction(words); !why.empty()) {
    fmt::print(stderr, "lacuna: {}\n", why);
    return kUsage;
  }
  settle(words);
  const std::unique_ptr<LoadedModel> model = load_model(files.models.front(), common, {.entries = entries_for(words)});
  if (!model) return kWrong;
  const lacuna_metadata& metadata = *model->table->metadata;
  runtime::Problems problems;
  const auto dataset = read_data(metadata, files.data, words.data, {}, problems);
  std::optional<runtime::data::BoundModel> bound;
  if (dataset) bound = runtime::data::BoundModel::bind(*model->table, *dataset, problems);
  if (!bound) {
    print_problems(problems, &metadata, common);
    return kWrong;
  }
  FitOptions& options = words.fit;
  const bool terminal = isatty(STDERR_FILENO) != 0;
  ProgressLine line(options.method == Method::Svi || options.method == Method::Dadvi ? "ELBO" : "log density", terminal);
  options.svi.progress = [&](const Progress& progress) {
    if (!common.quiet) line.show(progress);
    return !interrupted();
  };
  options.stopped = interrupted;
  watch_interrupts();
  options.find_outside = outside_finder(*model, *dataset);
  const FitReport report = run_fit(*bound, *dataset, options, problems);
  line.clear();
  print_problems(problems, &metadata, common);
  if (!common.quiet && !report.words.empty()) fmt::print(stderr, "{}\n", report.words);
  switch (report.end) {
    case FitEnd::Done:
      return kDone;
    case FitEnd::Interrupted:
      return kInterrupted;
    case FitEnd::Doubtful:
      return kNoResult;
    case FitEnd::Failed:
      break;
  }
  for (const runtime::Diagnostic& problem : problems.list()) {
    if (problem.id == runtime::Id::NoFiniteStart || problem.id == runtime::Id::NoCurvature ||
        problem.id == runtime::Id::NoResponse || problem.id == runtime::Id::TooManyLatents || problem.id == runtime::Id::RunsAway)
      return kNoResult;
  }
  return kWrong;
}

}  // namespace

void add_fit(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("fit", "Infers the posterior and writes draws from it");
  auto words = std::make_shared<Words>();
  verb->add_option("FILES", words->paths, "A program (.ppl) and its data (.csv, .json, .nc, or -)")->required();
  verb->add_option("-o,--output", words->output, "Where the draws go: .nc or .lfit")->required();
  verb->add_option("--method", words->method, "How")
      ->check(CLI::IsMember({"svi", "dadvi", "map", "laplace"}))
      ->capture_default_str();
  verb->add_option("--guide", words->guide, "What approximates the posterior; mean-field unless said otherwise")
      ->check(CLI::IsMember({"mean-field", "full-rank", "delta"}));
  verb->add_option("--draws", words->fit.draws, "How many draws are written")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->add_option("--steps", words->fit.svi.steps, "Exactly so many steps, instead of until converged")
      ->check(CLI::PositiveNumber);
  verb->add_option("--learning-rate", words->rate, "Of the first phase, in standard deviations; 0.1 unless said otherwise")
      ->check(CLI::PositiveNumber);
  verb->add_option("--particles", words->particles, "Draws of a step, 4 unless said otherwise; of dadvi the fixed draws, 100")
      ->check(CLI::Range(1, 1024));
  verb->add_flag("--log-likelihood", words->fit.likelihood, "Writes each scored cell's term for each draw, too");
  verb->add_flag("--force", words->fit.force, "Replaces a file that exists");
  verb->add_option("--checkpoint", words->fit.checkpoint_seconds, "Seconds between states that --resume goes on from")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->add_flag("--resume", words->fit.resume, "Goes on from the checkpoint of an interrupted run");
  add_data_options(*verb, words->data);
  add_cache_option(*verb, common);
  verb->footer(
      "Example:\n  lacuna fit examples/regression_with_gaps/model.ppl examples/regression_with_gaps/train.csv -o "
      "fit.nc");
  add_common(*verb, common);
  verb->callback([words, &common, &action] { action = [words, &common] { return run(*words, common); }; });
}

}  // namespace lacuna::tool
