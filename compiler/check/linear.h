// Linear forms over index variables, sizes and other int expressions, and what follows from inequalities between them.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/check/expr.h"

namespace lacuna::check {

// constant + sum of coefficient * atom. An atom is an Index symbol, the size of a dimension, or any other int expression taken
// as a whole (compared with `same`).
struct Linear {
  struct Term {
    const Symbol* symbol = nullptr;         // of kind Index
    const Dimension* size_of = nullptr;
    const Expr* other = nullptr;
    std::int64_t coefficient = 0;
  };
  std::int64_t constant = 0;
  std::vector<Term> terms;

  bool is_constant() const { return terms.empty(); }
};

Linear operator+(const Linear& a, const Linear& b);
Linear operator-(const Linear& a, const Linear& b);
Linear scaled(const Linear& a, std::int64_t factor);

// The form of an int or index expression; nullopt when some part is neither linear nor an int.
std::optional<Linear> linear_form(const Expr& e);

// Whether `goal` >= 0 follows from `facts` (each >= 0): searches for a sum of at most `depth` facts, each taken once or more,
// that leaves a nonnegative constant. Sound, not complete.
bool follows(const Linear& goal, const std::vector<Linear>& facts, int depth = 4);

}  // namespace lacuna::check
