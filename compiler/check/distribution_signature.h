// What a distribution's signature puts in scope, and the signature in words.
//
// needs    a declared distribution
// leaves   a context in which its bodies, or expressions over its parameters, mean something
// shown by test/lit/check/dist_declaration.ppl
#pragma once
#include <string>

#include "compiler/check/context.h"

namespace lacuna::check {

// Parameters and generic dimensions of `d`, the program's functions and declared dimensions, nothing of a model. Later pushes of a scope
// are the caller's.
Context signature_context(Context& c, const Distribution& d);

// `Normal(loc, scale)`, `MultivariateNormal(mu, cov)`: how it is called.
std::string call_form(const Distribution& d);

}  // namespace lacuna::check
