// The line that tells how far inference is: written over on a terminal, otherwise one now and then.
#pragma once
#include <chrono>

#include "runtime/infer/progress.h"

namespace lacuna::tool {

class ProgressLine {
 public:
  // `what` names the number that is shown: "ELBO", "log density".
  ProgressLine(const char* what, bool terminal) : what_(what), terminal_(terminal) {}

  void show(const runtime::infer::Progress& progress);
  // Wipes it off the terminal.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  const char* what_;
  bool terminal_, shown_ = false;
  Clock::time_point start_ = Clock::now(), last_ = start_;
  std::int64_t first_ = -1;  // the step of the first report: a run that resumes does not begin at 0
};

}  // namespace lacuna::tool
