// Checking the statements of a model: one file each, check_<statement>.cpp.
#pragma once
#include "compiler/check/check_distribution.h"

namespace lacuna::check {

void check_statement(Context& c, const syntax::Stmt& statement);  // dispatch; for plates and their bodies too
// Notes what the statements of a block will declare, so that reading a name too early can say so.
void expect_statements(Context& c, List<syntax::Stmt* const> statements);
void forget_statements(Context& c, List<syntax::Stmt* const> statements);
void check_let(Context& c, const syntax::LetStmt& statement);
void check_sample(Context& c, const syntax::SampleStmt& statement);
void check_observe(Context& c, const syntax::ObserveStmt& statement);
void check_factor(Context& c, const syntax::FactorStmt& statement);
void check_output(Context& c, const syntax::OutputStmt& statement);
void check_plate(Context& c, const syntax::ForStmt& statement);
void check_function(Context& c, const syntax::FnDecl& declaration);
void check_guide(Context& c, const syntax::GuideDecl& declaration, CheckedModel& model);

// The brackets of a target, plates around it included: binders made and declared in a new scope that the caller pops with
// `close_target`.
struct OpenTarget {
  Target target;                               // symbol not yet set
  std::vector<const Dimension*> dims;          // what the indices and whole dimensions (`z[J]`) of the brackets give
  std::size_t indexed = 0;                     // how many of `dims` are run through by indices
  bool local = false;                          // in a plate whose index the brackets do not name: it is known inside only
  bool wrong = false;
};
OpenTarget open_target(Context& c, const syntax::Target& target);
void close_target(Context& c);

// Declares `name` (reports a clash), in the model's symbols.
Symbol* declare_symbol(Context& c, const syntax::Name& name, SymbolKind kind, const syntax::Stmt* statement);

}  // namespace lacuna::check
