// From a checked program to the elaborated model.
//
// needs    a checked model; statements with mistakes are not in it, so an incomplete one may be elaborated for its diagnostics
// leaves   a Model in scalar form, nodes in `arena`; mistakes of structure reported: what only the scalar form shows (order in
//          plates and recurrences, discrete latents, overlap of scored cells, domains of latents, opened dimensions, what is
//          unused). The model may go on to density only when `sink` has no error.
// shown by test/lit/elaborate/
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/elaborate/model.h"
#include "compiler/support/arena.h"
#include "compiler/support/source.h"

namespace lacuna::elaborate {

Model elaborate(const check::CheckedModel& model, const support::SourceMap& sources, support::Arena& arena, diagnostics::Sink& sink);

}  // namespace lacuna::elaborate
