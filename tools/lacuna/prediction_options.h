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

// All that a prediction calls.
driver::Wanted wanted_for(const PredictionWords& words);
// Finds the fit among the files, compiles the program that is in it, matches new data where there are any, and predicts for them, or for the
// fit's own: draws, or with `options.log_likelihood` the terms of what was observed. The exit code.
int predict_from_fit(PredictionWords& words, const Common& common);

// Runs it, with a progress bar, prints what is to be told, and gives the exit code.
int write_prediction(const runtime::predict::PredictionInput& input, PredictionWords& words, const Common& common,
                     runtime::Problems& problems);

}  // namespace lacuna::tool
