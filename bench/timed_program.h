// A program as machine code on random data: what `density_speed` and `unlisted_speed` time.
//
//   needs    a program of the repository, sizes, and what its inputs hold
//   leaves   nanoseconds of value and gradient, one draw and eight at once; of compiling and binding
//   shown by bench/README.md
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "compiler/codegen/target.h"
#include "compiler/ir/module.h"

namespace lacuna::bench {

// What an input's numbers are like. Without one named: normal reals, small counts, each index alike, as many trues as falses.
enum class Values { Usual, Positive, Unit, Scale, Trials, Seen };

struct Workload {
  const char* name;
  std::string program;
  std::map<std::string, std::int64_t> sizes;
  double seen = 1;  // the share of cells that count
  std::map<std::string, Values> inputs{{"sigma", Values::Scale}, {"seen", Values::Seen}};
};

struct Times {
  double one_draw;    // nanoseconds, the least of many calls
  double eight_draws; // of each
  double total;       // nanoseconds from text to code
  double code;        // of it from IR to code
  double bind;
};

// The scheduled module with value and gradient, or nothing, having said why.
std::optional<ir::Module> module_of(const Workload& work, const codegen::Target& target);

std::optional<Times> time_program(const Workload& work, const codegen::Target& target);

// Prints `form` (lowered, ir, llvm or asm) of the program; returns what the command returns.
int emit(std::string_view form, const Workload& work, const codegen::Target& target);

}  // namespace lacuna::bench
