// Distributions and parameters under the names that Stan, PyMC, NumPyro and R give them.
//
// needs    a name that Lacuna does not know
// leaves   a help that shows the Lacuna form
// shown by test/lit/check/fail_unknown_distribution.ppl, fail_unknown_parameter.ppl
#pragma once
#include <string_view>

#include "compiler/check/context.h"

namespace lacuna::check {

// Reports a call of a distribution that does not exist.
void report_unknown_distribution(Context& c, const syntax::CallExpr& call, std::string_view name);

// Adds a help to the report of an unknown parameter when other languages have it; false when none has.
bool explain_foreign_parameter(Context& c, diagnostics::Diagnostic& report, const syntax::Argument& argument, const syntax::CallExpr& call);

}  // namespace lacuna::check
