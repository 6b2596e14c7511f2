// `lacuna fit`: inference; writes draws.
#include <unistd.h>

#include <csignal>
#include <memory>
#include <thread>

#include "compiler/support/version.h"
#include "runtime/infer/run_fit.h"
#include "tools/lacuna/data_options.h"
#include "tools/lacuna/load_model.h"

namespace lacuna::tool {

namespace {

using namespace runtime::infer;

// Set by Ctrl-C, read by the progress report: the one thing that a signal handler may do.
volatile std::sig_atomic_t interrupted = 0;
void on_interrupt(int) {
  interrupted = 1;
}

struct Words {
  std::vector<std::string> paths;
  DataOptions data;
  std::string method = "svi", guide = "mean-field", output;
  FitOptions fit;
};

std::string option_words(const Words& words) {
  std::string text = fmt::format("--method {} --guide {} --draws {} --seed {}", words.method, words.guide,
                                 words.fit.draws, words.data.seed);
  for (const auto& [name, values] : {std::pair{"--bind", &words.data.bind},
                                     {"--key", &words.data.key},
                                     {"--size", &words.data.size},
                                     {"--missing", &words.data.missing},
                                     {"--index-base", &words.data.index_base}}) {
    for (const std::string& value : *values) text += fmt::format(" {} '{}'", name, value);
  }
  return text;
}

// A line that is written over on a terminal; otherwise one now and then.
bool show_progress(const SviProgress& progress, bool terminal) {
  if (terminal)
    fmt::print(stderr, "\r  step {:>6}   ELBO {:<14.6g}", progress.step, progress.elbo);
  else if (progress.step % 5000 == 0)
    fmt::print(stderr, "step {}, ELBO {:.6g}\n", progress.step, progress.elbo);
  return true;
}

int run(Words& words, const Common& common) {
  const Files files = sort_files(words.paths);
  if (files.models.size() != 1) {
    fmt::print(stderr, "lacuna: one program (.ppl) is needed, and {} are given\n", files.models.size());
    return kUsage;
  }
  const std::unique_ptr<LoadedModel> model = load_model(files.models.front(), common);
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
  options.svi.seed = static_cast<std::uint64_t>(words.data.seed);
  options.threads =
      words.data.threads > 0 ? words.data.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.method = words.method == "map" || words.guide == "delta" ? Method::Map
                   : words.method == "laplace"                     ? Method::Laplace
                                                                   : Method::Svi;
  options.svi.guide = words.guide == "full-rank" ? GuideKind::FullRank : GuideKind::MeanField;
  options.output = words.output;
  options.texts["options"] = option_words(words);
  options.texts["version"] = std::string(support::version());
  const bool terminal = isatty(STDERR_FILENO) != 0 && !common.quiet;
  options.svi.progress = [&](const SviProgress& progress) {
    if (!common.quiet) show_progress(progress, terminal);
    return interrupted == 0;
  };
  std::signal(SIGINT, on_interrupt);
  const FitReport report = run_fit(*bound, *dataset, options, problems);
  if (terminal) fmt::print(stderr, "\r{:60}\r", "");
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
        problem.id == runtime::Id::RunsAway)
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
      ->check(CLI::IsMember({"svi", "map", "laplace"}))
      ->capture_default_str();
  verb->add_option("--guide", words->guide, "What approximates the posterior")
      ->check(CLI::IsMember({"mean-field", "full-rank", "delta"}))
      ->capture_default_str();
  verb->add_option("--draws", words->fit.draws, "How many draws are written")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->add_option("--steps", words->fit.svi.steps, "Exactly so many steps, instead of until converged")
      ->check(CLI::PositiveNumber);
  verb->add_option("--learning-rate", words->fit.svi.learning_rate, "Of the first phase, in standard deviations")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->add_option("--particles", words->fit.svi.particles, "Draws of a step")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  verb->add_flag("--force", words->fit.force, "Replaces a file that exists");
  verb->add_flag("--resume", words->fit.resume, "Goes on from the checkpoint of an interrupted run");
  add_data_options(*verb, words->data);
  verb->footer(
      "Example:\n  lacuna fit examples/regression_with_gaps/model.ppl examples/regression_with_gaps/train.csv -o "
      "fit.nc");
  add_common(*verb, common);
  verb->callback([words, &common, &action] { action = [words, &common] { return run(*words, common); }; });
}

}  // namespace lacuna::tool
