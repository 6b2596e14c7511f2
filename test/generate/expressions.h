// Scalar expressions of a wanted kind over what a scope holds, well typed by construction.
#pragma once
#include <optional>
#include <string>

#include "test/generate/scope.h"

namespace lacuna::generate {

// Whether an expression may read latents.
enum class Stage { Data, Draw };

class Expressions {
 public:
  Expressions(Choices& choices, Scope& scope) : choices_(choices), scope_(scope) {}

  // Each gives an expression that stands alone: no parentheses are needed around it.
  std::string real(int depth, Stage stage);
  std::string positive(int depth, Stage stage);
  std::string unit(int depth, Stage stage);
  std::string truth(int depth, Stage stage);
  std::string of_kind(Kind kind, int depth, Stage stage);

  // `value` with a subscript for each dimension, or nothing when a dimension has no index in scope.
  std::optional<std::string> element(const Value& value);

 private:
  std::string literal();
  std::optional<std::string> index_into(int dim, int depth);
  std::optional<std::string> reference(Kind kind, Stage stage);
  std::string reduction(int depth, Stage stage);
  std::string function_of_real(int depth, Stage stage);

  Choices& choices_;
  Scope& scope_;
};

}  // namespace lacuna::generate
