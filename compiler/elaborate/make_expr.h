// Makes the nodes of elaborated expressions.
//
// needs    operands in scalar form
// leaves   nodes in the arena, stage the latest of their operands; `&&`, `min`, `max` of constants folded away
// shown by test/lit/elaborate/
#pragma once
#include <vector>

#include "compiler/check/expr.h"
#include "compiler/check/symbol.h"
#include "compiler/support/arena.h"

namespace lacuna::elaborate {

using check::Builtin;
using check::Dimension;
using check::Expr;
using check::List;
using check::Stage;
using check::Symbol;
using support::SourceRange;
using types::Type;
using Dims = List<const Dimension* const>;

// One element of a value of this type.
Type element_type(Type type);

class Maker {
 public:
  explicit Maker(support::Arena& nodes) : arena(nodes) {}

  const Expr* error(SourceRange range);
  const Expr* integer(std::int64_t value, SourceRange range);
  const Expr* real(double value, SourceRange range);
  const Expr* boolean(bool value, SourceRange range);
  const Expr* variable(const Symbol* symbol, SourceRange range);
  // An element, or a part when some indices are null; `type` is that of the result.
  const Expr* subscript(const Expr* object, const std::vector<const Expr*>& indices, Type type, SourceRange range, std::uint32_t to_check = 0);
  const Expr* builtin(Builtin op, const std::vector<const Expr*>& arguments, Type type, SourceRange range);
  const Expr* choose(const Expr* condition, const Expr* a, const Expr* b, Type type, SourceRange range);
  const Expr* reduce(Builtin op, const std::vector<const Symbol*>& binders, const Expr* where, const Expr* body, Type type, SourceRange range);
  const Expr* comprehension(const std::vector<const Symbol*>& binders, const Expr* where, const Expr* body, SourceRange range);
  const Expr* array(const std::vector<const Expr*>& elements, Type type, SourceRange range);
  const Expr* equal(const Expr* a, const Expr* b);
  const Expr* negation(const Expr* a);
  // `a && b`; null stands for true.
  const Expr* both(const Expr* a, const Expr* b);
  // The larger or smaller of two bounds; null stands for none.
  const Expr* larger(const Expr* a, const Expr* b);
  const Expr* smaller(const Expr* a, const Expr* b);
  const Symbol* index(std::string_view name, const Dimension* d, SourceRange range);
  // Where a label that comes with the data is: an argument of the model, which binding fills.
  const Expr* label(const Dimension* d, std::string_view label, SourceRange range);
  const std::vector<const Symbol*>& labels() const { return labels_; }

  // Nodes may be made by the million where functions call functions: makers of one item stop at a limit, and the item is given up.
  void begin_item() { made_ = 0; }
  bool within_limit() const { return made_ < kMostNodes; }
  void count() { ++made_; }
  static constexpr std::size_t kMostNodes = 500'000;

  support::Arena& arena;

 private:
  std::size_t made_ = 0;
  std::vector<const Symbol*> labels_;

  const Expr* bound(Builtin op, const Expr* a, const Expr* b, double neutral);
};

}  // namespace lacuna::elaborate
