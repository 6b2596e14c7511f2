// `for n in N where m[n] { ... }`: a plate; and the dispatch of statements.
#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_statement.h"

namespace lacuna::check {

using diagnostics::Id;

namespace {

std::string_view declared_name(const syntax::Stmt& s) {
  switch (s.kind) {
    case syntax::StmtKind::Let: return s.as<syntax::LetStmt>().target.name.text;
    case syntax::StmtKind::Sample: return s.as<syntax::SampleStmt>().target.name.text;
    case syntax::StmtKind::Output: return s.as<syntax::OutputStmt>().target.name.text;
    default: return {};
  }
}

}  // namespace

void expect_statements(Context& c, List<syntax::Stmt* const> statements) {
  for (const syntax::Stmt* s : statements) {
    const std::string_view name = declared_name(*s);
    if (!name.empty()) c.coming.emplace(name, s);
  }
}

void forget_statements(Context& c, List<syntax::Stmt* const> statements) {
  for (const syntax::Stmt* s : statements) {
    const auto found = c.coming.find(declared_name(*s));
    if (found != c.coming.end() && found->second == s) c.coming.erase(found);
  }
}

void check_plate(Context& c, const syntax::ForStmt& statement) {
  enter(c);
  auto* plate = c.arena.make<Plate>();
  plate->parent = c.plate;
  plate->source = &statement;
  const std::vector<const Symbol*> indices = bind(c, statement.binders);
  plate->indices = c.arena.copy(indices);
  if (statement.where) {
    const Expr* where = check_condition(c, *statement.where, true, "a plate's condition");
    if (!where->is_error()) {
      plate->where = where;
      assume(c, where);
    }
  }
  const Plate* outer = c.plate;
  c.plate = plate;
  if (c.model) c.model->plates.push_back(plate);
  expect_statements(c, statement.body);
  const std::size_t first = c.model ? c.model->symbols.size() : 0;
  if (indices.size() == statement.binders.size())
    for (const syntax::Stmt* s : statement.body) check_statement(c, *s);
  c.plate = outer;
  forget_statements(c, statement.body);
  leave(c);
  // What names the plate's index is an ordinary array from here on; the rest was local.
  if (!c.model) return;
  for (std::size_t i = first; i < c.model->symbols.size(); ++i) {
    auto* symbol = const_cast<Symbol*>(c.model->symbols[i]);
    const bool completed = symbol->kind == SymbolKind::Completed;
    if (!symbol->local && (completed || !c.scope.find(symbol->name))) c.scope.declare(symbol);
  }
}

void check_statement(Context& c, const syntax::Stmt& statement) {
  switch (statement.kind) {
    case syntax::StmtKind::Let: check_let(c, statement.as<syntax::LetStmt>()); break;
    case syntax::StmtKind::Sample: check_sample(c, statement.as<syntax::SampleStmt>()); break;
    case syntax::StmtKind::Observe: check_observe(c, statement.as<syntax::ObserveStmt>()); break;
    case syntax::StmtKind::Factor: check_factor(c, statement.as<syntax::FactorStmt>()); break;
    case syntax::StmtKind::Output: check_output(c, statement.as<syntax::OutputStmt>()); break;
    case syntax::StmtKind::For: check_plate(c, statement.as<syntax::ForStmt>()); break;
    case syntax::StmtKind::Param:
    case syntax::StmtKind::Auto: break;  // of a guide; elsewhere the parser has reported it
    case syntax::StmtKind::Broken: {
      const syntax::Name& name = statement.as<syntax::BrokenStmt>().name;
      if (name.text.empty() || c.scope.find(name.text)) break;
      auto* symbol = c.arena.make<Symbol>();
      symbol->kind = SymbolKind::Poisoned;
      symbol->name = name.text;
      symbol->range = name.range;
      c.scope.declare(symbol);
      break;
    }
  }
}

}  // namespace lacuna::check
