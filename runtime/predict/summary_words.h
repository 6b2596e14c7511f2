// What `--summary` asks for, and its value for the draws of one cell.
//
//   needs    words: mean, sd, min, max, median, q05, q975, q2.5
//   leaves   one number for each word
//   shown by test/unit/runtime/summary_words_test.cpp
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lacuna::runtime::predict {

struct Metric {
  enum class Kind { Mean, Sd, Quantile } kind = Kind::Mean;
  double p = 0;      // of a quantile
  std::string name;  // as written
};

// "mean,sd,q05": empty, with the word that means nothing in `wrong`, when it cannot be read. `q` and two or more digits
// is the quantile at the decimal fraction 0.digits (q05, q50, q975); with a point, at so many per cent (q2.5).
std::optional<std::vector<Metric>> read_metrics(const std::string& words, std::string& wrong);

class Summariser {
 public:
  explicit Summariser(std::vector<Metric> metrics);
  std::size_t size() const { return metrics_.size(); }

  // One number for each metric into `out`. The sd is with n - 1; quantiles are linear between order statistics, at
  // position (n - 1) p (R's type 7). NaN throughout when a draw is NaN, or when there is none. Reorders `draws`.
  void operator()(std::span<double> draws, double* out) const;

 private:
  std::vector<Metric> metrics_;
  std::vector<std::size_t> by_p_;  // their places, by ascending p
};

}  // namespace lacuna::runtime::predict
