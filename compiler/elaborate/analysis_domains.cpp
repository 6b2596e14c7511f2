// Latents and lets with a condition exist only where it holds; reading them elsewhere is an error.
#include "compiler/elaborate/analysis.h"

namespace lacuna::elaborate {

using diagnostics::Id;
using types::Outcome;

void check_domain(Analysis& a, const Read& read, const ReadWalker& walker) {
  const Item* item = a.definition(read.symbol);
  if (!item || !item->space.where || item->kind == ItemKind::Observed) return;
  std::unordered_map<const Symbol*, const Expr*> axes;
  for (std::size_t i = 0; i < item->space.indices.size() && i < read.indices.size(); ++i) axes[item->space.indices[i]] = read.indices[i];
  const Expr* exists = a.inliner.substitute(*item->space.where, std::move(axes), {});
  switch (walker.facts().implied(*exists)) {
    case Outcome::Shown: return;
    case Outcome::Refuted:
      a.sink.report(Id::ReadOutsideDomain, read.expr->range, read.symbol->name)
          .also_at(item->range, fmt::format("`{}` exists only where `{}`", item->name, a.words(item->space.where->range)))
          .note("the conditions around this read contradict that one, so there is nothing to read");
      return;
    case Outcome::ToCheck: break;
  }
  check::Obligation o;
  o.kind = check::Obligation::Kind::DomainRead;
  o.condition = exists;
  o.guard = walker.guard();
  o.indices = a.make.arena.copy(walker.indices());
  o.range = read.expr->range;
  a.model.obligations.push_back(o);
}

}  // namespace lacuna::elaborate
