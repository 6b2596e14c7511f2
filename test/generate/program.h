// A generator of well-typed Lacuna programs: what the fuzz mains and the tests of whole pipelines run on.
//
// Every program that it makes must check without an error (warnings aside). Programs depend on the seed alone.
// shown by test/unit/generate/
#pragma once
#include <string>
#include <vector>

#include "test/generate/scope.h"

namespace lacuna::generate {

struct Program {
  std::string text;
  std::vector<std::string> dimensions;  // those that get their size from data come first
  std::vector<Value> arguments;
};

struct Options {
  int statements = 12;  // about
  int depth = 3;        // of expressions
  bool discrete_targets = true;
};

Program generate_program(std::uint64_t seed, const Options& options = {});

// The same tokens with other spaces, line ends and comments between them.
std::string disarrange(const std::string& text, std::uint64_t seed);

}  // namespace lacuna::generate
