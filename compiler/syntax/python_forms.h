// Statements of NumPyro, Pyro and PyMC.
#pragma once
#include "compiler/syntax/syntax_errors.h"

namespace lacuna::syntax {

// `mu = numpyro.sample("mu", dist.Normal(0, 5))`, `y = pm.Normal("y", mu, s, observed=data)`, `with numpyro.plate(...)`,
// `def`, `import`: one error that shows the Lacuna form. False when the slice is none of these.
bool report_python_statement(const Source& source, Slice slice, diagnostics::Sink& sink);

// `def`, `class`, `import`, `from`: the file is a program of Python.
bool begins_python(std::string_view word);

}  // namespace lacuna::syntax
