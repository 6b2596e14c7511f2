// Adam (Kingma and Ba 2015), upwards, with bias correction.
#pragma once
#include <cmath>
#include <cstddef>
#include <vector>

namespace lacuna::runtime::infer {

struct Adam {
  static constexpr double kFirst = 0.9, kSecond = 0.99, kEpsilon = 1e-12;

  explicit Adam(std::size_t n = 0) : first(n), second(n) {}

  void step(const std::vector<double>& gradient, double rate, std::vector<double>& parameters) {
    power_first *= kFirst;
    power_second *= kSecond;
    const double a = rate / (1 - power_first), b = 1 / (1 - power_second);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      first[i] += (1 - kFirst) * (gradient[i] - first[i]);
      second[i] += (1 - kSecond) * (gradient[i] * gradient[i] - second[i]);
      parameters[i] += a * first[i] / (std::sqrt(b * second[i]) + kEpsilon);
    }
  }

  std::vector<double> first, second;
  double power_first = 1, power_second = 1;
};

}  // namespace lacuna::runtime::infer
