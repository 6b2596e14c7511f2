// What an expression becomes while it is lowered: a scalar value, an array computed where it is read, or a distribution.
#pragma once
#include <functional>
#include <memory>
#include <unordered_map>
#include <variant>
#include <vector>

#include "compiler/check/program.h"
#include "compiler/ir/builder.h"

namespace lacuna::density {

using check::Dimension;
using check::Distribution;
using check::Expr;
using check::Symbol;
using ir::ValueId;
using ir::Values;

// A vector or matrix. `at` writes the code of one element where the builder stands; what it captures must be visible there,
// so an array does not outlive the loop in which it was made.
struct Array {
  std::vector<const Dimension*> dims;  // as its expression's type names them
  std::function<ValueId(const Values& indices)> at;
  std::function<ValueId(const Values& indices)> present;  // a bool: the element is there; empty: all are
};

struct Instance;
struct Components;
using Operand =
    std::variant<std::monostate, ValueId, std::shared_ptr<const Array>, std::shared_ptr<const Instance>, std::shared_ptr<const Components>>;

// What symbols and generic dimensions mean at a place. Environments form a chain; a body of a distribution or function starts a
// new one, since it sees its parameters only.
class Environment {
 public:
  explicit Environment(std::shared_ptr<const Environment> parent = nullptr) : parent_(std::move(parent)) {}

  void bind(const Symbol* symbol, Operand operand) { values_[symbol] = std::move(operand); }
  void bind(const Dimension* generic, const Dimension* actual) { dims_[generic] = actual; }
  // Null when the symbol means nothing here.
  const Operand* find(const Symbol* symbol) const;
  const Dimension* resolve(const Dimension* dimension) const;

 private:
  std::shared_ptr<const Environment> parent_;
  std::unordered_map<const Symbol*, Operand> values_;
  std::unordered_map<const Dimension*, const Dimension*> dims_;
};
using Env = std::shared_ptr<const Environment>;

// A distribution with its arguments: the environment in which its members' bodies mean something.
struct Instance {
  const Distribution* distribution = nullptr;
  const check::DistributionExpr* expr = nullptr;
  Env env;
};

// The components of a mixture, as its call lists or counts them, and where their arguments mean something.
struct Components {
  const check::DistributionExpr* mixture = nullptr;
  Env env;
};

}  // namespace lacuna::density
