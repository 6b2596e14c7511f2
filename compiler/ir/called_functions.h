// The functions that generated code calls, as the interpreter computes them: `double lacuna_NAME(double, ...)`.
//
//   needs    nothing
//   leaves   addresses; code in memory is linked to them (jit/jit.cpp, driver/stored_model.cpp)
//   shown by test/unit/jit/gallery_test.cpp (`survival`)
#pragma once
#include <string_view>

namespace lacuna::ir {

// The function of that name ("lacuna_gamma_p"), or null.
void* called_function(std::string_view name);

}  // namespace lacuna::ir
