// Replaces calls of the program's functions by their bodies, whole arrays still whole.
//
// needs    a checked expression
// leaves   the same value without FunctionCall nodes: parameters replaced by arguments, generic dimensions by those of the
//          call, binders of bodies made anew; the expression itself when it calls nothing
// shown by test/lit/elaborate/whole_arrays.ppl
#pragma once
#include <unordered_map>

#include "compiler/elaborate/make_expr.h"

namespace lacuna::elaborate {

class FunctionInliner {
 public:
  explicit FunctionInliner(Maker& make) : make_(make) {}

  const Expr* inline_calls(const Expr& e) { return rewrite(e); }

  // `e`, a body over parameters, with each replaced; what stands for the parameters is taken as it is.
  const Expr* substitute(const Expr& e, std::unordered_map<const Symbol*, const Expr*> parameters,
                         std::unordered_map<const Dimension*, const Dimension*> dimensions);

 private:
  struct Scope {
    std::unordered_map<const Symbol*, const Expr*> values;
    std::unordered_map<const Symbol*, const Symbol*> binders;
    std::unordered_map<const Dimension*, const Dimension*> dimensions;
    bool active = false;  // inside a body: nodes must be made anew
  };

  const Expr* rewrite(const Expr& e);
  const Expr* rewrite_optional(const Expr* e) { return e ? rewrite(*e) : nullptr; }
  std::vector<const Expr*> rewrite_all(List<const Expr* const> all);
  const Expr* rewrite_call(const check::FunctionCallExpr& e);
  const Expr* rewrite_distribution(const check::DistributionExpr& e);
  const Symbol* rewrite_binder(const Symbol* binder);
  std::vector<const Symbol*> rewrite_binders(List<const Symbol* const> binders);
  const Dimension* rewrite_dimension(const Dimension* d) const;
  Type rewrite_type(Type type);

  template <class T>
  T* copy_of(const T& e) {
    T* made = make_.arena.make<T>(e);
    made->type = rewrite_type(e.type);
    return made;
  }

  Maker& make_;
  Scope scope_;
};

}  // namespace lacuna::elaborate
