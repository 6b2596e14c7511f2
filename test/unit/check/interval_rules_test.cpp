#include "compiler/check/interval_rules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace lacuna::check {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

struct Case {
  Builtin op;
  std::function<double(double, double)> value;
  bool integers = false;
};

double floor_modulo(double a, double b) { return a - b * std::floor(a / b); }

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {Builtin::Add, [](double a, double b) { return a + b; }},
      {Builtin::Subtract, [](double a, double b) { return a - b; }},
      {Builtin::Multiply, [](double a, double b) { return a * b; }},
      {Builtin::Divide, [](double a, double b) { return a / b; }},
      {Builtin::Power, [](double a, double b) { return std::pow(a, b); }},
      {Builtin::Power, [](double a, double b) { return std::pow(a, b); }, true},
      {Builtin::Modulo, floor_modulo, true},
      {Builtin::Div, [](double a, double b) { return std::floor(a / b); }, true},
      {Builtin::Div, [](double a, double b) { return std::trunc(a / b); }, true},
      {Builtin::Min, [](double a, double b) { return std::min(a, b); }},
      {Builtin::Max, [](double a, double b) { return std::max(a, b); }},
      {Builtin::Atan2, [](double a, double b) { return std::atan2(a, b); }},
      {Builtin::Logaddexp, [](double a, double b) { return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b))); }},
      {Builtin::Coalesce, [](double a, double b) { return std::fmod(std::abs(a), 2) < 1 ? a : b; }},
      {Builtin::Negate, [](double a, double) { return -a; }},
      {Builtin::Abs, [](double a, double) { return std::abs(a); }},
      {Builtin::Sign, [](double a, double) { return double((a > 0) - (a < 0)); }},
      {Builtin::Floor, [](double a, double) { return std::floor(a); }},
      {Builtin::Ceil, [](double a, double) { return std::ceil(a); }},
      {Builtin::Round, [](double a, double) { return std::round(a); }},
      {Builtin::Exp, [](double a, double) { return std::exp(a); }},
      {Builtin::Expm1, [](double a, double) { return std::expm1(a); }},
      {Builtin::Log, [](double a, double) { return std::log(a); }},
      {Builtin::Log1p, [](double a, double) { return std::log1p(a); }},
      {Builtin::Sqrt, [](double a, double) { return std::sqrt(a); }},
      {Builtin::Square, [](double a, double) { return a * a; }},
      {Builtin::Sin, [](double a, double) { return std::sin(a); }},
      {Builtin::Cos, [](double a, double) { return std::cos(a); }},
      {Builtin::Tan, [](double a, double) { return std::tan(a); }},
      {Builtin::Asin, [](double a, double) { return std::asin(a); }},
      {Builtin::Acos, [](double a, double) { return std::acos(a); }},
      {Builtin::Atan, [](double a, double) { return std::atan(a); }},
      {Builtin::Sinh, [](double a, double) { return std::sinh(a); }},
      {Builtin::Cosh, [](double a, double) { return std::cosh(a); }},
      {Builtin::Tanh, [](double a, double) { return std::tanh(a); }},
      {Builtin::Sigmoid, [](double a, double) { return 1 / (1 + std::exp(-a)); }},
      {Builtin::Logit, [](double a, double) { return std::log(a / (1 - a)); }},
      {Builtin::Softplus, [](double a, double) { return std::log1p(std::exp(a)); }},
      {Builtin::Log1mexp, [](double a, double) { return std::log1p(-std::exp(a)); }},
      {Builtin::Erf, [](double a, double) { return std::erf(a); }},
      {Builtin::Erfc, [](double a, double) { return std::erfc(a); }},
      {Builtin::NormalCdf, [](double a, double) { return 0.5 * std::erfc(-a / std::sqrt(2.0)); }},
      {Builtin::Lgamma, [](double a, double) { return std::lgamma(a); }},
  };
  return all;
}

double random_end(std::mt19937& random, bool integer) {
  static const double special[] = {-kInf, -1, 0, 0, 1, kInf};
  std::uniform_int_distribution<int> which(0, 9);
  const int i = which(random);
  if (i < 6) return special[i];
  const double x = std::uniform_real_distribution<double>(-6, 6)(random);
  return integer ? std::round(x) : x;
}

Interval random_interval(std::mt19937& random, bool integer) {
  double a = random_end(random, integer), b = random_end(random, integer);
  if (a > b) std::swap(a, b);
  if (std::uniform_int_distribution<int>(0, 5)(random) == 0 && std::isfinite(a)) b = a;
  if (std::isinf(a) && a == b) return Interval::all();
  return {a, b};
}

// A finite value of the interval, its finite ends among them.
double random_value(std::mt19937& random, Interval in, bool integer) {
  const double lo = std::max(in.lo, -40.0), hi = std::min(in.hi, 40.0);
  const int where = std::uniform_int_distribution<int>(0, 5)(random);
  if (where == 0 && std::isfinite(in.lo)) return in.lo;
  if (where == 1 && std::isfinite(in.hi)) return in.hi;
  const double x = lo + (hi - lo) * std::uniform_real_distribution<double>(0, 1)(random);
  return integer ? std::clamp(std::round(x), std::ceil(lo), std::floor(hi)) : x;
}

TEST(IntervalRules, HoldEveryValueOfTheOperation) {
  std::mt19937 random(20);
  for (const Case& c : cases()) {
    int tried = 0;
    for (int trial = 0; trial < 3000; ++trial) {
      const Interval a = random_interval(random, c.integers), b = random_interval(random, c.integers);
      const std::vector<Interval> both{a, b};
      const int arity = builtin_entry(c.op).min_arity == 1 && c.op != Builtin::Min && c.op != Builtin::Max ? 1 : 2;
      const Interval r = interval_of(c.op, std::span(both).first(arity));
      for (int i = 0; i < 8; ++i) {
        const double x = random_value(random, a, c.integers), y = random_value(random, b, c.integers);
        const double v = c.value(x, y);
        if (!std::isfinite(v)) continue;  // at a pole, or outside the domain
        ++tried;
        const double slack = 1e-12 * std::max(1.0, std::abs(v));
        ASSERT_LE(r.lo - slack, v) << builtin_entry(c.op).spelling << " at " << x << ", " << y << " in [" << a.lo << ", " << a.hi << "]";
        ASSERT_GE(r.hi + slack, v) << builtin_entry(c.op).spelling << " at " << x << ", " << y << " in [" << a.lo << ", " << a.hi << "], [" << b.lo
                                   << ", " << b.hi << "]";
      }
    }
    EXPECT_GT(tried, 1000) << builtin_entry(c.op).spelling;
  }
}

TEST(IntervalRules, HoldEveryReduction) {
  std::mt19937 random(20);
  for (int trial = 0; trial < 5000; ++trial) {
    const Interval body = random_interval(random, false);
    const int count = std::uniform_int_distribution<int>(0, 5)(random);
    double sum = 0, product = 1, least = kInf, most = -kInf;
    for (int i = 0; i < count; ++i) {
      const double x = random_value(random, body, false);
      sum += x;
      product *= x;
      least = std::min(least, x);
      most = std::max(most, x);
      const Interval running = interval_of(Builtin::Cumsum, {{body}});
      ASSERT_TRUE(running.lo - 1e-12 <= sum && sum <= running.hi + 1e-12);
    }
    const auto expect = [&](Builtin op, double v) {
      const Interval r = interval_of(op, std::vector<Interval>{body});
      ASSERT_LE(r.lo - 1e-12, v) << builtin_entry(op).spelling;
      ASSERT_GE(r.hi + 1e-12, v) << builtin_entry(op).spelling;
    };
    expect(Builtin::Sum, sum);
    expect(Builtin::Prod, product);
    if (count == 0) continue;
    expect(Builtin::Mean, sum / count);
    expect(Builtin::Min, least);
    expect(Builtin::Max, most);
  }
}

Interval of(Builtin op, std::vector<Interval> operands, bool same = false) { return interval_of(op, operands, same); }

TEST(IntervalRules, SupportsOfTheLanguagePage) {
  const Interval z;
  EXPECT_EQ(of(Builtin::Multiply, {Interval::positive(), of(Builtin::Exp, {z})}), Interval::positive());
  EXPECT_EQ(of(Builtin::Sqrt, {z}), Interval::nonnegative());
  EXPECT_EQ(of(Builtin::Subtract, {Interval::point(1), Interval::unit()}), Interval::unit());
  EXPECT_EQ(of(Builtin::Power, {z, Interval::point(2)}), Interval::nonnegative());
  EXPECT_EQ(of(Builtin::Multiply, {z, z}, true), Interval::nonnegative());
  EXPECT_EQ(of(Builtin::Sum, {Interval::positive()}), Interval::nonnegative());
}

TEST(IntervalRules, ZeroTimesUnboundedIsZero) {
  EXPECT_EQ(of(Builtin::Multiply, {Interval::point(0), Interval{}}), Interval::point(0));
}

TEST(IntervalRules, WidenStopsAtLandmarks) {
  EXPECT_EQ(widen(Interval::unit(), {-0.25, 1}), (Interval{-1, 1}));
  EXPECT_EQ(widen({0.5, 0.5}, {0.5, 0.75}), (Interval{0.5, 1}));
  EXPECT_EQ(widen({0, 1}, {-3, 2}), Interval::all());
  EXPECT_EQ(widen({2, 3}, {0.25, 3}), (Interval{0, 3}));
}

}  // namespace
}  // namespace lacuna::check
