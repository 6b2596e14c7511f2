// Typed expressions: what an expression of the program means, names resolved, overloads chosen, defaults filled.
//
// needs    a symbol for every name (compiler/check/symbol.h)
// leaves   trees read by the rest of the check and by compiler/elaborate, which brings them to scalar form: there every
//          Variable of array type stands under a full Subscript, and arrays appear only as Comprehension or Array where a
//          distribution or matrix operation takes a whole vector.
//
// Nodes live in the check's arena and are immutable once made.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/support/source.h"
#include "compiler/syntax/ast.h"
#include "compiler/types/type.h"

namespace lacuna::check {

using support::SourceRange;
using types::Dimension;
using types::Interval;
using types::Type;
template <class T>
using List = std::span<T>;

struct Symbol;
struct Distribution;
struct Function;

enum class Builtin : std::uint8_t {
#define LACUNA_BUILTIN(name, spelling, min, max, rule) name,
#include "compiler/check/builtins.def"
#undef LACUNA_BUILTIN
};

// What a value depends on. `Chance` is the stage of outputs and draws: known only once something has been drawn after inference.
enum class Stage : std::uint8_t { Constant, Data, Draw, Chance };
inline Stage later(Stage a, Stage b) { return a < b ? b : a; }

enum class ExprKind : std::uint8_t {
  Error, Literal, Label, Variable, Size, Builtin, If, Reduce, Array, Comprehension, Subscript, FunctionCall, Distribution, Member
};

struct Expr {
  ExprKind kind = ExprKind::Error;
  Stage stage = Stage::Constant;
  Type type;
  SourceRange range;

  template <class T>
  const T& as() const { return static_cast<const T&>(*this); }
  template <class T>
  const T* get_if() const { return kind == T::kKind ? static_cast<const T*>(this) : nullptr; }
  bool is_error() const { return kind == ExprKind::Error || type.is_error(); }
};

// A number or bool, also `pi` and `inf`. For Int, Bool and Index types `integer` holds the value as well.
struct LiteralExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Literal;
  double value = 0;
  std::int64_t integer = 0;
};

// A label used as an index of `dimension`; its position is known when labels are declared, else when data are bound.
struct LabelExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Label;
  std::string_view label;
  const Dimension* dimension = nullptr;
};

struct VariableExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Variable;
  const Symbol* symbol = nullptr;
};

// `size(K)`
struct SizeExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Size;
  const Dimension* dimension = nullptr;
};

// An operator or built-in function, elementwise unless its rule says otherwise. Operands of arrays are lined up by name.
struct BuiltinExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Builtin;
  Builtin op{};
  List<const Expr* const> arguments;
};

struct IfExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::If;
  const Expr* condition = nullptr;
  const Expr* then_value = nullptr;
  const Expr* else_value = nullptr;
};

// A binder's variable is a Symbol of kind Index with the dimension as its type.
struct ReduceExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Reduce;
  Builtin op{};                          // Sum, Prod, Mean, Min, Max, Any, All, Count, Logsumexp
  List<const Symbol* const> binders;     // empty: over everything in `body`
  const Expr* where = nullptr;
  const Expr* body = nullptr;
};

struct ArrayExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Array;
  List<const Expr* const> elements;
};

struct ComprehensionExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Comprehension;
  List<const Symbol* const> binders;
  const Expr* where = nullptr;  // only where the elements left out are never read
  const Expr* body = nullptr;
};

// One index for each dimension of the object; null for a slice. Trailing slices are written out.
struct SubscriptExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Subscript;
  const Expr* object = nullptr;
  List<const Expr* const> indices;
  std::uint32_t to_check = 0;  // bit i: index i could not be shown to be inside; bind checks it
};

// A call of a user's `fn`; dimensions of its signature stand for those of the arguments.
struct FunctionCallExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::FunctionCall;
  const Function* function = nullptr;
  List<const Expr* const> arguments;              // one for each parameter
  List<const Dimension* const> dimensions;        // one for each of Function::generic
};

// A distribution with its arguments. Its `type` is that of one draw: batch dimensions, then event dimensions. Where a `dist` parameter
// is given by the name of another (in the body of a `dist`), `parameter` is that one and `distribution` is null.
struct DistributionExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Distribution;
  const Distribution* distribution = nullptr;     // the overload chosen
  const Symbol* parameter = nullptr;
  // One for each parameter, defaults filled; a DistributionExpr for `dist` parameters, null for one of type `dist[K]`.
  List<const Expr* const> arguments;
  List<const Dimension* const> dimensions;        // one for each of Distribution::generic; null while only the target can say
  std::uint32_t batch_rank = 0;                   // how many of type.dims are batch dimensions
  // Mixture(w, D1, D2, ...) lists its components here; Mixture(w, [D(...) for k in K]) has one, under `component_binder`.
  List<const DistributionExpr* const> components;
  const Symbol* component_binder = nullptr;
  const Expr* component_where = nullptr;
};

// `base.log_density(x)` in a `dist`: `object` is a Variable of type dist, an element of one of type `dist[K]`, or a DistributionExpr. A
// member of the same distribution (`cdf(x)`) is read from the DistributionExpr of its own parameters.
struct MemberExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Member;
  const Expr* object = nullptr;
  std::string_view member;
  List<const Expr* const> arguments;
};

// The spelling, rule and arity of a builtin, from builtins.def.
enum class Rule : std::uint8_t { Arithmetic, Real, Keep, Integer, Compare, Logic, Coalesce, Whole, Matrix, Chance };
struct BuiltinEntry {
  std::string_view name;
  std::string_view spelling;
  int min_arity;
  int max_arity;
  Rule rule;
};
const BuiltinEntry& builtin_entry(Builtin op);
bool is_reduction(Builtin op);

// Whether two expressions are the same tree (symbols by identity, literals by value): the equality that facts use.
bool same(const Expr& a, const Expr& b);

// The program's notation, explicit indices and all; the text that `--emit=model` shows.
std::string to_string(const Expr& e);

}  // namespace lacuna::check
