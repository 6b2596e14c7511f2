// Distributions and parameters under the names that Stan, PyMC, NumPyro and R give them.
//
// needs    a name that Lacuna does not know
// leaves   a help that shows the Lacuna form
// shown by test/lit/check/fail_unknown_distribution.ppl, fail_unknown_parameter.ppl, fail_foreign_values.ppl, fail_unknown_function.ppl
#pragma once
#include <string_view>

#include "compiler/check/context.h"

namespace lacuna::check {

// Reports a call of a distribution that does not exist.
void report_unknown_distribution(Context& c, const syntax::CallExpr& call, std::string_view name);

// `None`, `NaN`, …: what a gap is called elsewhere, where it is a value.
bool is_foreign_gap(std::string_view name);

// Adds a help to the report of an unknown value when other languages have it (`True`, `None`, `jnp`); false when none has.
bool explain_foreign_value(diagnostics::Diagnostic& report, const syntax::NameExpr& name);

// The same for an unknown function: `inv_logit`, `normal_lpdf`.
bool explain_foreign_function(Context& c, diagnostics::Diagnostic& report, std::string_view name);

// Adds a help to the report of an unknown parameter when other languages have it; false when none has.
bool explain_foreign_parameter(Context& c, diagnostics::Diagnostic& report, const syntax::Argument& argument, const syntax::CallExpr& call);

}  // namespace lacuna::check
