// A program that evaluates one parametrisation of a library distribution at the rows of a table.
//
// needs    the first column of a table of `distributions/`, and the library's own declarations
// leaves   the program's text: parameters are latents under `Flat` (or data where no derivative is asked for), the value is the target
// shown by test/numeric/distributions_test.cpp
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace lacuna::numeric {

// One parameter as a row gives it: a number, `true`, or a nested list.
struct Given {
  std::string name;
  std::string text;
};

struct Parameters {
  std::string base;  // of a combinator: the distribution that it takes; empty otherwise
  bool components = false;  // a Mixture: lists of the base's parameters
  std::vector<Given> given;
};

Parameters read_parameters(const std::string& cell);

// The numbers of a cell in order, however they are nested; `true` is 1.
std::vector<long double> numbers(const std::string& text);
// The lengths of a nested list, outermost first; empty for a number.
std::vector<std::size_t> shape(const std::string& text);

// A distribution's signature as words.
struct Parameter {
  std::string name;
  std::string type;                     // "positive", "simplex", "dist"
  std::vector<std::string> dimensions;  // of the type's brackets
  bool has_default = false;
};
struct Signature {
  std::vector<Parameter> parameters;
  std::string result;
  std::vector<std::string> result_dimensions;
  std::vector<std::string> derived;  // `dim C = K - 1`: "C"
};

// One for each parametrisation that the library declares under this name.
std::vector<Signature> signatures(const std::string& distribution);

struct LibraryProgram {
  std::string text;
  std::string mistake;               // why there is none
  std::vector<std::string> latents;  // parameters that are latents
  bool latent_value = false;         // the value `x` is a latent too, not data
};

// `member`: `log_density`, or another whose value is then given as if it were the log density. `latents`: the parameters that have a
// derivative in the table; `latent_value`: so has the value. `at`: a value, for its shape.
LibraryProgram library_program(const std::string& distribution, const Parameters& parameters, const std::string& member,
                               const std::vector<std::string>& latents, bool latent_value, const std::string& at);

// `HalfNormal` for `half_normal`; empty when the library has no such file.
std::string library_name(const std::string& table);

}  // namespace lacuna::numeric
