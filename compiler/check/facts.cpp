#include "compiler/check/facts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compiler/check/presence.h"
#include "compiler/check/symbol.h"

namespace lacuna::check {

namespace {

using types::Outcome;

const BuiltinExpr* as_builtin(const Expr& e, Builtin op) {
  const auto* builtin = e.get_if<BuiltinExpr>();
  return builtin && builtin->op == op ? builtin : nullptr;
}

bool is_comparison(const BuiltinExpr& e) { return builtin_entry(e.op).rule == Rule::Compare; }

Outcome opposite(Outcome o) {
  if (o == Outcome::ToCheck) return o;
  return o == Outcome::Shown ? Outcome::Refuted : Outcome::Shown;
}

Outcome outcome_of(bool shown, bool refuted) {
  if (shown) return Outcome::Shown;
  return refuted ? Outcome::Refuted : Outcome::ToCheck;
}

// `a >= 0` over integers, divided by the common factor of its coefficients and rounded down.
Linear tightest(Linear a) {
  std::int64_t factor = 0;
  for (const Linear::Term& term : a.terms) factor = std::gcd(factor, term.coefficient);
  if (factor <= 1) return a;
  for (Linear::Term& term : a.terms) term.coefficient /= factor;
  a.constant = a.constant >= 0 ? a.constant / factor : -((-a.constant + factor - 1) / factor);
  return a;
}

bool has_atom(const std::vector<const Linear::Term*>& atoms, const Linear::Term& term) {
  return std::any_of(atoms.begin(), atoms.end(), [&](const Linear::Term* t) {
    if (t->size_of || term.size_of) return t->size_of == term.size_of;
    return t->other && term.other && same(*t->other, *term.other);
  });
}

Linear alone(Linear::Term term) {
  term.coefficient = 1;
  Linear r;
  r.terms.push_back(term);
  return r;
}

// What is known of an atom wherever it stands: sizes are not negative, an index is inside its dimension, a value within its type.
void add_known(const Linear::Term& term, std::vector<Linear>& facts) {
  const Linear form = alone(term);
  if (term.size_of) {
    facts.push_back(form);
    return;
  }
  const Type& type = term.other->type;
  if (type.scalar == types::Scalar::Index) {
    facts.push_back(form);
    facts.push_back(size_form(type.index_of) - constant(1) - form);
    return;
  }
  const auto usable = [](double end) { return std::abs(end) < 1e9; };
  if (usable(type.bounds.lo)) facts.push_back(form - constant(static_cast<std::int64_t>(std::ceil(type.bounds.lo))));
  if (usable(type.bounds.hi)) facts.push_back(constant(static_cast<std::int64_t>(std::floor(type.bounds.hi))) - form);
}

}  // namespace

Facts::Mark Facts::mark() const { return {conditions_.size(), at_least_zero_.size(), not_zero_.size()}; }

void Facts::restore(Mark m) {
  conditions_.resize(m.conditions);
  at_least_zero_.resize(m.inequalities);
  not_zero_.resize(m.nonzero);
}

void Facts::bind(const Symbol& index) {
  const Linear form = alone({.symbol = &index});
  add_inequality(form);
  if (index.type.index_of) add_inequality(size_form(index.type.index_of) - constant(1) - form);
}

void Facts::assume(const Expr& condition, bool truth) {
  if (condition.is_error()) return;
  if (const auto* negation = as_builtin(condition, Builtin::Not)) return assume(*negation->arguments[0], !truth);
  conditions_.push_back({&condition, truth});
  const auto* builtin = condition.get_if<BuiltinExpr>();
  if (!builtin) return;
  if (builtin->op == (truth ? Builtin::And : Builtin::Or)) {
    for (const Expr* operand : builtin->arguments) assume(*operand, truth);
  } else if (builtin->op == (truth ? Builtin::Or : Builtin::And)) {
    // One operand decided against leaves the other.
    const Outcome against = truth ? Outcome::Refuted : Outcome::Shown;
    if (implied(*builtin->arguments[0]) == against)
      assume(*builtin->arguments[1], truth);
    else if (implied(*builtin->arguments[1]) == against)
      assume(*builtin->arguments[0], truth);
  } else if (is_comparison(*builtin)) {
    assume_comparison(*builtin, truth);
  }
}

void Facts::assume_comparison(const BuiltinExpr& e, bool truth) {
  const auto a = linear_form(*e.arguments[0]), b = linear_form(*e.arguments[1]);
  if (!a || !b) return;
  const Linear ahead = *b - *a;  // how far the right is ahead of the left
  switch (e.op) {
    case Builtin::Less: add_inequality(truth ? ahead - constant(1) : scaled(ahead, -1)); break;
    case Builtin::LessEqual: add_inequality(truth ? ahead : scaled(ahead, -1) - constant(1)); break;
    case Builtin::Greater: add_inequality(truth ? scaled(ahead, -1) - constant(1) : ahead); break;
    case Builtin::GreaterEqual: add_inequality(truth ? scaled(ahead, -1) : ahead - constant(1)); break;
    case Builtin::Equal:
    case Builtin::NotEqual:
      if (truth == (e.op == Builtin::Equal)) {
        add_inequality(ahead);
        add_inequality(scaled(ahead, -1));
      } else {
        not_zero_.push_back(ahead);
        tighten();
      }
      break;
    default: break;
  }
}

void Facts::add_inequality(Linear form) {
  at_least_zero_.push_back(tightest(std::move(form)));
  if (!not_zero_.empty()) tighten();
}

void Facts::tighten() {
  for (const Linear& form : not_zero_) {
    const Linear less = form - constant(1), more = scaled(form, -1) - constant(1);
    if (nonnegative(form) && !nonnegative(less)) at_least_zero_.push_back(less);
    if (nonnegative(scaled(form, -1)) && !nonnegative(more)) at_least_zero_.push_back(more);
  }
}

bool Facts::nonnegative(const Linear& form) const {
  if (form.is_constant()) return form.constant >= 0;
  std::vector<Linear> facts = at_least_zero_;
  std::vector<const Linear::Term*> seen;
  const auto add_atoms = [&](const Linear& from) {
    for (const Linear::Term& term : from.terms) {
      if (term.symbol || has_atom(seen, term)) continue;
      seen.push_back(&term);
      add_known(term, facts);
    }
  };
  add_atoms(form);
  for (const Linear& fact : at_least_zero_) add_atoms(fact);
  return follows(form, facts);
}

bool Facts::present(const Expr& e) const {
  if (!e.type.optional) return true;
  const auto parts = optional_parts(e);
  return std::all_of(parts.begin(), parts.end(), [&](const Expr* part) {
    return std::any_of(conditions_.begin(), conditions_.end(), [&](const Condition& known) {
      if (!known.truth) return false;
      const Expr* condition = known.expr;
      List<const Symbol* const> any_index;
      if (const auto* all = condition->get_if<ReduceExpr>(); all && all->op == Builtin::All && !all->where) {
        any_index = all->binders;
        condition = all->body;
      }
      const auto* presence = as_builtin(*condition, Builtin::Present);
      if (!presence) return false;
      const auto given = optional_parts(*presence->arguments[0]);
      return std::any_of(given.begin(), given.end(), [&](const Expr* g) { return presence_covers(*g, *part, any_index); });
    });
  });
}

types::Outcome Facts::within(const Expr& e, const Dimension* d) const {
  if (e.type.scalar == types::Scalar::Index && e.type.index_of == d) return Outcome::Shown;
  const auto form = linear_form(e);
  if (!form) return Outcome::ToCheck;
  const Linear room = size_form(d) - constant(1) - *form;
  if (nonnegative(*form) && nonnegative(room)) return Outcome::Shown;
  const bool beyond_declared = d->size >= 0 && nonnegative(*form - constant(d->size));
  const bool refuted = nonnegative(scaled(*form, -1) - constant(1)) || nonnegative(scaled(room, -1) - constant(1));
  return refuted || beyond_declared ? Outcome::Refuted : Outcome::ToCheck;
}

types::Outcome Facts::implied(const Expr& condition) const {
  if (const auto* literal = condition.get_if<LiteralExpr>()) return literal->integer ? Outcome::Shown : Outcome::Refuted;
  const Outcome recalled = recall(condition);
  if (recalled != Outcome::ToCheck) return recalled;
  const auto* builtin = condition.get_if<BuiltinExpr>();
  if (!builtin) return Outcome::ToCheck;
  switch (builtin->op) {
    case Builtin::Not: return opposite(implied(*builtin->arguments[0]));
    case Builtin::And:
    case Builtin::Or: {
      const Outcome a = implied(*builtin->arguments[0]), b = implied(*builtin->arguments[1]);
      const Outcome deciding = builtin->op == Builtin::And ? Outcome::Refuted : Outcome::Shown;
      if (a == deciding || b == deciding) return deciding;
      return a == Outcome::ToCheck || b == Outcome::ToCheck ? Outcome::ToCheck : opposite(deciding);
    }
    case Builtin::Present: return present(*builtin->arguments[0]) ? Outcome::Shown : Outcome::ToCheck;
    default: return is_comparison(*builtin) ? compare(*builtin) : Outcome::ToCheck;
  }
}

types::Outcome Facts::compare(const BuiltinExpr& e) const {
  const auto a = linear_form(*e.arguments[0]), b = linear_form(*e.arguments[1]);
  if (!a || !b) return Outcome::ToCheck;
  const Linear ahead = *b - *a, behind = scaled(ahead, -1);
  const auto strictly = [&](const Linear& form) { return nonnegative(form - constant(1)); };
  switch (e.op) {
    case Builtin::Less: return outcome_of(strictly(ahead), nonnegative(behind));
    case Builtin::LessEqual: return outcome_of(nonnegative(ahead), strictly(behind));
    case Builtin::Greater: return outcome_of(strictly(behind), nonnegative(ahead));
    case Builtin::GreaterEqual: return outcome_of(nonnegative(behind), strictly(ahead));
    default: break;
  }
  const bool equal = nonnegative(ahead) && nonnegative(behind);
  const auto is_form = [&](const Linear& form) {
    return (form - ahead).terms.empty() && (form - ahead).constant == 0;
  };
  const bool unequal = strictly(ahead) || strictly(behind) ||
                       std::any_of(not_zero_.begin(), not_zero_.end(),
                                   [&](const Linear& form) { return is_form(form) || is_form(scaled(form, -1)); });
  return e.op == Builtin::Equal ? outcome_of(equal, unequal) : outcome_of(unequal, equal);
}

// The condition as it stands among those assumed, comparisons also the other way round.
types::Outcome Facts::recall(const Expr& condition) const {
  const auto mirrored = [](Builtin op) {
    switch (op) {
      case Builtin::Less: return Builtin::Greater;
      case Builtin::LessEqual: return Builtin::GreaterEqual;
      case Builtin::Greater: return Builtin::Less;
      case Builtin::GreaterEqual: return Builtin::LessEqual;
      default: return op;
    }
  };
  const auto matches = [&](const Expr& known) {
    if (same(known, condition)) return true;
    const auto *a = known.get_if<BuiltinExpr>(), *b = condition.get_if<BuiltinExpr>();
    return a && b && is_comparison(*a) && mirrored(a->op) == b->op && same(*a->arguments[0], *b->arguments[1]) &&
           same(*a->arguments[1], *b->arguments[0]);
  };
  for (const Condition& known : conditions_)
    if (matches(*known.expr)) return known.truth ? Outcome::Shown : Outcome::Refuted;
  return Outcome::ToCheck;
}

}  // namespace lacuna::check
