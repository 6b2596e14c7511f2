// Every parametrisation of every distribution of the library, with values that it takes: what is added to the library is in the list.
//
// needs    the library's own declarations
// leaves   arguments with a cell's values each, the call by names, the target's type with a value
// shown by test/numeric/masked_cells_test.cpp, test/numeric/normalisation_test.cpp
#pragma once
#include <ostream>
#include <string>
#include <vector>

#include "test/numeric/library_program.h"

namespace lacuna::numeric {

struct Argument {
  std::string name;
  Parameter parameter;         // of the distribution, or of the base of a combinator
  std::vector<double> values;  // one, or those of one array
};

// `base`: the distribution that a combinator is given; "" for the others.
struct Overload {
  std::string name;
  std::string base;
  std::string title;  // letters and digits
  Signature signature;
  std::vector<Argument> arguments;
  std::string result;  // the target's type: "real", "count", "K", "simplex"
  std::vector<std::string> result_dimensions;
  std::vector<double> value;
  bool matrix = false;  // over matrices, or by them

  // The call whose arguments are their names behind which `subscript` stands; `moved`: with a latent `move` in those that are reals.
  std::string call(const std::string& subscript, bool moved) const;
  bool has(const std::string& argument) const;
  double at(const std::string& argument) const;
};

std::vector<Overload> library_overloads();

inline void PrintTo(const Overload& o, std::ostream* out) { *out << o.title; }

// Sizes of the dimensions of signatures, declared.
inline constexpr const char* kOverloadDimensions = "dim K = 3\ndim C = 2\n";

}  // namespace lacuna::numeric
