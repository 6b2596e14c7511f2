// The elaborated model: what a program means, desugared to sites over spaces of cells.
//
// needs    a checked program without errors
// leaves   what density, prediction, the graph and later enumeration read; nothing behind it reads the syntax tree
// shown by `lacuna compile --emit=model`, test/lit/elaborate/
//
// Scalar form: every expression is written at the indices of its item. A variable of array type stands under a full
// Subscript; a Comprehension or Array is left only where a distribution or matrix operation takes a whole vector or matrix (its
// event). The program's functions are written out; library distributions and named parametrisations stay as the distributions
// they are, whose bodies `Distribution::members` hold.
//
// Conventions that readers rely on:
//   - `@`, bare reductions, `cumsum`, `transpose`, `diag`, `scale_rows`, slices and `present` of a row are gone: reductions have
//     binders. `cholesky`, `solve`, `log_det` stay; their operands are Comprehensions, Arrays or each other, and one element of
//     their result is a Subscript of the Builtin.
//   - An argument of a distribution has the rank of its parameter: a Comprehension over the event's dimensions, or an Array as
//     written, or a matrix operation. `batch_rank` is 0 and `type.dims` are the event's.
//   - The reference to a distribution's own event is by `symbol` (or `target`) at `space.indices`, whole along `event`.
//   - A latent with `structure` (ordered, simplex, ...) has it along the last event_rank(structure) dimensions of its symbol. These
//     are `event` when the distribution draws them together, else the last of `space.indices` (`mu: ordered[K] ~ Normal(0, 1)`).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/program.h"

namespace lacuna::elaborate {

using check::Dimension;
using check::DistributionExpr;
using check::Expr;
using check::List;
using check::Stage;
using check::Symbol;
using support::SourceRange;

// What may happen to a dimension at prediction (language.md section 7).
enum class DimensionKind { Free, Open, Closed };

struct DimensionInfo {
  const Dimension* dimension = nullptr;
  DimensionKind kind = DimensionKind::Closed;
  bool ordered = false;  // something runs along it in order
  bool apart = false;    // each of its elements can be predicted without the others: a prediction may be made in stretches
};

// The cells { indices | where }, `where` of stage data or null.
struct Space {
  List<const Symbol* const> indices;
  const Expr* where = nullptr;
};

enum class ItemKind { Let, Latent, Observed, Factor, Output };

struct Item {
  ItemKind kind{};
  std::string_view name;           // of the site; of a factor: "factor" and its line
  const Symbol* symbol = nullptr;  // null for a factor
  Space space;
  Stage stage = Stage::Constant;
  const check::Plate* plate = nullptr;
  SourceRange range;               // of the statement's target
  std::uint32_t line = 0;          // where that begins in its file, from 1
  SourceRange body_range;          // of the distribution or value
  bool ordered = false;            // reads earlier elements of itself or of a name of the same ordered plate
  List<const Symbol* const> order; // ordered: the indices of `space` that run in order, the outermost first
  std::size_t step = 0;            // when a prediction makes it: after lower numbers, in step with those of the same

  template <class T>
  const T& as() const { return static_cast<const T&>(*this); }
  template <class T>
  const T* get_if() const { return kind == T::kKind ? static_cast<const T*>(this) : nullptr; }
};

// One cell's value at the space's indices.
struct LetItem : Item {
  static constexpr ItemKind kKind = ItemKind::Let;
  const Expr* value = nullptr;
};

enum class Summation { None, Independent, Chain };

struct LatentItem : Item {
  static constexpr ItemKind kKind = ItemKind::Latent;
  const DistributionExpr* distribution = nullptr;
  List<const Dimension* const> event;       // the event's dimensions
  types::Structure structure = types::Structure::None;
  const Expr* lower = nullptr;              // bounds of a scalar support, null when infinite; may depend on latents
  const Expr* upper = nullptr;
  bool noncentered = false;
  Summation summation = Summation::None;    // of a discrete latent
  const Expr* normaliser = nullptr;         // added once for each cell of the space; null when 0
};

enum class Imputation { None, Leaf, Latent, Summed };

struct ObservedItem : Item {
  static constexpr ItemKind kKind = ItemKind::Observed;
  const Symbol* target = nullptr;           // argument or let of stage data
  const DistributionExpr* distribution = nullptr;
  List<const Dimension* const> event;
  const Expr* lower = nullptr;              // bounds of an imputed cell's scalar support, as of a latent
  const Expr* upper = nullptr;
  const Expr* scored = nullptr;             // within the space: presence and `where` together; null when every cell is scored
  const Expr* seen = nullptr;               // of a mask finer than the event: over `seen_indices`, which run over the event
  List<const Symbol* const> seen_indices;
  Imputation imputation = Imputation::None;
  const Symbol* completed = nullptr;
  Summation summation = Summation::None;    // when imputed cells are discrete
};

struct FactorItem : Item {
  static constexpr ItemKind kKind = ItemKind::Factor;
  const Expr* value = nullptr;
};

struct OutputItem : Item {
  static constexpr ItemKind kKind = ItemKind::Output;
  const Expr* value = nullptr;
  const DistributionExpr* distribution = nullptr;
  List<const Dimension* const> event;
};

// A read of an argument that is not checked when data are handed over, since each of its reads is under a condition on data: what
// is read must be there and of its type, and other cells may hold anything.
struct GuardedRead {
  const Item* item = nullptr;               // it reads within its space; of an observed item: within its scored cells
  const Symbol* argument = nullptr;
  List<const Expr* const> indices;          // one for each dimension
  List<const Symbol* const> inner;          // what is free in them, beyond the item's own
  const Expr* guard = nullptr;              // what else holds there; null when nothing does
};

// `from` reads `to`.
struct Dependency {
  const Item* from = nullptr;
  const Symbol* to = nullptr;
};

struct Model {
  std::string_view name;
  std::vector<DimensionInfo> dimensions;
  std::vector<const Symbol*> arguments;
  std::vector<const Item*> items;  // in the order of the program
  std::vector<check::Obligation> obligations;  // in scalar form
  std::vector<GuardedRead> guarded_reads;      // in the order of the text, what stands in an index first
  std::vector<Dependency> dependencies;
  std::vector<const check::Distribution*> distributions;  // all that the items reach, with their bodies
  const check::CheckedModel* checked = nullptr;
};

// Whether an argument's cells are checked where they are read, and nowhere else.
bool is_unchecked(const Model& model, const Symbol* argument);

// The text of `--emit=model`: deterministic, one line an item, readable without this header.
std::string to_string(const Model& model);

}  // namespace lacuna::elaborate
