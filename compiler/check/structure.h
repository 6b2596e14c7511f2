// What is wrong with a model as a whole, once all its statements have been understood.
//
// needs    a CheckedModel whose statements are there (it may have errors: what is missing is passed over)
// leaves   diagnostics of family 05 and warnings; obligations for what only the data can show; Plate::ordered
// shown by test/lit/check/structure_*
#pragma once
#include "compiler/check/context.h"

namespace lacuna::check {

// Order in plates, discrete latents, overlap of scored cells, reads outside a latent's domain, opened dimensions, what is unused.
void check_structure(Context& c, CheckedModel& model);

}  // namespace lacuna::check
