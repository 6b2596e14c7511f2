#include "runtime/predict/summary_words.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace lacuna::runtime::predict {
namespace {

std::optional<double> read_quantile(const std::string& word) {
  if (word == "min") return 0;
  if (word == "max") return 1;
  if (word == "median") return 0.5;
  if (word.size() < 3 || word[0] != 'q' || word.find_first_not_of("0123456789.", 1) != word.npos) return std::nullopt;
  const bool per_cent = word.find('.') != word.npos;
  const std::string digits = per_cent ? word.substr(1) : "0." + word.substr(1);
  char* end = nullptr;
  const double value = std::strtod(digits.c_str(), &end);
  if (*end != '\0' || value < 0 || value > (per_cent ? 100 : 1)) return std::nullopt;
  return per_cent ? value / 100 : value;
}

// Quantiles in ascending order of p: what stands before the last one found is below it.
class OrderStatistics {
 public:
  explicit OrderStatistics(std::span<double> draws) : draws_(draws) {}
  double quantile(double p) {
    const double position = static_cast<double>(draws_.size() - 1) * p;
    const std::size_t below = static_cast<std::size_t>(position);
    if (below > sorted_ || !any_) {
      std::nth_element(draws_.begin() + static_cast<std::ptrdiff_t>(any_ ? sorted_ : 0),
                       draws_.begin() + static_cast<std::ptrdiff_t>(below), draws_.end());
      sorted_ = below;
      any_ = true;
    }
    const double low = draws_[below], part = position - static_cast<double>(below);
    if (part == 0) return low;
    return low + part * (*std::min_element(draws_.begin() + static_cast<std::ptrdiff_t>(below) + 1, draws_.end()) - low);
  }

 private:
  std::span<double> draws_;
  std::size_t sorted_ = 0;
  bool any_ = false;
};

}  // namespace

std::optional<std::vector<Metric>> read_metrics(const std::string& words, std::string& wrong) {
  std::vector<Metric> made;
  for (std::size_t at = 0; at <= words.size();) {
    const std::size_t end = std::min(words.find(',', at), words.size());
    Metric metric;
    metric.name = words.substr(at, end - at);
    const std::size_t begin = metric.name.find_first_not_of(' ');
    metric.name = begin == std::string::npos ? "" : metric.name.substr(begin, metric.name.find_last_not_of(' ') + 1 - begin);
    if (metric.name == "sd") {
      metric.kind = Metric::Kind::Sd;
    } else if (metric.name != "mean") {
      const std::optional<double> p = read_quantile(metric.name);
      if (!p) {
        wrong = metric.name;
        return std::nullopt;
      }
      metric.kind = Metric::Kind::Quantile;
      metric.p = *p;
    }
    made.push_back(std::move(metric));
    at = end + 1;
  }
  return made;
}

Summariser::Summariser(std::vector<Metric> metrics) : metrics_(std::move(metrics)), by_p_(metrics_.size()) {
  std::iota(by_p_.begin(), by_p_.end(), std::size_t{0});
  std::stable_sort(by_p_.begin(), by_p_.end(),
                   [&](std::size_t a, std::size_t b) { return metrics_[a].p < metrics_[b].p; });
}

void Summariser::operator()(std::span<double> draws, double* out) const {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  if (draws.empty() || std::any_of(draws.begin(), draws.end(), [](double x) { return std::isnan(x); })) {
    std::fill_n(out, metrics_.size(), kNaN);
    return;
  }
  const double n = static_cast<double>(draws.size());
  // Deviations from one draw, so that a mean far from 0 costs no digits.
  const double origin = std::isfinite(draws[0]) ? draws[0] : 0;
  double sum = 0;
  for (const double x : draws) sum += x - origin;
  const double mean = origin + sum / n;
  double squares = 0;
  for (const double x : draws) squares += (x - mean) * (x - mean);
  const double sd = draws.size() > 1 ? std::sqrt(squares / (n - 1)) : kNaN;
  OrderStatistics order(draws);
  for (const std::size_t m : by_p_) {
    const Metric::Kind kind = metrics_[m].kind;
    out[m] = kind == Metric::Kind::Mean ? mean : kind == Metric::Kind::Sd ? sd : order.quantile(metrics_[m].p);
  }
}

}  // namespace lacuna::runtime::predict
