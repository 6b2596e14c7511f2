// Every place where an item reads a value, with what is known there.
//
// needs    items in scalar form
// leaves   one call of `visit` for each read of a value that is not an index, in the order of the text
// shown by test/lit/elaborate/
#pragma once
#include <functional>
#include <vector>

#include "compiler/check/facts.h"
#include "compiler/elaborate/make_expr.h"
#include "compiler/elaborate/model.h"

namespace lacuna::elaborate {

// Where in an item a read stands: decides which cells and terms depend on it.
enum class ReadRole { Space, Scored, Body };

struct Read {
  const Item* item = nullptr;
  const Symbol* symbol = nullptr;
  List<const Expr* const> indices;  // one for each dimension; empty for a scalar
  const Expr* expr = nullptr;
  ReadRole role = ReadRole::Body;
  bool under_reduction = false;     // some index is bound by a reduction or comprehension inside the item
};

class ReadWalker {
 public:
  using Visit = std::function<void(const Read&, const ReadWalker&)>;

  explicit ReadWalker(Maker& make) : make_(make) {}

  void walk(const Item& item, const Visit& visit);

  // What holds at the read being visited.
  const check::Facts& facts() const { return facts_; }
  // The same as one condition, of stage data; null when there is none.
  const Expr* guard() const { return guard_from(0); }
  // The part of it that is not the item's own: its space's condition, and of a distribution that the cell is scored.
  const Expr* inner_guard() const { return guard_from(outer_conditions_); }
  // The indices that are free there: the item's, then those bound inside it.
  const std::vector<const Symbol*>& indices() const { return indices_; }
  std::vector<const Symbol*> inner_indices() const { return {indices_.begin() + static_cast<std::ptrdiff_t>(outer_indices_), indices_.end()}; }

 private:
  const Expr* guard_from(std::size_t first) const;
  void enter_space(const Item& item);
  void walk_body(const Item& item);
  void walk(const Expr& e);
  void walk_all(List<const Expr* const> all);
  void walk_builtin(const check::BuiltinExpr& e);
  void walk_if(const check::IfExpr& e);
  void walk_bound(List<const Symbol* const> binders, const Expr* where, const Expr& body);
  void walk_distribution(const check::DistributionExpr& e);
  void visit_read(const Symbol* symbol, List<const Expr* const> indices, const Expr& e);
  template <class F>
  void under(const Expr& condition, bool truth, F&& inside);
  void assume(const Expr& condition, bool truth);

  Maker& make_;
  const Visit* visit_ = nullptr;
  const Item* item_ = nullptr;
  ReadRole role_ = ReadRole::Body;
  check::Facts facts_;
  std::vector<std::pair<const Expr*, bool>> conditions_;
  std::vector<const Symbol*> indices_;
  std::size_t outer_indices_ = 0;
  std::size_t outer_conditions_ = 0;
};

// Calls `visit` for what stands directly under a node; may be null.
void for_each_child(const Expr& e, const std::function<void(const Expr*)>& visit);
// Calls `visit` for every node of a tree, parents first; null trees are passed over.
void for_each_node(const Expr* e, const std::function<void(const Expr&)>& visit);
// The trees of an item: condition of the space, scored and seen, value or distribution, bounds, normaliser.
std::vector<const Expr*> trees_of(const Item& item);

}  // namespace lacuna::elaborate
