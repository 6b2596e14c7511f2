#include "compiler/check/context.h"

#include <algorithm>

#include "compiler/check/check_expr.h"

namespace lacuna::check {

void Scope::pop() {
  const std::size_t mark = marks_.back();
  marks_.pop_back();
  while (entries_.size() > mark) {
    const Entry& e = entries_.back();
    if (e.hidden)
      current_[e.symbol->name] = e.hidden;
    else
      current_.erase(e.symbol->name);
    entries_.pop_back();
  }
}

void Scope::declare(Symbol* symbol) {
  Symbol*& slot = current_[symbol->name];
  entries_.push_back({symbol, slot});
  slot = symbol;
}

Symbol* Scope::find(std::string_view name) const {
  const auto found = current_.find(name);
  return found == current_.end() ? nullptr : found->second;
}

std::vector<std::string_view> Scope::names() const {
  std::vector<std::string_view> all;
  for (auto e = entries_.rbegin(); e != entries_.rend(); ++e) all.push_back(e->symbol->name);
  return all;
}

void enter(Context& c) {
  c.scope.push();
  c.frames.push_back({c.facts.mark(), c.indices.size(), c.guard});
}

void leave(Context& c) {
  const Context::Frame frame = c.frames.back();
  c.frames.pop_back();
  c.scope.pop();
  c.facts.restore(frame.facts);
  c.indices.resize(frame.indices);
  c.guard = frame.guard;
}

void assume(Context& c, const Expr* condition, bool truth) {
  if (!condition || condition->is_error()) return;
  c.facts.assume(*condition, truth);
  const Expr* known = truth ? condition : make_builtin(c, Builtin::Not, {condition}, condition->range);
  c.guard = conjunction(c, c.guard, known);
}

bool told_in_model(const Context& c, diagnostics::Id id, std::string_view name) {
  constexpr std::size_t kManyErrors = 1000;  // beyond, a repetition costs less than looking for it
  const auto& told = c.sink.diagnostics();
  if (!c.model || told.size() > kManyErrors) return false;
  const SourceRange place = c.model->declaration->range;
  return std::any_of(told.begin(), told.end(), [&](const diagnostics::Diagnostic& d) {
    const SourceRange at = d.primary.range;
    return d.id == id && at.file == place.file && at.begin >= place.begin && at.end <= place.end && c.sources.text(at) == name;
  });
}

void oblige(Context& c, Obligation obligation) {
  if (!c.model) return;
  obligation.indices = c.arena.copy(c.indices);
  obligation.guard = c.guard;
  c.model->obligations.push_back(obligation);
}

}  // namespace lacuna::check
