// What is there in vain: terms that no latent moves, latents and arguments that nothing reads.
#include <unordered_set>

#include "compiler/elaborate/analysis.h"

namespace lacuna::elaborate {

using check::ExprKind;
using diagnostics::Id;

namespace {

// What a value follows from: continuous latents smoothly, or discrete ones (over which the density is a sum).
enum Moves : unsigned { kNothing = 0, kSmooth = 1, kDiscrete = 2 };

// Constant between jumps, so that its gradient is 0 wherever there is one.
bool is_stepwise(Builtin op) {
  const check::Rule rule = check::builtin_entry(op).rule;
  return op == Builtin::Floor || op == Builtin::Ceil || op == Builtin::Round || op == Builtin::Sign || rule == check::Rule::Compare ||
         rule == check::Rule::Logic || rule == check::Rule::Integer;
}

class Moved {
 public:
  explicit Moved(const Analysis& a) {
    // Lets stand below what they read, except in recurrences: those are moved by what they read besides.
    for (int pass = 0; pass < (a.past.empty() ? 1 : 2); ++pass) {
      for (const Item* item : a.items) {
        if (const auto* let = item->get_if<LetItem>()) {
          known_[item->symbol] |= by(let->value);
        } else if (item->symbol) {
          const unsigned moves = item->symbol->type.scalar == types::Scalar::Real ? kSmooth : kDiscrete;
          if (item->kind == ItemKind::Latent) known_[item->symbol] = moves;
          if (const auto* observed = item->get_if<ObservedItem>(); observed && observed->completed) known_[observed->completed] = moves;
        }
      }
    }
  }

  unsigned by(const Expr* e) {
    if (!e || e->stage <= Stage::Data) return kNothing;
    switch (e->kind) {
      case ExprKind::Variable: return by_symbol(e->as<check::VariableExpr>().symbol);
      case ExprKind::Builtin: {
        const auto& builtin = e->as<check::BuiltinExpr>();
        return by_all(builtin.arguments) & (is_stepwise(builtin.op) ? kDiscrete : kSmooth | kDiscrete);
      }
      case ExprKind::If: {
        const auto& choice = e->as<check::IfExpr>();
        return (by(choice.condition) & kDiscrete) | by(choice.then_value) | by(choice.else_value);
      }
      case ExprKind::Reduce: return (by(e->as<check::ReduceExpr>().where) & kDiscrete) | by(e->as<check::ReduceExpr>().body);
      case ExprKind::Comprehension: return by(e->as<check::ComprehensionExpr>().body);
      case ExprKind::Array: return by_all(e->as<check::ArrayExpr>().elements);
      case ExprKind::Subscript: return by(e->as<check::SubscriptExpr>().object) | (by_all(e->as<check::SubscriptExpr>().indices) & kDiscrete);
      case ExprKind::Distribution: {
        const auto& d = e->as<check::DistributionExpr>();
        unsigned all = by_all(d.arguments);
        for (const auto* component : d.components) all |= by(component);
        return all;
      }
      default: return kSmooth | kDiscrete;
    }
  }

 private:
  unsigned by_all(List<const Expr* const> list) {
    unsigned all = kNothing;
    for (const Expr* e : list) all |= by(e);
    return all;
  }

  unsigned by_symbol(const Symbol* symbol) const {
    const auto known = known_.find(symbol);
    return known == known_.end() ? kNothing : known->second;
  }

  std::unordered_map<const Symbol*, unsigned> known_;
};

void warn_constant_terms(Analysis& a) {
  Moved moved(a);
  for (const Item* item : a.items) {
    const Expr* body = nullptr;
    if (const auto* observed = item->get_if<ObservedItem>()) body = observed->imputation == Imputation::None ? observed->distribution : nullptr;
    if (const auto* factor = item->get_if<FactorItem>()) body = factor->value;
    if (!body || moved.by(body) != kNothing) continue;
    auto& report = a.sink.report(Id::ConstantTerm, item->body_range);
    if (body->stage >= check::Stage::Draw)
      report.note("latents change it in steps only, so its gradient is zero, and inference that follows gradients does not see it");
    else
      report.note("it adds the same number whatever the latents are, so inference is the same without it");
  }
}

void warn_unread(Analysis& a) {
  std::unordered_set<const Symbol*> read;
  for (const Dependency& d : a.model.dependencies)
    if (d.from->symbol != d.to) read.insert(d.to);
  for (const Item* item : a.items) {
    if (const auto* observed = item->get_if<ObservedItem>()) read.insert(observed->target);
  }
  for (const Symbol* argument : a.model.arguments) {
    if (read.contains(argument) || argument->uses > 0 || argument->kind != check::SymbolKind::Argument) continue;
    a.sink.report(Id::UnusedArgument, argument->range, argument->name).note("data would have to be given for it all the same");
  }
  for (const Item* item : a.items) {
    if (item->kind != ItemKind::Latent || read.contains(item->symbol)) continue;
    a.sink.report(Id::UnusedLatent, item->range, item->name).note("its posterior is its prior");
  }
}

}  // namespace

void warn_unused(Analysis& a) {
  // What a statement with a mistake reads is not known.
  if (!a.model.checked->complete || a.failed()) return;
  warn_constant_terms(a);
  warn_unread(a);
}

}  // namespace lacuna::elaborate
