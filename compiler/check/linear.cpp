#include "compiler/check/linear.h"

#include <algorithm>
#include <cstdlib>

#include "compiler/check/symbol.h"

namespace lacuna::check {

namespace {

using Term = Linear::Term;

// Within these bounds no step below overflows 64 bits.
constexpr std::int64_t kLargest = std::int64_t{1} << 31;

bool same_atom(const Term& a, const Term& b) {
  if (a.symbol || b.symbol) return a.symbol == b.symbol;
  if (a.size_of || b.size_of) return a.size_of == b.size_of;
  return same(*a.other, *b.other);
}

bool small(const Linear& a) {
  if (std::abs(a.constant) > kLargest) return false;
  return std::all_of(a.terms.begin(), a.terms.end(), [](const Term& t) { return std::abs(t.coefficient) <= kLargest; });
}

std::optional<Linear> when_small(Linear a) {
  if (!small(a)) return std::nullopt;
  return a;
}

Linear combine(const Linear& a, const Linear& b, std::int64_t factor) {
  Linear r = a;
  r.constant += factor * b.constant;
  for (const Term& term : b.terms) {
    const auto there = std::find_if(r.terms.begin(), r.terms.end(), [&](const Term& t) { return same_atom(t, term); });
    if (there == r.terms.end()) {
      r.terms.push_back(term);
      r.terms.back().coefficient *= factor;
    } else {
      there->coefficient += factor * term.coefficient;
    }
  }
  std::erase_if(r.terms, [](const Term& t) { return t.coefficient == 0; });
  return r;
}

Linear atom(Term term) {
  term.coefficient = 1;
  Linear r;
  r.terms.push_back(term);
  return r;
}

bool is_integral(const types::Type& t) {
  return t.dims.empty() &&
         (t.scalar == types::Scalar::Int || t.scalar == types::Scalar::Index || t.scalar == types::Scalar::Bool);
}

std::optional<std::int64_t> position_of(const LabelExpr& e) {
  if (!e.dimension) return std::nullopt;
  const auto& labels = e.dimension->labels;
  const auto there = std::find(labels.begin(), labels.end(), e.label);
  if (there == labels.end()) return std::nullopt;
  return there - labels.begin();
}

// Sums, differences and multiples; nullopt when `e` is none of them, to be taken whole.
std::optional<Linear> linear_builtin(const BuiltinExpr& e) {
  const auto operand = [&](std::size_t i) { return linear_form(*e.arguments[i]); };
  switch (e.op) {
    case Builtin::Add:
    case Builtin::Subtract: {
      const auto a = operand(0), b = operand(1);
      if (!a || !b) return std::nullopt;
      return when_small(e.op == Builtin::Add ? *a + *b : *a - *b);
    }
    case Builtin::Negate: {
      const auto a = operand(0);
      if (!a) return std::nullopt;
      return scaled(*a, -1);
    }
    case Builtin::Multiply: {
      const auto a = operand(0), b = operand(1);
      if (!a || !b) return std::nullopt;
      if (a->is_constant()) return when_small(scaled(*b, a->constant));
      if (b->is_constant()) return when_small(scaled(*a, b->constant));
      return std::nullopt;
    }
    default: return std::nullopt;
  }
}

// Looks for the facts whose sum `goal` exceeds; each step removes the goal's first term.
class Search {
 public:
  explicit Search(const std::vector<Linear>& facts) : facts_(facts) {}

  bool reach(const Linear& goal, int depth) {
    if (goal.is_constant()) return goal.constant >= 0;
    if (depth == 0) return false;
    const Term& first = goal.terms.front();
    for (const Linear& fact : facts_) {
      if (--steps_ < 0) return false;
      for (const Term& term : fact.terms) {
        const bool helps = same_atom(term, first) && (term.coefficient > 0) == (first.coefficient > 0) &&
                           first.coefficient % term.coefficient == 0;
        if (!helps) continue;
        const Linear rest = combine(goal, fact, -(first.coefficient / term.coefficient));
        if (small(rest) && reach(rest, depth - 1)) return true;
      }
    }
    return false;
  }

 private:
  const std::vector<Linear>& facts_;
  int steps_ = 20000;
};

}  // namespace

Linear operator+(const Linear& a, const Linear& b) { return combine(a, b, 1); }
Linear operator-(const Linear& a, const Linear& b) { return combine(a, b, -1); }
Linear scaled(const Linear& a, std::int64_t factor) { return combine({}, a, factor); }

Linear constant(std::int64_t value) {
  Linear r;
  r.constant = value;
  return r;
}

Linear size_form(const Dimension* d) {
  if (d->origin == types::DimensionOrigin::Literal) return constant(d->size);
  if (d->derived)
    if (const auto form = linear_form(*d->derived)) return *form;
  return atom({.size_of = d});
}

std::optional<Linear> linear_form(const Expr& e) {
  if (!is_integral(e.type)) return std::nullopt;
  switch (e.kind) {
    case ExprKind::Error: return std::nullopt;
    case ExprKind::Literal: return when_small(constant(e.as<LiteralExpr>().integer));
    case ExprKind::Size: return size_form(e.as<SizeExpr>().dimension);
    case ExprKind::Label:
      if (const auto position = position_of(e.as<LabelExpr>())) return constant(*position);
      break;
    case ExprKind::Variable: {
      const Symbol* symbol = e.as<VariableExpr>().symbol;
      if (symbol->kind == SymbolKind::Index) return atom({.symbol = symbol});
      break;
    }
    case ExprKind::Builtin:
      if (auto form = linear_builtin(e.as<BuiltinExpr>())) return form;
      break;
    default: break;
  }
  return atom({.other = &e});
}

bool follows(const Linear& goal, const std::vector<Linear>& facts, int depth) {
  return small(goal) && Search(facts).reach(goal, depth);
}

}  // namespace lacuna::check
