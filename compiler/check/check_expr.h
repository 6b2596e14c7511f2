// Checking expressions: names resolved, shapes lined up by name, missingness and supports worked out.
//
// Every function reports what is wrong and returns an Error expression then; none returns null. An operand that is an Error
// silences what would follow from it.
#pragma once
#include <optional>

#include "compiler/check/context.h"

namespace lacuna::check {

// What the place of an expression asks for: gives dimensions to written vectors and words to messages.
struct Expected {
  List<const Dimension* const> dims;        // trailing dimensions that a written vector takes, outermost first
  const Dimension* index_of = nullptr;      // a label here is one of this dimension's
  bool allow_optional = false;              // `T?` may stand here as it is
  bool allow_array = true;
};

const Expr* check_expr(Context& c, const syntax::Expr& e, const Expected& expected = {});

// A bool, of stage data at the latest when `data_only`; conditions of `where`. `what` names it in messages: "the mask".
const Expr* check_condition(Context& c, const syntax::Expr& e, bool data_only, std::string_view what);

// The meaning of a written type. Unknown dimensions are introduced when `introduce` (a model's signature), else reported.
// `T[...]` of a signature of a fn or dist makes Generic dimensions.
Type check_type(Context& c, const syntax::TypeExpr& type, bool introduce);
Dimension* find_dimension(Context& c, const syntax::Name& name);  // reports an unknown one, nullptr then

// Makes Index symbols for binders, declares them in the innermost scope and in the facts.
std::vector<const Symbol*> bind(Context& c, List<const syntax::Binder> binders);

// Lines two arrays up by name: the dimensions of the result, or nullopt when neither contains the other (reported by the caller).
std::optional<List<const Dimension* const>> line_up(Context& c, List<const Dimension* const> a, List<const Dimension* const> b);

// Makers of nodes, types worked out by the rules of builtins.def; operands must have been checked.
const Expr* make_error(Context& c, SourceRange range);
const Expr* make_builtin(Context& c, Builtin op, std::vector<const Expr*> arguments, SourceRange range);
const Expr* make_variable(Context& c, const Symbol* symbol, SourceRange range);
const Expr* make_subscript(Context& c, const Expr* object, std::vector<const Expr*> indices, SourceRange range);
const Expr* make_literal(Context& c, double value, Type type, SourceRange range);
// `a && b`, either of which may be null (true).
const Expr* conjunction(Context& c, const Expr* a, const Expr* b);

// Whether a value is of the kind that a place wants; reports and returns false when not. `required` is the place's type (its
// dimensions are not looked at); an obligation is recorded when the support can be shown neither way.
bool check_fits(Context& c, const Expr& value, const Type& required, std::string_view what);

// A value with other dimensions than its written type has: E0321, and which dimensions to reduce or to write.
diagnostics::Diagnostic& report_claim_shape(Context& c, SourceRange range, std::string_view what, List<const Dimension* const> value,
                                            List<const Dimension* const> claim);

}  // namespace lacuna::check
