// What the files that check expressions share with each other and with nobody else.
#pragma once
#include <string>

#include "compiler/check/check_expr.h"

namespace lacuna::check {

const Expr* check_name(Context& c, const syntax::NameExpr& e, const Expected& expected);
const Expr* check_call(Context& c, const syntax::CallExpr& e, const Expected& expected);
const Expr* check_member(Context& c, const syntax::MemberExpr& e, List<const syntax::Argument> arguments, SourceRange range);
const Expr* check_subscript(Context& c, const syntax::SubscriptExpr& e, const Expected& expected);
const Expr* check_array(Context& c, const syntax::ArrayExpr& e, const Expected& expected);
const Expr* check_comprehension(Context& c, const syntax::ComprehensionExpr& e, const Expected& expected);
// `sum(e for n in N where m[n])`
const Expr* check_reduction(Context& c, const syntax::CallExpr& e, Builtin op, const Expected& expected);
const Expr* check_function_call(Context& c, const syntax::CallExpr& e, Function& function);

// A value that may be missing where it may not: the three cures. Returns `e` as present when that is known here.
const Expr* settle_missing(Context& c, const Expr* e, const Expected& expected);

// A value that is read where it stands: counts the use, and says so when it is an output read outside of outputs. False: reported.
bool read_value(Context& c, Symbol& symbol, SourceRange range);

// An index that is shown to lie outside a dimension.
void report_index_outside(Context& c, SourceRange range, const Dimension& dimension);

// Two operands that do not line up by name.
void report_shapes(Context& c, const Expr& a, const Expr& b, SourceRange range);
// A letter for an index over a dimension, for messages: `n` for `N`.
std::string index_name(const Dimension* d);

// The name, where a call's callee is one; empty otherwise.
std::string_view callee_name(const syntax::CallExpr& e);

// An unknown function: the nearest one, or what users of other languages mean by it.
void report_unknown_function(Context& c, std::string_view name, SourceRange range);

}  // namespace lacuna::check
