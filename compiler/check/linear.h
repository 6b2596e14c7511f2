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
Linear constant(std::int64_t value);
Linear size_form(const Dimension* d);  // a derived dimension's size is what it follows from

// The form of an int, bool or index expression; nullopt when it is none of these, or an array, or its numbers are beyond +-2^31.
// A declared size stays a symbol, since a run may override it; so does a label unless its dimension declares it.
std::optional<Linear> linear_form(const Expr& e);

// Whether `goal` >= 0 follows from `facts` (each >= 0): searches for a sum of at most `depth` facts, each taken once or more,
// that leaves a nonnegative constant. Sound, not complete: it gives up after a fixed number of steps.
bool follows(const Linear& goal, const std::vector<Linear>& facts, int depth = 4);

}  // namespace lacuna::check
