// A whole prediction: draws block by block, to a file of draws or of summaries; nothing grows with draws times cells.
//
//   needs    a table with `predict`; a fit, or none for the prior; the new data matched to it, or none for the training data
//   leaves   a file; warnings
//   shown by test/unit/runtime/run_prediction_test.cpp, test/lit/command/predict*.test
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/io/fit.h"
#include "runtime/predict/summary_words.h"
#include "runtime/predict/units.h"

namespace lacuna::runtime::predict {

struct PredictionOptions {
  std::string output;  // .nc or .csv
  bool force = false;
  std::int64_t draws = 0;       // 0: as many as the fit has; of one point or of the prior 1,000
  std::vector<Metric> metrics;  // empty: the draws themselves
  std::vector<std::string> sites;  // by name; empty: what the model observes, imputes and outputs
  bool latents = false;            // those too
  bool simulate = false, log_likelihood = false;
  std::uint64_t seed = 0;
  int threads = 1;
  std::int64_t bytes = 32 << 20;                // of the draws that are held at once
  std::map<std::string, std::string> texts;     // to stand in the file: version, options
  std::function<bool(double share)> progress;  // false stops
};

struct PredictionInput {
  const lacuna_model& model;
  const io::Fit* fit = nullptr;    // null: from the prior
  const Target* target = nullptr;  // null: the fit's own data
};

enum class PredictionEnd { Done, Failed, Interrupted };

struct PredictionReport {
  PredictionEnd end = PredictionEnd::Failed;
  std::string words;  // one line: what was written
};

PredictionReport run_prediction(const PredictionInput& input, const PredictionOptions& options, Problems& problems);

}  // namespace lacuna::runtime::predict
