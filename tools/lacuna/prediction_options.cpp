#include "tools/lacuna/prediction_options.h"

#include <algorithm>
#include <thread>

#include "compiler/support/version.h"
#include "tools/lacuna/interrupt.h"

namespace lacuna::tool {

using namespace runtime::predict;

driver::Wanted wanted_for(const PredictionWords& words) {
  return {.interpret = words.interpret, .entries = {.products = false, .terms = false, .pointwise = false, .constrain = false}};
}

void add_prediction_options(CLI::App& verb, PredictionWords& words) {
  verb.add_option("-o,--output", words.options.output, "Where it goes: .nc (ArviZ's layout) or .csv (a table)")
      ->required()
      ->check([](const std::string& path) {
        return path.ends_with(".nc") || path.ends_with(".csv") ? std::string()
                                                               : "`" + path + "` ends neither with .nc nor with .csv";
      });
  verb.add_option("--site", words.options.sites, "Only these, by name: y,total")->delimiter(',')->take_all();
  verb.add_option("--draws", words.options.draws, "How many; more than there are take them from the first again")
      ->check(CLI::PositiveNumber);
  verb.add_option("--summary", words.metrics, "These in place of draws: mean,sd,q05,q50,q95")
      ->check([](const std::string& text) {
        std::string wrong;
        return read_metrics(text, wrong) ? std::string()
                                         : "`" + wrong + "` is none of mean, sd, min, max, median and quantiles such as q05, q975 or q2.5";
      });
  verb.add_flag("--force", words.options.force, "Replaces a file that exists");
  verb.add_flag("--interpret", words.interpret, "Without machine code, by the slow interpreter");
  add_data_options(verb, words.data);
}

namespace {

// A fit, its program made ready to run, and the data files beside it.
struct LoadedFit {
  runtime::io::Fit fit;
  std::unique_ptr<LoadedModel> model;
  std::vector<std::string> data;

  const lacuna_metadata& metadata() const { return *model->table->metadata; }
};

struct FitFiles {
  std::vector<std::string> fits, programs, data;
};

// A `.nc` is a fit when it is the only one, or says that it is one.
FitFiles sort_fit_files(const std::vector<std::string>& paths) {
  FitFiles made;
  const auto netcdf = [](const std::string& path) { return path.ends_with(".nc"); };
  const bool compact = std::any_of(paths.begin(), paths.end(), [](const std::string& path) { return path.ends_with(".lfit"); });
  const auto several = std::count_if(paths.begin(), paths.end(), netcdf) > 1;
  for (const std::string& path : paths) {
    const bool fit = path.ends_with(".lfit") || (netcdf(path) && !compact && (!several || runtime::io::is_netcdf_fit(path)));
    (fit ? made.fits : path.ends_with(".ppl") ? made.programs : made.data).push_back(path);
  }
  return made;
}

// A program beside the fit must be the fit's own.
bool is_own_program(const std::string& program, const std::string& path, const runtime::io::Fit& fit, runtime::Problems& problems) {
  const std::unique_ptr<runtime::data::Text> text = runtime::data::Text::read(program, problems);
  if (!text) return false;
  if (std::string_view(text->begin(), text->size()) == fit.texts.at("program")) return true;
  problems.report(runtime::Id::OtherProgram, path, program)
      .help("leave the program out to predict with the one that is in the fit, or fit again");
  return false;
}

// What is wrong is printed, and `code` is the exit code.
std::optional<LoadedFit> load_fit(const PredictionWords& words, const Common& common, int& code) {
  const FitFiles files = sort_fit_files(words.paths);
  code = kUsage;
  if (files.fits.size() != 1 || files.programs.size() > 1) {
    fmt::print(stderr, "lacuna: one fit (.nc or .lfit) is needed, and {} are given\n", files.fits.size());
    return std::nullopt;
  }
  code = kWrong;
  const std::string& path = files.fits.front();
  runtime::Problems problems;
  std::optional<runtime::io::Fit> fit = runtime::io::read_fit(path, problems);
  if (fit && fit->texts["program"].empty()) problems.report(runtime::Id::DamagedFit, path, "it holds no program");
  if (fit && !problems.any_error())
    for (const std::string& program : files.programs) is_own_program(program, path, *fit, problems);
  print_problems(problems, nullptr, common);
  if (problems.any_error()) return std::nullopt;
  LoadedFit made;
  made.fit = std::move(*fit);
  made.data = files.data;
  // Its warnings were told when the fit was made.
  Common silent = common;
  silent.quiet = true;
  made.model = load_model_text(made.fit.texts["source_name"], made.fit.texts["program"], silent, wanted_for(words));
  if (!made.model) return std::nullopt;
  return made;
}

// The new data matched to the fit; empty when something is wrong. `targets`: what was observed is needed as well.
std::optional<Target> read_target(const LoadedFit& loaded, const DataOptions& options, bool targets, runtime::Problems& problems) {
  const lacuna_metadata& metadata = loaded.metadata();
  std::optional<OpenedData> opened = open_data(loaded.data, options, problems);
  if (!opened) return std::nullopt;
  recall(loaded.fit.texts, opened->options, problems);
  const runtime::data::Dataset fitted = loaded.fit.dataset(metadata);
  std::optional<runtime::data::Dataset> fresh =
      runtime::data::match(metadata, opened->sources, opened->options, {targets, &fitted.dimensions}, problems);
  if (!fresh) return std::nullopt;
  return make_target({metadata, opened->options, opened->sources, targets}, fitted, std::move(*fresh), problems);
}

}  // namespace

int predict_from_fit(PredictionWords& words, const Common& common) {
  int code = kDone;
  const std::optional<LoadedFit> loaded = load_fit(words, common, code);
  if (!loaded) return code;
  runtime::Problems problems;
  std::optional<Target> target;
  if (!loaded->data.empty() || !words.data.size.empty()) {
    target = read_target(*loaded, words.data, words.options.log_likelihood, problems);
    if (!target) {
      print_problems(problems, &loaded->metadata(), common);
      return kWrong;
    }
    if (common.verbose) print_unused(target->dataset);
  }
  return write_prediction({*loaded->model->table, &loaded->fit, target ? &*target : nullptr}, words, common, problems);
}

int write_prediction(const PredictionInput& input, PredictionWords& words, const Common& common, runtime::Problems& problems) {
  PredictionOptions& options = words.options;
  if (std::find(words.paths.begin(), words.paths.end(), options.output) != words.paths.end()) {
    fmt::print(stderr, "lacuna: `{}` is read, so it cannot be what is written\n", options.output);
    return kUsage;
  }
  std::string wrong;
  if (!words.metrics.empty()) options.metrics = *read_metrics(words.metrics, wrong);
  options.seed = static_cast<std::uint64_t>(words.data.seed);
  options.threads = words.data.threads > 0 ? words.data.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.texts["version"] = std::string(support::version());
  watch_interrupts();
  PredictionReport report;
  {
    ProgressBar bar(common.quiet);
    options.progress = [&](double share) {
      bar.show(share);
      return !interrupted();
    };
    report = run_prediction(input, options, problems);
  }
  print_problems(problems, input.model.metadata, common);
  if (!common.quiet && !report.words.empty()) fmt::print(stderr, "{}\n", report.words);
  return report.end == PredictionEnd::Done ? kDone : report.end == PredictionEnd::Interrupted ? kInterrupted : kWrong;
}

}  // namespace lacuna::tool
