// `factor e where m`: a term of the log density.
#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_statement.h"

namespace lacuna::check {

using diagnostics::Id;

void check_factor(Context& c, const syntax::FactorStmt& statement) {
  auto* factor = c.arena.make<FactorStatement>();
  factor->kind = syntax::StmtKind::Factor;
  factor->source = &statement;
  factor->plate = c.plate;
  enter(c);
  if (statement.where) {
    factor->where = check_condition(c, *statement.where, true, "the mask");
    assume(c, factor->where);
  }
  factor->value = check_expr(c, *statement.value);
  leave(c);
  if (factor->value->is_error() || (factor->where && factor->where->is_error())) return;
  const Type& t = factor->value->type;
  if (!t.is_numeric()) {
    c.sink.report(Id::WrongKind, statement.value->range, "`factor`", "a log density", types::to_string(t));
    return;
  }
  if (factor->where) {
    for (const Dimension* d : factor->where->type.dims) {
      if (types::contains(t.dims, d)) continue;
      report_shapes(c, *factor->value, *factor->where, statement.where->range);
      return;
    }
  }
  if (c.model) c.model->statements.push_back(factor);
}

}  // namespace lacuna::check
