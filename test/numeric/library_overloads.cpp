#include "test/numeric/library_overloads.h"

#include <algorithm>
#include <cctype>

#include "compiler/check/library.h"

namespace lacuna::numeric {
namespace {

bool is_matrix(const std::string& type) {
  return type.starts_with("cov") || type.starts_with("corr") || type.starts_with("cholesky");
}

// Values that one parameter after another of a type gets; the same for vectors, whose elements are the list's.
std::vector<double> values_of(const Parameter& p, std::size_t number) {
  const bool vector = !p.dimensions.empty();
  const auto pick = [&](std::vector<double> all) { return vector ? all : std::vector<double>{all[number % all.size()]}; };
  if (p.type == "simplex") return {0.2, 0.3, 0.5};
  if (p.type == "ordered") return {-0.5, 0.8};
  if (p.type == "bool") return vector ? std::vector<double>{1, 1, 0} : std::vector<double>{0};
  if (p.type == "count") return {3};
  if (p.type == "unit") return pick({0.35, 0.6});
  if (p.type == "real" && !vector) return {p.name == "upper" || p.name == "high" ? 2.9 : 0.2};
  if (p.type == "real") return {0.2, 1.9, -0.4};
  return pick({1.3, 1.7, 0.9});
}

std::vector<double> target_of(const std::string& type, bool vector) {
  if (type == "simplex") return {0.2, 0.3, 0.5};
  if (type == "count") return vector ? std::vector<double>{1, 0, 2} : std::vector<double>{2};
  if (type == "unit") return {0.4};
  if (type == "bool" || type == "K") return {1};
  if (type == "interval") return {1.6};
  return {0.7};
}

void add_arguments(Overload& made, const Signature& s, bool components) {
  std::size_t number = 0;
  for (Parameter p : s.parameters) {
    if (p.type == "dist") continue;
    const bool simple = p.dimensions.empty();
    if (components && simple) p.dimensions = {"K"};
    made.matrix = made.matrix || is_matrix(p.type) || (!p.dimensions.empty() && p.dimensions[0] == "D");
    made.arguments.push_back({p.name, p, values_of(p, number++)});
  }
}

Overload overload(const std::string& name, const Signature& s, const std::string& base) {
  Overload made;
  made.name = name;
  made.base = base;
  made.signature = s;
  const bool components = std::any_of(s.parameters.begin(), s.parameters.end(), [](const Parameter& p) { return p.type == "dist" && !p.dimensions.empty(); });
  Signature of = s;
  if (!base.empty()) {
    of = signatures(base).front();
    add_arguments(made, of, components);
  }
  add_arguments(made, s, false);
  made.result = of.result;
  made.result_dimensions = of.result_dimensions;
  made.matrix = made.matrix || is_matrix(made.result) || (!made.result_dimensions.empty() && made.result_dimensions[0] == "D");
  if (!made.matrix) made.value = target_of(made.result, !made.result_dimensions.empty());
  made.title = name + base;
  for (const Argument& a : made.arguments) made.title += "_" + a.name;
  std::replace_if(made.title.begin(), made.title.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return made;
}

// An argument in a call, moved by the latent `move` within its type where it is real.
std::string written(const Argument& a, const std::string& subscript, bool moved) {
  const std::string& type = a.parameter.type;
  const bool vector = !a.parameter.dimensions.empty();
  const std::string cell = vector && !subscript.empty() ? subscript.substr(0, subscript.size() - 1) + ", k]" : vector ? "[k]" : subscript;
  std::string by;
  if (type == "real") by = a.name + cell + " + move";
  if (type == "positive" || type == "nonnegative") by = a.name + cell + " * exp(move)";
  if (type == "unit") by = a.name + cell + " ^ exp(move)";
  if (!moved || by.empty()) return a.name + subscript;
  return vector ? "[" + by + " for k in " + a.parameter.dimensions[0] + "]" : by;
}

}  // namespace

bool Overload::has(const std::string& argument) const {
  return std::any_of(arguments.begin(), arguments.end(), [&](const Argument& a) { return a.name == argument; });
}

double Overload::at(const std::string& argument) const {
  for (const Argument& a : arguments)
    if (a.name == argument) return a.values.at(0);
  return 0;
}

std::string Overload::call(const std::string& subscript, bool moved) const {
  const auto list = [&](bool own, const std::string& at, bool components) {
    std::string text;
    for (Argument a : arguments) {
      const bool mine = std::any_of(signature.parameters.begin(), signature.parameters.end(), [&](const Parameter& p) { return p.name == a.name; });
      if (mine != own) continue;
      if (components) a.parameter.dimensions.clear();
      text += (text.empty() ? "" : ", ") + a.name + " = " + written(a, at, moved);
    }
    return text;
  };
  if (base.empty()) return name + "(" + list(true, subscript, false) + ")";
  const Parameter& taken = signature.parameters[name == "Mixture" ? 1 : 0];
  const std::string inside = subscript.empty() ? "[k]" : subscript.substr(0, subscript.size() - 1) + ", k]";
  const std::string given = taken.dimensions.empty() ? base + "(" + list(false, subscript, false) + ")"
                                                     : "[" + base + "(" + list(false, inside, true) + ") for k in " + taken.dimensions[0] + "]";
  const std::string own = list(true, subscript, false);
  return name + "(" + taken.name + " = " + given + (own.empty() ? "" : ", " + own) + ")";
}

std::vector<Overload> library_overloads() {
  std::vector<Overload> all;
  for (const check::LibraryFile& file : check::embedded_library()) {
    if (std::string_view(file.path).find("distributions/") == std::string_view::npos) continue;
    for (const Signature& s : signatures(std::string(file.name))) {
      const bool combines = std::any_of(s.parameters.begin(), s.parameters.end(), [](const Parameter& p) { return p.type == "dist"; });
      if (!combines) all.push_back(overload(std::string(file.name), s, ""));
      for (const char* base : {"Normal", "Poisson"})
        if (combines) all.push_back(overload(std::string(file.name), s, base));
    }
  }
  return all;
}

}  // namespace lacuna::numeric
