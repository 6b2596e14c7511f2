// `lacuna prior`: draws from a model before any data are scored.
#include "runtime/predict/cut.h"
#include "tools/lacuna/prediction_options.h"

namespace lacuna::tool {

namespace {

int run(PredictionWords& words, const Common& common) {
  const Files files = sort_files(words.paths);
  if (files.models.size() != 1) {
    fmt::print(stderr, "lacuna: one program (.ppl) is needed, and {} are given\n", files.models.size());
    return kUsage;
  }
  const std::unique_ptr<LoadedModel> model = load_model(files.models.front(), common, wanted_for(words));
  if (!model) return kWrong;
  const lacuna_metadata& metadata = *model->table->metadata;
  runtime::Problems problems;
  const auto dataset = read_data(metadata, files.data, words.data, {false, nullptr}, problems);
  if (!dataset) {
    print_problems(problems, &metadata, common);
    return kWrong;
  }
  if (common.verbose) print_unused(*dataset);
  const runtime::predict::Target target = runtime::predict::check_of(*dataset);
  words.options.latents = words.options.sites.empty();
  return write_prediction({*model->table, nullptr, &target}, words, common, problems);
}

}  // namespace

void add_prior(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("prior", "Draws latents, observations and outputs from the prior");
  auto words = std::make_shared<PredictionWords>();
  verb->add_option("FILES", words->paths, "A program (.ppl) and data (.csv, .json, .nc, or -), in which what is observed need not be")->required();
  add_prediction_options(*verb, *words);
  verb->footer(
      "Example:\n  lacuna prior examples/regression_with_gaps/model.ppl examples/regression_with_gaps/new_50.csv -o prior.csv --summary mean,sd");
  add_cache_option(*verb, common);
  add_common(*verb, common);
  verb->callback([words, &common, &action] { action = [words, &common] { return run(*words, common); }; });
}

}  // namespace lacuna::tool
