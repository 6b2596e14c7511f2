// Every distribution of the library adds up to 1: densities by quadrature, those of counts by summation; and is 0 at infinity, never NaN.
//
// Densities are integrated by the double-exponential rules of Takahasi and Mori (1974): with x = phi(t), the trapezoidal sum of f(phi(t)) phi'(t).
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "test/numeric/library_overloads.h"
#include "test/unit/density/lowered.h"

namespace lacuna::numeric {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kHalfPi = 1.57079632679489661923;

// Targets, one after the other, each with the weight of its density.
struct Nodes {
  std::vector<double> x;
  std::vector<double> weights;
};

void add(Nodes& nodes, double x, double weight) {
  nodes.x.push_back(x);
  nodes.weights.push_back(weight);
}

// Trapezoidal sums over t of what `at` adds.
void for_each_step(double from, double to, double step, const std::function<void(double t)>& at) {
  for (double t = from; t <= to; t += step) at(t);
}

// Strictly between two ends, the upper of which may be infinite.
Nodes interval(double low, double high, double step = 1.0 / 64) {
  Nodes nodes;
  for_each_step(-4, 4, step, [&](double t) {
    const double s = kHalfPi * std::sinh(t), slope = kHalfPi * std::cosh(t) * step;
    double x = 0, weight = 0;
    if (std::isinf(high)) {
      x = low + std::exp(s), weight = std::exp(s) * slope;
    } else {
      const double share = 1 / (1 + std::exp(-2 * s));
      x = low + (high - low) * share, weight = 2 * (high - low) * share * (1 - share) * slope;
    }
    if (x > low && x < high && weight > 0) add(nodes, x, weight);
  });
  return nodes;
}

// Both half lines from `centre`, where a density may have a kink.
Nodes whole_line(double centre) {
  Nodes nodes = interval(centre, kInf);
  for (std::size_t i = 0, n = nodes.x.size(); i < n; ++i) add(nodes, 2 * centre - nodes.x[i], nodes.weights[i]);
  return nodes;
}

Nodes counts(std::int64_t last) {
  Nodes nodes;
  for (std::int64_t x = 0; x <= last; ++x) add(nodes, static_cast<double>(x), 1);
  return nodes;
}

// Three counts with this total.
Nodes compositions(std::int64_t total) {
  Nodes nodes;
  for (std::int64_t a = 0; a <= total; ++a)
    for (std::int64_t b = 0; a + b <= total; ++b) {
      nodes.x.insert(nodes.x.end(), {static_cast<double>(a), static_cast<double>(b), static_cast<double>(total - a - b)});
      nodes.weights.push_back(1);
    }
  return nodes;
}

// (u, (1 - u) v, (1 - u) (1 - v)) over two unit intervals.
Nodes simplices() {
  Nodes nodes;
  const Nodes line = interval(0, 1, 1.0 / 16);
  for (std::size_t i = 0; i < line.x.size(); ++i)
    for (std::size_t k = 0; k < line.x.size(); ++k) {
      const double u = line.x[i], v = line.x[k];
      nodes.x.insert(nodes.x.end(), {u, (1 - u) * v, (1 - u) * (1 - v)});
      nodes.weights.push_back(line.weights[i] * line.weights[k] * (1 - u));
    }
  return nodes;
}

Nodes nodes_of(const Overload& o) {
  if (o.result == "bool") return counts(1);
  if (o.result == "K") return counts(2);
  if (o.result == "count") return o.result_dimensions.empty() ? counts(4000) : compositions(3);
  if (o.result == "simplex") return simplices();
  double low = -kInf, high = kInf;
  if (o.result == "unit") low = 0, high = 1;
  if (o.result == "positive" || o.result == "nonnegative") low = 0;
  if (o.result == "interval") low = o.has("low") ? o.at("low") : o.at("scale"), high = o.has("high") ? o.at("high") : kInf;
  if (o.name == "Truncated") low = o.at("lower"), high = o.at("upper");
  return std::isinf(low) ? whole_line(o.has("loc") ? o.at("loc") : 0) : interval(low, high);
}

// The type of data that the distribution itself must refuse, or give a density of 0.
std::string loose(const std::string& type) { return type == "count" ? "int" : type == "bool" || type == "K" || type == "simplex" ? type : "real"; }

class Normalisation : public testing::TestWithParam<Overload> {
 public:
  // The log densities at the nodes; empty when binding refuses one of them.
  static std::vector<double> log_densities(const Overload& o, const std::vector<double>& x) {
    std::string arguments;
    for (const Argument& a : o.arguments) {
      std::string dims;
      for (const std::string& d : a.parameter.dimensions) dims += (dims.empty() ? "" : ", ") + d;
      arguments += a.name + ": " + a.parameter.type + (dims.empty() ? "" : "[" + dims + "]") + ", ";
    }
    const std::string target = o.result_dimensions.empty() ? loose(o.result) : o.result;
    const std::string event = o.result_dimensions.empty() ? "" : ", " + o.result_dimensions[0];
    const std::string program =
        std::string(kOverloadDimensions) + "model sums(" + arguments + "x: " + target + "[N" + event + "]) {\n  observe x ~ " + o.call("", false) + "\n}\n";
    const density::Lowered lowered = density::lower_text("sums.ppl", program, {.pointwise = true});
    EXPECT_TRUE(lowered.complete) << lowered.mistakes << program;
    if (!lowered.complete) return {};
    ir::Interpreter run(lowered.module, ir::Precision::Double);
    run.set_size(lowered.module.find_dim("N"), static_cast<std::int64_t>(x.size() / o.value.size()));
    for (std::uint32_t i = 0; i < lowered.module.buffers.size(); ++i) {
      const ir::Buffer& buffer = lowered.module.buffers[i];
      if (buffer.kind != ir::BufferKind::Input) continue;
      const std::vector<double>* values = &x;
      for (const Argument& a : o.arguments)
        if (a.name == buffer.name) values = &a.values;
      ir::InputArray array;
      for (const double v : *values) {
        if (buffer.element.scalar == ir::Scalar::Real) array.reals.push_back(v);
        else array.whole.push_back(static_cast<std::int64_t>(v));
      }
      run.set_input({i}, std::move(array));
    }
    if (!run.bind().ok() || !run.call("pointwise").ok()) return {};
    std::vector<double> all;
    for (const ir::Cell& cell : run.contents(lowered.module.find_buffer("pointwise.x"))) all.push_back(static_cast<double>(cell.real));
    return all;
  }

  void SetUp() override {
    const Overload& o = GetParam();
    if (o.matrix) GTEST_SKIP() << "over matrices: not compiled yet";
    if (o.name == "Flat") GTEST_SKIP() << "is improper";
    if (o.name == "IntervalCensored") GTEST_SKIP() << "adds up over intervals, as below";
    if ((o.name == "ZeroInflated" || o.name == "Hurdle") && o.base == "Normal") GTEST_SKIP() << "has an atom beside its density";
  }
};

TEST_P(Normalisation, AddsUpToOne) {
  const Nodes nodes = nodes_of(GetParam());
  const std::vector<double> logs = log_densities(GetParam(), nodes.x);
  ASSERT_EQ(logs.size(), nodes.weights.size()) << "the nodes are refused";
  double total = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    ASSERT_FALSE(std::isnan(logs[i])) << "at node " << i;
    total += nodes.weights[i] * std::exp(logs[i]);
  }
  EXPECT_NEAR(total, 1, 1e-10);
}

// Outside its support a distribution's data are refused, or its density is 0; at the edges it is a number, or infinite, but not NaN.
TEST_P(Normalisation, IsZeroOutsideAndNoNanAtTheEdges) {
  const Overload& o = GetParam();
  if (o.result == "bool" || o.result == "K" || !o.result_dimensions.empty()) GTEST_SKIP() << "is never outside; vectors are in the tables";
  const bool counts = o.result == "count";
  const double below = o.result == "real" && o.name != "Truncated" ? -kInf : -1;
  for (const double x : {below, -kInf, counts ? -5.0 : kInf, std::nextafter(o.has("low") ? o.at("low") : 0.0, -1.0)}) {
    const bool inside = o.result == "real" && o.name != "Truncated" && std::isfinite(x);
    if (inside || (counts && (!std::isfinite(x) || x > -1))) continue;
    const std::vector<double> logs = log_densities(o, {x});
    for (const double log : logs) EXPECT_EQ(log, -kInf) << "at " << x << " " << o.title;
  }
  for (const double x : {0.0, 1.0, o.has("low") ? o.at("low") : 0.0, o.has("high") ? o.at("high") : 1.0, o.name == "Pareto" ? o.at("scale") : 0.0})
    for (const double log : log_densities(o, {x})) EXPECT_FALSE(std::isnan(log)) << "at " << x;
}

INSTANTIATE_TEST_SUITE_P(Library, Normalisation, testing::ValuesIn(library_overloads()), [](const auto& each) { return each.param.title; });

// The intervals between edges hold all of the mass.
TEST(CensoredIntervals, HoldAllOfTheMass) {
  for (Overload o : library_overloads()) {
    if (o.name != "IntervalCensored") continue;
    double total = 0;
    for (int i = -1; i < 60; ++i) {
      const double low = i < 0 ? -kInf : i - 10, high = i == 59 ? kInf : i - 9;
      for (Argument& a : o.arguments)
        if (a.name == "upper") a.values = {high};
      if (o.result == "count" && low < 0) continue;
      const std::vector<double> logs = Normalisation::log_densities(o, {low});
      ASSERT_EQ(logs.size(), 1U) << o.title << " from " << low;
      total += std::exp(logs[0]);
    }
    const double below = o.result == "count" ? std::exp(-1.3) : 0;  // P(Y = 0) lies under the first interval
    EXPECT_NEAR(total + below, 1, 1e-12) << o.title;
  }
}

}  // namespace
}  // namespace lacuna::numeric
