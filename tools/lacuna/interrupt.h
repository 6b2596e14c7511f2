// Ctrl-C as a question that long work asks now and then, and how far it has come.
#pragma once
#include <chrono>

namespace lacuna::tool {

// From now on Ctrl-C stops nothing by itself; `interrupted` tells of it.
void watch_interrupts();
bool interrupted();

// A bar that is written over on a terminal, once the work has taken a second; otherwise a line now and then.
class ProgressBar {
 public:
  explicit ProgressBar(bool quiet);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  // `share` of the work is done, 0 to 1.
  void show(double share);

 private:
  using Clock = std::chrono::steady_clock;
  bool quiet_, terminal_, shown_ = false;
  Clock::time_point next_;
};

}  // namespace lacuna::tool
