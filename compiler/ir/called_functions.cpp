#include "compiler/ir/called_functions.h"

#include "compiler/ir/ops.h"

// called_entries.cpp
#define LACUNA_ARGUMENTS_2 (double, double)
#define LACUNA_ARGUMENTS_3 (double, double, double)
#define LACUNA_CALLED(op, operands, function) extern "C" double lacuna_##function LACUNA_ARGUMENTS_##operands;
#include "compiler/ir/called_functions.def"
#undef LACUNA_CALLED

namespace lacuna::ir {

void* called_function(std::string_view name) {
#define LACUNA_CALLED(op, operands, function) \
  if (name == "lacuna_" #function) return reinterpret_cast<void*>(&lacuna_##function);
#include "compiler/ir/called_functions.def"
#undef LACUNA_CALLED
  return nullptr;
}

}  // namespace lacuna::ir
