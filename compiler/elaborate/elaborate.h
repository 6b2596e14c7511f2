// From a checked program to the elaborated model.
//
// needs    CheckedModel::complete
// leaves   a Model in scalar form; nodes in `arena`
// shown by test/lit/elaborate/
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/elaborate/model.h"
#include "compiler/support/arena.h"

namespace lacuna::elaborate {

Model elaborate(const check::CheckedModel& model, support::Arena& arena);

}  // namespace lacuna::elaborate
