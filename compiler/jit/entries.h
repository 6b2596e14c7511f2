// The entries of the table, as C functions that call the machine code of a CompiledModel.
#pragma once
#include "lacuna/model.h"

namespace lacuna::jit {

class CompiledModel;

// Sets the entries that the model's module has functions for.
void set_entries(const CompiledModel& model, lacuna_model& table);

}  // namespace lacuna::jit
