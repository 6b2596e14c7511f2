// Scores lines of standard input, "COUNTY,FLOOR", by a fit: for each the mean of the draws and the interval that holds nine
// tenths of them. All memory is taken before the first line. At the end, on standard error, how long lines took.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <lacuna/lacuna.hpp>

#include "model.h"

namespace {

constexpr std::size_t kMostLines = 1'000'000;  // of which times are kept

class Server {
 public:
  explicit Server(const char* path) : fit_(*lacuna_new_groups(), path), draws_(fit_.draws()), out_(static_cast<std::size_t>(draws_)) {
    inputs_.County = -1;  // the fit's own
    inputs_.N = 1;
    inputs_.county = &county_;
    inputs_.floor = &floor_;
    new_groups_fill(&inputs_, &arrays_);
    predictor_.emplace_back(fit_, arrays_, std::vector<int32_t>{new_groups_site_log_radon}, draws_);
    times_.reserve(kMostLines);
  }

  void score(char* line) {
    char* comma = std::strchr(line, ',');
    if (!comma) {
      std::printf("a line is COUNTY,FLOOR\n");
      return;
    }
    *comma = 0;
    const auto from = std::chrono::steady_clock::now();
    county_ = lacuna_fit_element(fit_.get(), new_groups_dimension_County, line);
    floor_ = std::strtod(comma + 1, nullptr);
    if (county_ < 0) {
      std::printf("%s: the fit has no such county\n", line);
      return;
    }
    double* const outs[] = {out_.data()};
    predictor_[0].bind(arrays_);
    predictor_[0].run(0, draws_, 1, outs);
    double sum = 0;
    for (double each : out_) sum += each;
    const double low = quantile(0.05), high = quantile(0.95);
    if (times_.size() < kMostLines)
      times_.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - from).count());
    std::printf("%s,%g,%.4f,%.4f,%.4f\n", line, floor_, sum / static_cast<double>(draws_), low, high);
  }

  void show_times() {
    if (times_.empty()) return;
    std::sort(times_.begin(), times_.end());
    const auto at = [&](double share) { return times_[static_cast<std::size_t>(share * static_cast<double>(times_.size() - 1))]; };
    std::fprintf(stderr, "%zu lines against %lld draws: median %.1f us, 99%% within %.1f us, longest %.1f us\n", times_.size(),
                 static_cast<long long>(draws_), at(0.5), at(0.99), times_.back());
  }

 private:
  double quantile(double share) {
    const auto at = out_.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(out_.size() - 1));
    std::nth_element(out_.begin(), at, out_.end());
    return *at;
  }

  lacuna::Fit fit_;
  int64_t draws_;
  int64_t county_ = 0;
  double floor_ = 0;
  new_groups_inputs inputs_{};
  new_groups_arrays arrays_{};
  std::vector<lacuna::Predictor> predictor_;
  std::vector<double> out_, times_;
};

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "score_server FIT.lfit < LINES\n");
    return 2;
  }
  try {
    Server server(words[1]);
    static char line[4096];
    while (std::fgets(line, sizeof line, stdin)) {
      line[std::strcspn(line, "\n")] = 0;
      server.score(line);
    }
    server.show_times();
  } catch (const lacuna::Error& error) {
    std::fprintf(stderr, "score_server: %s\n", error.what());
    return 1;
  }
  return 0;
}
