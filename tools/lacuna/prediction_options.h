// What the verbs that predict share: their options, a fit with its program, and what is told at the end.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/predict/run_prediction.h"
#include "tools/lacuna/data_options.h"
#include "tools/lacuna/load_model.h"

namespace lacuna::tool {

struct PredictionWords {
  std::vector<std::string> paths;
  DataOptions data;
  std::string metrics;
  bool interpret = false;
  runtime::predict::PredictionOptions options;
};

// Puts -o, --force, --site, --draws, --summary and what concerns data on a verb.
void add_prediction_options(CLI::App& verb, PredictionWords& words);

// A fit, its program made ready to run, and the data files beside it.
struct LoadedFit {
  runtime::io::Fit fit;
  std::unique_ptr<LoadedModel> model;
  std::vector<std::string> data;

  const lacuna_metadata& metadata() const { return *model->table->metadata; }
};
// All that a prediction calls.
driver::Wanted wanted_for(const PredictionWords& words);
// Finds the fit among the files, and compiles the program that is in it. What is wrong is printed, and `code` is the
// exit code.
std::optional<LoadedFit> load_fit(const PredictionWords& words, const Common& common, int& code);

// The new data matched to the fit; empty when something is wrong. `targets`: what was observed is needed as well.
std::optional<runtime::predict::Target> read_target(const LoadedFit& loaded, const DataOptions& options, bool targets,
                                                    runtime::Problems& problems);

// Runs it, with a progress bar, prints what is to be told, and gives the exit code.
int write_prediction(const runtime::predict::PredictionInput& input, PredictionWords& words, const Common& common,
                     runtime::Problems& problems);

}  // namespace lacuna::tool
