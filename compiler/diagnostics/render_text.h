// Diagnostics for people: the message, the lines it speaks of with marks under them, notes and helps.
//
//   error[E0304]: mask has a dimension that the observed value has not
//     --> panel.ppl:12:39
//      |
//    3 | model panel(y: real[N], seen: bool[N, T]) {
//      |             - `y` has shape [N]
//   12 |   observe y ~ Normal(mu, sigma) where seen
//      |                                       ^^^^ `seen` has shape [N, T]
//      |
//      = note: a mask keeps or drops elements of `y`, so it can have no other dimension than `y`
//
// shown by test/unit/diagnostics/render_text_test.cpp, test/lit/command/
#pragma once
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"

namespace lacuna::diagnostics {

// Each diagnostic followed by an empty line. `color`: with the escapes of ANSI terminals.
std::string render_text(const std::vector<Diagnostic>& diagnostics, const support::SourceMap& sources, bool color);

}  // namespace lacuna::diagnostics
