#include "compiler/check/interval_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "compiler/check/interval_arithmetic.h"

namespace lacuna::check {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kPi = std::numbers::pi;

// lgamma has its least value on (0, inf) at 1.4616321449683623 (the zero of digamma).
constexpr double kLgammaLeastAt = 1.4616321449683623;
constexpr double kLgammaLeast = -0.12148629053584961;

double sigmoid(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
double logit(double x) { return std::log(x) - std::log1p(-x); }
double log1mexp(double x) { return x > -std::numbers::ln2 ? std::log(-std::expm1(x)) : std::log1p(-std::exp(x)); }
double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }
double logaddexp(double a, double b) {
  if (a == b) return a + std::numbers::ln2;
  return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
}

// The image of a function that rises on [domain.lo, domain.hi]; what lies outside its domain gives no value. `limits` are its
// values at the domain's ends.
template <class F>
Interval rising(F f, Interval a, Interval domain = {}, Interval limits = {}) {
  const Interval x = types::intersect(a, domain);
  if (x.lo > x.hi) return limits;
  Interval r;
  const bool from_end = x.lo <= domain.lo, to_end = x.hi >= domain.hi;
  r.lo = from_end ? limits.lo : f(x.lo);
  r.hi = to_end ? limits.hi : f(x.hi);
  r.lo_open = from_end ? limits.lo_open || x.lo_open : x.lo_open;
  r.hi_open = to_end ? limits.hi_open || x.hi_open : x.hi_open;
  return r;
}

template <class F>
Interval falling(F f, Interval a, Interval domain = {}, Interval limits = {}) {
  return negate(rising([&](double x) { return -f(x); }, a, domain, negate(limits)));
}

// Functions of one operand that only rise or only fall; false for the others.
bool monotone(Builtin op, Interval a, Interval& r) {
  const Interval positive_open{0, kInf, true, false}, unit_open{0, 1, true, true}, sign_open{-1, 1, true, true};
  switch (op) {
    case Builtin::Floor: r = rising([](double x) { return std::floor(x); }, {a.lo, a.hi}); return true;
    case Builtin::Ceil: r = rising([](double x) { return std::ceil(x); }, {a.lo, a.hi}); return true;
    case Builtin::Round: r = rising([](double x) { return std::round(x); }, {a.lo, a.hi}); return true;
    case Builtin::Sign: r = rising([](double x) { return double((x > 0) - (x < 0)); }, {a.lo, a.hi}, {}, {-1, 1}); return true;
    case Builtin::Exp: r = rising([](double x) { return std::exp(x); }, a, {}, positive_open); return true;
    case Builtin::Expm1: r = rising([](double x) { return std::expm1(x); }, a, {}, {-1, kInf, true, false}); return true;
    case Builtin::Log: r = rising([](double x) { return std::log(x); }, a, {0, kInf}); return true;
    case Builtin::Log1p: r = rising([](double x) { return std::log1p(x); }, a, {-1, kInf}); return true;
    case Builtin::Sqrt: r = rising([](double x) { return std::sqrt(x); }, a, {0, kInf}, {0, kInf}); return true;
    case Builtin::Asin: r = rising([](double x) { return std::asin(x); }, a, {-1, 1}, {-kPi / 2, kPi / 2}); return true;
    case Builtin::Acos: r = falling([](double x) { return std::acos(x); }, a, {-1, 1}, {0, kPi}); return true;
    case Builtin::Atan: r = rising([](double x) { return std::atan(x); }, a, {}, {-kPi / 2, kPi / 2}); return true;
    case Builtin::Sinh: r = rising([](double x) { return std::sinh(x); }, a); return true;
    case Builtin::Tanh: r = rising([](double x) { return std::tanh(x); }, a, {}, sign_open); return true;
    case Builtin::Sigmoid: r = rising(sigmoid, a, {}, unit_open); return true;
    case Builtin::Logit: r = rising(logit, a, {0, 1}); return true;
    case Builtin::Softplus: r = rising(softplus, a, {}, positive_open); return true;
    case Builtin::Log1mexp: r = falling(log1mexp, a, {-kInf, 0}, {-kInf, 0, false, true}); return true;
    case Builtin::Erf: r = rising([](double x) { return std::erf(x); }, a, {}, sign_open); return true;
    case Builtin::Erfc: r = falling([](double x) { return std::erfc(x); }, a, {}, {0, 2, true, true}); return true;
    case Builtin::NormalCdf: r = rising(normal_cdf, a, {}, unit_open); return true;
    default: return false;
  }
}

Interval cosh_of(Interval a) {
  const Interval magnitude = absolute(a);
  return rising([](double x) { return std::cosh(x); }, magnitude, {0, kInf}, {1, kInf});
}

Interval lgamma_of(Interval a) {
  if (a.lo < 0) return Interval::all();
  const double top = std::max(std::lgamma(a.lo), std::lgamma(a.hi));
  if (a.lo >= kLgammaLeastAt) return {std::lgamma(a.lo), top};
  return {a.hi <= kLgammaLeastAt ? std::min(kLgammaLeast, std::lgamma(a.hi)) : kLgammaLeast, top};
}

Interval integer_quotient(Interval a, Interval b) {
  const Interval q = divide(a, b);
  return {std::floor(q.lo), q.hi < 0 ? std::ceil(q.hi) : std::floor(q.hi)};
}

// Sums of any number of values, none included.
Interval sum_of(Interval a) {
  if (a.lo == 0 && a.hi == 0) return a;
  return {a.lo >= 0 ? 0 : -kInf, a.hi <= 0 ? 0 : kInf};
}

Interval cumulative_sum_of(Interval a) {
  const Interval more = sum_of(a);
  return {a.lo >= 0 ? a.lo : more.lo, a.hi <= 0 ? a.hi : more.hi, a.lo >= 0 && a.lo_open, a.hi <= 0 && a.hi_open};
}

// Products of any number of values, none (which gives 1) included.
Interval product_of(Interval a) {
  if (a.lo >= 0) return {a.lo >= 1 ? 1.0 : 0.0, a.hi <= 1 ? 1.0 : kInf};
  if (a.lo >= -1 && a.hi <= 1) return {-1, 1};
  return Interval::all();
}

Interval reduction(Builtin op, Interval body) {
  switch (op) {
    case Builtin::Sum: return sum_of(body);
    case Builtin::Prod: return product_of(body);
    case Builtin::Mean:
    case Builtin::Min:
    case Builtin::Max: return body;
    case Builtin::Any:
    case Builtin::All: return Interval::unit();
    case Builtin::Count: return Interval::nonnegative();
    default: return Interval::all();
  }
}

Interval of_two(Builtin op, Interval a, Interval b, bool same_operands) {
  switch (op) {
    case Builtin::Add: return add(a, b);
    case Builtin::Subtract: return same_operands ? Interval::point(0) : add(a, negate(b));
    case Builtin::Multiply: return same_operands ? square(a) : multiply(a, b);
    case Builtin::ScaleRows: return multiply(a, b);
    case Builtin::Divide: return same_operands ? Interval::point(1) : divide(a, b);
    case Builtin::Modulo: return modulo(a, b);
    case Builtin::Power: return power(a, b);
    case Builtin::Contract: return sum_of(multiply(a, b));
    case Builtin::Coalesce: return types::hull(a, b);
    case Builtin::Div: return integer_quotient(a, b);
    case Builtin::Min: return smaller(a, b);
    case Builtin::Max: return larger(a, b);
    case Builtin::Atan2: return {-kPi, kPi};
    case Builtin::Logaddexp: return {logaddexp(a.lo, b.lo), logaddexp(a.hi, b.hi)};
    case Builtin::GammaP:
    case Builtin::GammaQ: return Interval::unit();
    default: return Interval::all();
  }
}

Interval of_one(Builtin op, Interval a) {
  Interval r;
  if (monotone(op, a, r)) return r;
  switch (op) {
    case Builtin::Negate: return negate(a);
    case Builtin::Abs: return absolute(a);
    case Builtin::Square: return square(a);
    case Builtin::Sin:
    case Builtin::Cos: return {-1, 1};
    case Builtin::Cosh: return cosh_of(a);
    case Builtin::Lgamma: return lgamma_of(a);
    case Builtin::Cumsum: return cumulative_sum_of(a);
    case Builtin::Transpose: return a;
    case Builtin::Diag: return types::hull(a, Interval::point(0));  // a vector's matrix has zeros beside it
    case Builtin::Size: return Interval::nonnegative();
    default: return is_reduction(op) ? reduction(op, a) : Interval::all();
  }
}

bool gives_bool(Builtin op) {
  const Rule rule = builtin_entry(op).rule;
  return rule == Rule::Compare || rule == Rule::Logic || op == Builtin::Present;
}

}  // namespace

Interval interval_of(Builtin op, std::span<const Interval> operands, bool same_operands) {
  if (gives_bool(op)) return Interval::unit();
  for (const Interval& operand : operands)
    if (!(operand.lo <= operand.hi)) return Interval::all();
  switch (operands.size()) {
    case 0: return op == Builtin::StandardUniform ? Interval{0, 1, true, true} : Interval::all();
    case 1: return of_one(op, operands[0]);
    case 2: return of_two(op, operands[0], operands[1], same_operands);
    default: break;
  }
  if (op == Builtin::Clamp) return smaller(larger(operands[0], operands[1]), operands[2]);
  if (op == Builtin::BetaInc) return Interval::unit();
  return Interval::all();
}

Interval widen(Interval before, Interval after) {
  constexpr std::array kStops{-kInf, -1.0, 0.0, 1.0, kInf};
  Interval r = types::hull(before, after);
  if (after.lo < before.lo) {
    r.lo = *std::prev(std::upper_bound(kStops.begin(), kStops.end(), after.lo));
    r.lo_open = false;
  }
  if (after.hi > before.hi) {
    r.hi = *std::lower_bound(kStops.begin(), kStops.end(), after.hi);
    r.hi_open = false;
  }
  return r;
}

}  // namespace lacuna::check
