#include "compiler/check/presence.h"

#include <algorithm>

#include "compiler/check/symbol.h"

namespace lacuna::check {

namespace {

// An element or part of an array: the array and its indices, subscripts of subscripts taken together. Null stands for a slice;
// dimensions beyond the list are whole.
struct Part {
  const Expr* object = nullptr;
  std::vector<const Expr*> indices;
};

Part part_of(const Expr& e) {
  const auto* subscript = e.get_if<SubscriptExpr>();
  if (!subscript) return {&e, {}};
  Part part = part_of(*subscript->object);
  // The indices fill the slices that the inner subscript left, then the dimensions behind it.
  std::size_t next = 0;
  for (const Expr* index : subscript->indices) {
    while (next < part.indices.size() && part.indices[next]) ++next;
    if (next < part.indices.size())
      part.indices[next] = index;
    else
      part.indices.push_back(index);
    ++next;
  }
  return part;
}

bool is_any(const Expr& index, List<const Symbol* const> any_index) {
  const auto* variable = index.get_if<VariableExpr>();
  return variable && std::find(any_index.begin(), any_index.end(), variable->symbol) != any_index.end();
}

void collect(const Expr& e, std::vector<const Expr*>& parts) {
  if (!e.type.optional) return;
  const auto* builtin = e.get_if<BuiltinExpr>();
  if (!builtin || builtin->op == Builtin::Coalesce) {
    parts.push_back(&e);
    return;
  }
  for (const Expr* argument : builtin->arguments) collect(*argument, parts);
}

}  // namespace

std::vector<const Expr*> optional_parts(const Expr& e) {
  std::vector<const Expr*> parts;
  collect(e, parts);
  return parts;
}

bool presence_covers(const Expr& fact, const Expr& e, List<const Symbol* const> any_index) {
  const Part whole = part_of(fact), part = part_of(e);
  if (!same(*whole.object, *part.object)) return false;
  for (std::size_t i = 0; i < whole.indices.size(); ++i) {
    const Expr* given = whole.indices[i];
    if (!given) continue;
    if (is_any(*given, any_index)) {
      // Each binder may stand for all elements once: `m[k, k]` is a diagonal.
      const auto again = [&](const Expr* other) { return other && other != given && same(*other, *given); };
      if (std::none_of(whole.indices.begin(), whole.indices.end(), again)) continue;
      return false;
    }
    if (i >= part.indices.size() || !part.indices[i] || !same(*given, *part.indices[i])) return false;
  }
  return true;
}

}  // namespace lacuna::check
