// A whole fit: start or resume, infer, judge, draw, write.
//
//   needs    a bound model and the data it was bound to
//   leaves   a file with draws, or what was reached when it was interrupted; warnings
//   shown by test/unit/runtime/run_fit_test.cpp
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "runtime/infer/approximation.h"
#include "runtime/infer/svi.h"
#include "runtime/io/fit.h"

namespace lacuna::runtime::infer {

enum class Method { Svi, Dadvi, Map, Laplace };

struct FitOptions {
  Method method = Method::Svi;
  SviOptions svi;  // its seed, particles and progress too
  std::function<bool()> stopped;  // asked while draws are written
  FindOutside find_outside;       // for R0701; may be empty
  std::int64_t draws = 1000;
  bool likelihood = false;  // each scored cell's term for each draw, too
  int threads = 1;
  std::string output;  // .nc or .lfit
  bool force = false, resume = false;
  double checkpoint_seconds = 5;             // between checkpoints; the state saved does not depend on when
  std::map<std::string, std::string> texts;  // to stand in the file: version, options
};

enum class FitEnd { Done, Doubtful, Failed, Interrupted };

struct FitReport {
  FitEnd end = FitEnd::Failed;
  Quality quality;
  std::int64_t steps = 0;
  bool converged = false;
  std::string words;  // one line: how it went
};

// Writes `options.output`, and `options.output`.checkpoint while it runs or when it is interrupted. Doubtful: written,
// but not converged, or without a mode (R0702).
FitReport run_fit(const data::BoundModel& model, const data::Dataset& dataset, const FitOptions& options,
                  Problems& problems);

}  // namespace lacuna::runtime::infer
