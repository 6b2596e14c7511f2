// What names stand for: values, functions, distributions.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/check/expr.h"

namespace lacuna::check {

enum class SymbolKind : std::uint8_t {
  Argument,        // of the model
  Let,
  Latent,
  Completed,       // what an argument or let is called from its `else impute` on
  Output,
  Label,           // where a label is that comes with the data
  Index,           // a binder's variable
  Parameter,       // of a fn or dist, or the value `x` of a member
  GuideParameter,
  Poisoned         // declared by something that is wrong; silences what follows
};

struct Symbol {
  SymbolKind kind{};
  std::string_view name;
  SourceRange range;   // of the declaring name
  Type type;           // whole: the plates' dimensions, then its own, then the event's
  Stage stage = Stage::Constant;
  std::string_view doc;

  // The first `plate_rank` dimensions come from enclosing plates. A local one is written without them inside its plate.
  std::uint32_t plate_rank = 0;
  bool local = false;

  // Latents with a condition exist only where it holds. `domain` is over `domain_axes` (Index symbols, one for each
  // leading dimension); null when there is no condition.
  List<const Symbol* const> domain_axes;
  const Expr* domain = nullptr;

  const Symbol* completes = nullptr;          // Completed: the argument or let, or what an earlier statement completed of it
  const syntax::Parameter* parameter = nullptr;
  const syntax::Stmt* statement = nullptr;    // where it is declared

  // Elements may be read before their definition is complete: a recurrence, or a latent that refers to its past.
  bool in_definition = false;
  std::uint32_t uses = 0;
};

// A user's (or the library's) `fn`, checked once for generic dimensions.
struct Function {
  std::string_view name;
  const syntax::FnDecl* declaration = nullptr;
  List<const Symbol* const> parameters;
  List<const Dimension* const> generic;
  List<const Symbol* const> lets;        // in order; each let's value in `let_values`
  List<const Expr* const> let_values;
  const Expr* body = nullptr;            // null when wrong
  Type result;
  bool in_progress = false;              // being checked: a call of it now is a recursion
  bool checked = false;
};

// One member of a distribution: `log_density(x) = ...`. The parameters of `log_density`, `cdf`, ... are symbols of kind Parameter.
struct DistributionMember {
  std::string_view name;
  List<const Symbol* const> parameters;
  const Expr* body = nullptr;  // null when wrong
  SourceRange range;
};

// One signature of a distribution; several declarations may share a name.
struct Distribution {
  std::string_view name;
  const syntax::DistDecl* declaration = nullptr;
  bool from_library = false;
  std::uint32_t overload = 0;             // its place among the declarations of `name`; a call by position takes the first
  List<const Symbol* const> parameters;   // of type Dist for `dist` parameters; dimension parameters are in `generic`
  List<const Expr* const> defaults;       // one for each parameter, null when there is none
  List<const Dimension* const> generic;   // K, C, ... of the signature
  Type result;                            // of one draw, over generic event dimensions; of scalar Dist: that of `result_of`
  const Symbol* result_of = nullptr;      // the `dist` parameter that the result type names
  const Expr* lower = nullptr;            // bounds of the support where they follow from parameters (`interval(low, high)`,
  const Expr* upper = nullptr;            // `lowest`, `highest`); null: those of `result`
  List<const DistributionMember> members;  // bodies are there once `library.complete(distribution)` has been asked for
  bool completed = false;
};

}  // namespace lacuna::check
