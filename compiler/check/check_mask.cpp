#include "compiler/check/check_mask.h"

#include <algorithm>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/distribution_members.h"
#include "compiler/check/walk.h"

namespace lacuna::check {

using diagnostics::Id;

namespace {

// The first latent that a condition reads, for the message.
const VariableExpr* latent_in(const Expr& e) {
  const VariableExpr* found = nullptr;
  for_each_expr(e, [&](const Expr& part) {
    const auto* v = part.get_if<VariableExpr>();
    if (v && !found && v->stage >= Stage::Draw) found = v;
  });
  return found;
}

void report_from_latent(Context& c, const syntax::Expr& where, const Expr& condition, const Symbol& target) {
  const VariableExpr* latent = latent_in(condition);
  auto& report = c.sink.report(Id::MaskFromLatent, where.range);
  if (latent) report.label(fmt::format("reads `{}`", latent->symbol->name)).also_at(latent->symbol->range, "declared here");
  report.note("which cells are scored is known once the data are bound; cells that count in some draws only make a mixture");
  report.help(fmt::format("say what the other cells follow, and write the mixture: `observe {} ~ Mixture([p, 1 - p], D1, D2)`, with `p` the chance of the first",
                          target.name));
}

std::string letters(List<const Dimension* const> dims, bool binders) {
  std::string text;
  for (const Dimension* d : dims)
    text += (text.empty() ? "" : ", ") + (binders ? fmt::format("{} in {}", index_name(d), types::dimension_string(d)) : index_name(d));
  return text;
}

void report_growth(Context& c, const syntax::Expr& where, const Expr& condition, const Symbol& target, List<const Dimension* const> scored,
                   const std::vector<const Dimension*>& extra) {
  const std::string text(c.sources.text(where.range));
  auto& report = c.sink.report(Id::MaskGrowsTarget, where.range);
  report.label(fmt::format("`{}` has shape {}", text, types::shape_string(condition.type.dims)))
      .also_at(target.range, target.type.dims.empty() ? fmt::format("`{}` is one value", target.name)
                                                      : fmt::format("`{}` has shape {}", target.name, types::shape_string(target.type.dims)))
      .note(fmt::format("a mask keeps or drops elements of `{0}`, so it can have no other dimension than `{0}`", target.name));
  const auto* name = where.get_if<syntax::NameExpr>();
  if (!name || scored.empty()) return;
  const auto over = c.arena.copy(extra);
  report.help(fmt::format("to score `{}[{}]` when anything was seen, write `where any({}[{}] for {})`", target.name, letters(scored, false), text,
                          letters(condition.type.dims, false), letters(over, true)));
}

}  // namespace

const Expr* check_mask(Context& c, const syntax::Expr& where, const Symbol& target, const OpenTarget& open) {
  const Expr* condition = check_condition(c, where, false, "the mask");
  if (condition->is_error()) return nullptr;
  if (condition->stage >= Stage::Draw) {
    report_from_latent(c, where, *condition, target);
    return nullptr;
  }
  const auto scored = target.type.dims.subspan(std::min(open.indexed, target.type.rank()));
  std::vector<const Dimension*> extra;
  for (const Dimension* d : condition->type.dims)
    if (!types::contains(scored, d)) extra.push_back(d);
  if (extra.empty()) return condition;
  report_growth(c, where, *condition, target, scored, extra);
  return nullptr;
}

std::optional<bool> mask_in_event(Context& c, const syntax::ObserveStmt& source, const Symbol& target, const Expr& cell, const Expr* mask,
                                  const DistributionExpr& d) {
  const auto event = d.type.dims.subspan(d.batch_rank);
  if (event.empty()) return false;
  const bool by_mask = mask && std::any_of(event.begin(), event.end(), [&](const Dimension* e) { return types::contains(mask->type.dims, e); });
  const bool by_gaps = target.type.optional && !c.facts.present(cell);
  if (!by_mask && !by_gaps) return false;
  const auto missing = missing_member(c, d, "marginal");
  if (!missing) return true;
  auto& report = c.sink.report(Id::MaskInEvent, by_mask ? mask->range : source.target.range, missing->distribution);
  report.label(by_mask ? fmt::format("chooses among the elements of one draw, over {}", types::shape_string(event))
                       : fmt::format("`{}` may miss some elements of a draw over {}", target.name, types::shape_string(event)))
      .note(fmt::format("a draw of `{}` can only be scored whole: it gives no `marginal(seen)`", missing->distribution));
  if (!by_mask && !source.target.items.empty())
    report.help(fmt::format("score the complete ones: `where present({})`", c.sources.text(cell.range)));
  return std::nullopt;
}

}  // namespace lacuna::check
