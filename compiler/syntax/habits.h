// What people who come from Stan, Python or R write, and how Lacuna says it.
//
// needs    a slice that begins with no keyword of the language, or did not match
// leaves   one error that shows the Lacuna form
// shown by test/lit/syntax/fail_habit_*.ppl
#pragma once
#include "compiler/syntax/syntax_errors.h"

namespace lacuna::syntax {

// A stretch of a model's or guide's body that begins with no keyword. Always reports one error.
void report_foreign_statement(const Source& source, Slice slice, bool in_guide, diagnostics::Sink& sink);
// The same inside a `dist`.
void report_foreign_member(const Source& source, Slice slice, diagnostics::Sink& sink);
// The same outside every declaration; `block`: braces follow.
void report_foreign_declaration(const Source& source, Slice slice, bool block, diagnostics::Sink& sink);

// The `|` of `normal_lpdf(y | mu, sigma)` at `at`. False when it is not that.
bool report_density_bar(const Source& source, Slice slice, std::size_t at, diagnostics::Sink& sink);

// Characters that belong to no token, such as `“` or `≤`. Always reports one error.
void report_unknown_character(const Source& source, std::size_t begin, std::size_t end, diagnostics::Sink& sink);

// A slice that begins well and fails at a form of another language. False when it is none of these.
bool report_foreign_form(const Source& source, const Failure& failure, diagnostics::Sink& sink);

}  // namespace lacuna::syntax
