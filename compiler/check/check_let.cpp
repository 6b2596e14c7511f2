// `let`: derived quantities and recurrences.
#include <array>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_statement.h"
#include "compiler/check/walk.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

struct Claim {
  bool made = false;
  Type type;  // of the written type: of one element when the target has binders
};

// The type after the colon, and whether it may stand beside the brackets.
Claim written_type(Context& c, const syntax::Target& target, OpenTarget& open) {
  Claim claim;
  if (!target.type) return claim;
  claim.made = true;
  claim.type = check_type(c, *target.type, false);
  if (claim.type.is_error()) open.wrong = true;
  const bool whole_brackets = open.dims.size() > open.indexed;
  if (whole_brackets && !claim.type.is_error()) {
    c.sink.report(Id::BracketsAndType, target.type->range, target.name.text)
        .help(fmt::format("write `{}: {}{}`, or binders: `{}[i in I]: {}`", target.name.text, target.type->name.text, types::shape_string(open.dims), target.name.text,
                          target.type->name.text));
    open.wrong = true;
  }
  return claim;
}

// A recurrence's value has the support that holds for an element when it holds for all earlier ones: the narrowest of these
// that survives is taken (induction; language.md section 3).
struct Hypothesis {
  Scalar scalar;
  Interval bounds;
};
const std::array<Hypothesis, 7> kHypotheses = {{{Scalar::Real, {0, 1}}, {Scalar::Real, {0, kInf}}, {Scalar::Real, {-1, 1}}, {Scalar::Real, {-kInf, 0}},
    {Scalar::Bool, {0, 1}}, {Scalar::Int, {0, kInf}}, {Scalar::Real, {-kInf, kInf}}}};

const Expr* check_recurrence(Context& c, const syntax::LetStmt& statement, Symbol& symbol, const Expected& expected, const Claim& claim) {
  const std::size_t obligations = c.model ? c.model->obligations.size() : 0;
  const Type provisional = symbol.type;
  const auto attempt = [&](const Hypothesis& h) {
    symbol.type = provisional;
    symbol.type.scalar = h.scalar;
    symbol.type.bounds = h.bounds;
    return check_expr(c, *statement.value, expected);
  };
  if (claim.made) return attempt({claim.type.scalar, claim.type.bounds});
  for (const Hypothesis& h : kHypotheses) {
    const std::size_t before = c.sink.diagnostics().size();
    const Expr* value = attempt(h);
    const bool last = &h == &kHypotheses.back();
    if (last || (!value->is_error() && !reads_symbol(*value, &symbol))) return value;
    const bool same_kind = !value->is_error() && value->type.scalar == h.scalar;
    if (same_kind && types::lies_in(value->type.bounds, h.bounds) == types::Outcome::Shown) return value;
    c.sink.truncate(before);
    if (c.model) c.model->obligations.resize(obligations);
  }
  return make_error(c, statement.value->range);
}

// Holds the value against the written type: kinds, supports, and exactly the same dimensions (only a scalar fills an array).
bool check_claim(Context& c, const syntax::LetStmt& statement, const Claim& claim, const Expr& value) {
  const bool scalar_fills = value.type.dims.empty();
  if (!scalar_fills && !types::same_dims(value.type.dims, claim.type.dims)) {
    report_claim_shape(c, statement.value->range, statement.target.name.text, value.type.dims, claim.type.dims)
        .also_at(statement.target.type->range, "the type written here");
    return false;
  }
  return check_fits(c, value, claim.type, statement.target.name.text);
}

Type whole_type(Context& c, const OpenTarget& open, Type element) {
  std::vector<const Dimension*> dims(open.dims.begin(), open.dims.end());
  dims.insert(dims.end(), element.dims.begin(), element.dims.end());
  element.dims = c.arena.copy(dims);
  return element;
}

// What the value is asked for: the written type's dimensions, or those that the brackets leave to it.
Expected expected_of(Context& c, const OpenTarget& open, const Claim& claim) {
  Expected expected;
  if (claim.made) {
    expected.dims = claim.type.dims;
    expected.index_of = claim.type.index_of;
    expected.allow_optional = claim.type.optional;
  } else if (open.dims.size() > open.indexed) {
    expected.dims = c.arena.copy(std::vector<const Dimension*>(open.dims.begin() + static_cast<std::ptrdiff_t>(open.indexed), open.dims.end()));
  }
  return expected;
}

// The symbol while its value is checked: with an index, the definition may read earlier elements; without one it cannot see itself, and
// there is none (null). Where the target is wrong, what it reads of itself is no second mistake.
Symbol* declare_before_value(Context& c, const syntax::LetStmt& statement, const OpenTarget& open, const Claim& claim) {
  if (open.wrong ? statement.target.items.empty() : open.indexed == 0) return nullptr;
  Symbol* symbol = declare_symbol(c, statement.target.name, open.wrong ? SymbolKind::Poisoned : SymbolKind::Let, &statement);
  if (open.wrong) return symbol;
  symbol->plate_rank = 0;
  for (const Plate* p = c.plate; p; p = p->parent) symbol->plate_rank += static_cast<std::uint32_t>(p->indices.size());
  symbol->local = open.local;
  symbol->in_definition = true;
  symbol->stage = Stage::Constant;
  Type provisional = types::real_type();
  provisional.dims = claim.type.dims;
  symbol->type = whole_type(c, open, provisional);
  return symbol;
}

// `let x[N] = e`: the value must have exactly these dimensions, or be one number that fills them.
bool check_brackets(Context& c, const syntax::LetStmt& statement, const OpenTarget& open, const Expr& value, const Expected& expected) {
  if (open.dims.size() <= open.indexed || value.type.dims.empty() || types::same_dims(value.type.dims, expected.dims)) return true;
  report_claim_shape(c, statement.value->range, statement.target.name.text, value.type.dims, expected.dims);
  return false;
}

Type settled_type(Context& c, const OpenTarget& open, const Claim& claim, const Expr& value) {
  Type element = claim.made ? claim.type : value.type;
  element.bounds = claim.made ? types::intersect(claim.type.bounds, value.type.bounds) : value.type.bounds;
  if (element.bounds.lo > element.bounds.hi) element.bounds = claim.type.bounds;
  if (value.type.dims.empty() && open.dims.size() > open.indexed) {
    element.dims = c.arena.copy(open.dims);
    return element;
  }
  OpenTarget indices = open;
  indices.dims.resize(open.indexed);
  return whole_type(c, indices, element);
}

}  // namespace

void check_let(Context& c, const syntax::LetStmt& statement) {
  OpenTarget open = open_target(c, statement.target);
  const Claim claim = written_type(c, statement.target, open);
  auto* let = c.arena.make<LetStatement>();
  let->kind = syntax::StmtKind::Let;
  let->source = &statement;
  let->plate = c.plate;
  let->target = open.target;

  const Expected expected = expected_of(c, open, claim);
  Symbol* symbol = declare_before_value(c, statement, open, claim);
  const bool indexed = symbol && !open.wrong;
  const std::uint32_t uses = symbol ? symbol->uses : 0;
  const Expr* value = indexed ? check_recurrence(c, statement, *symbol, expected, claim) : check_expr(c, *statement.value, expected);
  bool wrong = open.wrong || value->is_error();
  if (!wrong && claim.made) wrong = !check_claim(c, statement, claim, *value);
  if (!wrong) wrong = !check_brackets(c, statement, open, *value, expected);
  let->recurrence = symbol && !wrong && reads_symbol(*value, symbol);
  close_target(c);
  if (!symbol) {
    symbol = declare_symbol(c, statement.target.name, SymbolKind::Let, &statement);
  } else {
    // `close_target` took the name away with the brackets' scope.
    c.scope.declare(symbol);
    symbol->uses = uses;
  }
  symbol->in_definition = false;
  if (wrong) {
    symbol->kind = SymbolKind::Poisoned;
    return;
  }
  symbol->type = settled_type(c, open, claim, *value);
  symbol->stage = indexed && value->stage == Stage::Constant ? Stage::Data : value->stage;
  symbol->domain = open.target.domain;
  symbol->domain_axes = open.target.indices;
  let->target.symbol = symbol;
  let->value = value;
  if (c.model) c.model->statements.push_back(let);
}

}  // namespace lacuna::check
