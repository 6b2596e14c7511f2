#include "test/generate/expressions.h"

#include <fmt/format.h>

namespace lacuna::generate {

namespace {

const std::vector<std::string> kOperators = {"+", "-", "*"};
const std::vector<std::string> kComparisons = {"==", "!=", "<", "<=", ">", ">="};
const std::vector<std::string> kSmoothFunctions = {"tanh", "sin", "cos", "atan", "sigmoid", "erf", "square", "softplus"};
const std::vector<std::string> kReductions = {"sum", "mean", "max", "min", "logsumexp"};

}  // namespace

std::string Expressions::of_kind(Kind kind, int depth, Stage stage) {
  switch (kind) {
    case Kind::Positive: return positive(depth, stage);
    case Kind::Unit: return unit(depth, stage);
    case Kind::Bool: return truth(depth, stage);
    default: return real(depth, stage);
  }
}

std::string Expressions::literal() {
  return choices_.one_in(2) ? fmt::format("{}", choices_.below(5)) : fmt::format("{}.{}", choices_.below(3), 1 + choices_.below(9));
}

std::optional<std::string> Expressions::index_into(int dim, int depth) {
  std::vector<std::string> found;
  for (const Binder& binder : scope_.binders) {
    if (binder.dim == dim) found.push_back(binder.name);
  }
  if (depth > 0) {
    for (const Value& value : scope_.values) {
      if (value.kind != Kind::Index || value.index_of != dim || value.optional) continue;
      std::string text = value.name;
      bool whole = true;
      for (std::size_t i = 0; i < value.dims.size() && whole; ++i) {
        const auto inner = index_into(value.dims[i], 0);
        whole = inner.has_value();
        if (whole) text += (i == 0 ? "[" : ", ") + *inner;
      }
      if (whole) found.push_back(value.dims.empty() ? text : text + "]");
    }
  }
  if (found.empty()) return std::nullopt;
  return choices_.any_of(found);
}

std::optional<std::string> Expressions::element(const Value& value) {
  std::string text = value.name;
  for (std::size_t i = 0; i < value.dims.size(); ++i) {
    const auto index = index_into(value.dims[i], 1);
    if (!index) return std::nullopt;
    text += (i == 0 ? "[" : ", ") + *index;
  }
  return value.dims.empty() ? text : text + "]";
}

std::optional<std::string> Expressions::reference(Kind kind, Stage stage) {
  std::vector<std::string> found;
  for (const Value& value : scope_.values) {
    const bool fits = value.kind == kind || (kind == Kind::Real && value.kind != Kind::Index && value.kind != Kind::Bool);
    if (!fits || (stage == Stage::Data && !value.data)) continue;
    const auto text = element(value);
    if (!text) continue;
    if (!value.optional) {
      found.push_back(*text);
    } else if (kind == Kind::Real) {
      found.push_back(choices_.one_in(2) ? fmt::format("({} ?? {})", *text, literal())
                                         : fmt::format("(if present({0}) then {0} else {1})", *text, literal()));
    }
  }
  if (found.empty()) return std::nullopt;
  return choices_.any_of(found);
}

std::string Expressions::reduction(int depth, Stage stage) {
  const int dim = choices_.below(static_cast<int>(scope_.dimensions.size()));
  const std::string name = scope_.fresh("i");
  scope_.binders.push_back({name, dim});
  std::string body = real(depth - 1, stage);
  std::string condition;
  const std::string& reduce = choices_.any_of(kReductions);
  if (reduce == "sum" && choices_.one_in(3)) condition = " where " + truth(1, Stage::Data);
  scope_.binders.pop_back();
  return fmt::format("{}({} for {} in {}{})", reduce, body, name, scope_.dimensions[static_cast<std::size_t>(dim)], condition);
}

std::string Expressions::function_of_real(int depth, Stage stage) {
  if (choices_.one_in(4)) return fmt::format("exp(tanh({}))", real(depth - 1, stage));
  if (choices_.one_in(4)) return fmt::format("log({})", positive(depth - 1, stage));
  return fmt::format("{}({})", choices_.any_of(kSmoothFunctions), real(depth - 1, stage));
}

std::string Expressions::real(int depth, Stage stage) {
  if (depth <= 0 || choices_.one_in(4)) {
    if (const auto found = reference(Kind::Real, stage); found && !choices_.one_in(5)) return *found;
    return literal();
  }
  switch (choices_.below(8)) {
    case 0: return function_of_real(depth, stage);
    case 1: return reduction(depth, stage);
    case 2: return fmt::format("(if {} then {} else {})", truth(depth - 1, Stage::Data), real(depth - 1, stage), real(depth - 1, stage));
    case 3: return fmt::format("({} / {})", real(depth - 1, stage), positive(depth - 1, stage));
    case 4: return fmt::format("(-{} ^ 2)", real(depth - 1, stage));
    default: return fmt::format("({} {} {})", real(depth - 1, stage), choices_.any_of(kOperators), real(depth - 1, stage));
  }
}

std::string Expressions::positive(int depth, Stage stage) {
  if (depth <= 0 || choices_.one_in(4)) {
    if (const auto found = reference(Kind::Positive, stage); found && !choices_.one_in(5)) return *found;
    return fmt::format("{}.5", choices_.below(3));
  }
  switch (choices_.below(5)) {
    case 0: return fmt::format("exp(tanh({}))", real(depth - 1, stage));
    case 1: return fmt::format("(abs({}) + 0.1)", real(depth - 1, stage));
    case 2: return fmt::format("sqrt({})", positive(depth - 1, stage));
    case 3: return fmt::format("({} + {})", positive(depth - 1, stage), positive(depth - 1, stage));
    default: return fmt::format("({} * {})", positive(depth - 1, stage), positive(depth - 1, stage));
  }
}

std::string Expressions::unit(int depth, Stage stage) {
  if (depth <= 0 || choices_.one_in(3)) {
    if (const auto found = reference(Kind::Unit, stage); found && !choices_.one_in(5)) return *found;
    return fmt::format("0.{}", 1 + choices_.below(9));
  }
  if (choices_.one_in(2)) return fmt::format("(1 - {})", unit(depth - 1, stage));
  return fmt::format("sigmoid({})", real(depth - 1, stage));
}

std::string Expressions::truth(int depth, Stage stage) {
  if (depth <= 0 || choices_.one_in(4)) {
    if (const auto found = reference(Kind::Bool, stage); found && !choices_.one_in(5)) return *found;
    return fmt::format("({} {} {})", real(0, stage), choices_.any_of(kComparisons), real(0, stage));
  }
  switch (choices_.below(4)) {
    case 0: return fmt::format("({} && {})", truth(depth - 1, stage), truth(depth - 1, stage));
    case 1: return fmt::format("({} || {})", truth(depth - 1, stage), truth(depth - 1, stage));
    case 2: return fmt::format("!{}", truth(depth - 1, stage));
    default: return fmt::format("({} {} {})", real(depth - 1, stage), choices_.any_of(kComparisons), real(depth - 1, stage));
  }
}

}  // namespace lacuna::generate
