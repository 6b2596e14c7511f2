// Calls of the library's distributions by position, by name in either order, and by each alias mean the same model.
#include <gtest/gtest.h>

#include <optional>

#include "test/unit/stdlib/library.h"

namespace lacuna::stdlib {
namespace {

// What stands for one parameter in a call, and the model argument that it reads, if any.
struct Argument {
  std::string name;
  std::vector<std::string> aliases;
  std::string text;
  std::string declaration;
};

std::string written(const syntax::TypeExpr& type) {
  std::string text(type.name.text);
  for (std::size_t i = 0; i < type.dimensions.size(); ++i)
    text += (i == 0 ? "[" : ", ") + std::string(type.dimensions[i].text);
  return type.dimensions.empty() ? text : text + "]";
}

std::vector<Argument> arguments_of(const syntax::DistDecl& dist) {
  std::vector<Argument> all;
  for (const syntax::Parameter& p : dist.parameters) {
    if (p.is_dimension) continue;
    Argument a;
    a.name = p.name.text;
    for (const syntax::Name& alias : p.aliases) a.aliases.emplace_back(alias.text);
    if (p.type->name.text == "dist") {
      a.text = p.type->dimensions.empty() ? "Normal(0, 1)"
                                          : "[Normal(0, 1) for k in " + std::string(p.type->dimensions[0].text) + "]";
    } else {
      a.text = "given_" + a.name;
      a.declaration = a.text + ": " + written(*p.type) + ", ";
    }
    all.push_back(a);
  }
  return all;
}

// The type of an observed value of the distribution. A combinator's is that of the base that `arguments_of` gives.
std::string value_type(const syntax::DistDecl& dist) {
  const std::string type = written(*dist.result);
  for (const syntax::Parameter& p : dist.parameters)
    if (p.name.text == type) return "real";
  return type == "interval" ? "real" : type;
}

std::string program(const syntax::DistDecl& dist, const std::vector<Argument>& arguments, const std::string& call) {
  std::string text;
  for (const syntax::Parameter& p : dist.parameters)
    if (p.is_dimension) text += "dim K = 3\ndim " + std::string(p.name.text) + " = K - 1\n";
  text += "model calls(";
  for (const Argument& a : arguments) text += a.declaration;
  return text + "y: " + value_type(dist) + ") {\n  observe y ~ " + std::string(dist.name.text) + "(" + call + ")\n}\n";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

// Every other way to write the call in which all arguments are named in order.
std::vector<std::string> other_calls(const std::vector<Argument>& arguments, bool first_overload) {
  std::vector<std::string> named, reversed, positions;
  for (const Argument& a : arguments) {
    named.push_back(a.name + " = " + a.text);
    reversed.insert(reversed.begin(), named.back());
    positions.push_back(a.text);
  }
  std::vector<std::string> calls = {joined(reversed)};
  if (first_overload) calls.push_back(joined(positions));
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    for (const std::string& alias : arguments[i].aliases) {
      std::vector<std::string> renamed = named;
      renamed[i] = alias + " = " + arguments[i].text;
      calls.push_back(joined(renamed));
    }
  }
  return calls;
}

TEST(Calls, MeanTheSameHoweverTheyAreWritten) {
  int overloads = 0;
  int calls = 0;
  for (const check::LibraryFile& file : check::embedded_library()) {
    if (!is_distribution(file)) continue;
    const Compilation library{std::string(file.text)};
    bool first = true;
    for (const syntax::Decl* declaration : library.program().declarations) {
      const auto* dist = declaration->get_if<syntax::DistDecl>();
      ASSERT_NE(dist, nullptr) << file.path;
      const std::vector<Argument> arguments = arguments_of(*dist);
      std::vector<std::string> named;
      for (const Argument& a : arguments) named.push_back(a.name + " = " + a.text);
      Compilation reference{program(*dist, arguments, joined(named))};
      const std::string model = reference.model();
      EXPECT_EQ(reference.mistakes(), "") << program(*dist, arguments, joined(named));
      for (const std::string& call : other_calls(arguments, first)) {
        Compilation other{program(*dist, arguments, call)};
        EXPECT_EQ(other.model(), model) << program(*dist, arguments, call);
        ++calls;
      }
      first = false;
      ++overloads;
    }
  }
  EXPECT_GT(overloads, 50);
  EXPECT_GT(calls, 100);
}

// The first overload is the one called by position, also when another has as many parameters.
TEST(Calls, ByPositionTakeTheFirstOverload) {
  Compilation by_position{"model m(y: real) {\n  observe y ~ Gamma(2, 3)\n}\n"};
  Compilation by_name{"model m(y: real) {\n  observe y ~ Gamma(concentration = 2, rate = 3)\n}\n"};
  Compilation other{"model m(y: real) {\n  observe y ~ Gamma(mean = 2, shape = 3)\n}\n"};
  EXPECT_EQ(by_position.model(), by_name.model());
  EXPECT_NE(other.model(), by_name.model());
  EXPECT_EQ(other.mistakes(), "");
}

TEST(Calls, MixUpNamesOfTwoOverloadsIsAMistake) {
  EXPECT_NE(Compilation{"model m(y: real) {\n  observe y ~ Gamma(concentration = 2, shape = 3)\n}\n"}.mistakes(), "");
  EXPECT_NE(Compilation{"model m(y: bool) {\n  observe y ~ Bernoulli(p = 0.5, logit = 0)\n}\n"}.mistakes(), "");
  EXPECT_NE(Compilation{"model m(y: bool) {\n  observe y ~ Bernoulli(p = 0.5, probs = 0.5)\n}\n"}.mistakes(), "");
}

}  // namespace
}  // namespace lacuna::stdlib
