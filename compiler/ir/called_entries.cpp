// What generated code calls, with names and arguments of C. With the functions behind it, this is also what an object gets
// that needs them (aot/object.h), so it stands alone: no library but libm.
#include "compiler/ir/special_functions.h"

namespace special = lacuna::ir::special;

#define LACUNA_DEFINE_2(function) \
  double lacuna_##function(double a, double b) { return static_cast<double>(special::function(a, b)); }
#define LACUNA_DEFINE_3(function) \
  double lacuna_##function(double a, double b, double x) { return static_cast<double>(special::function(a, b, x)); }
#define LACUNA_CALLED(op, operands, function) \
  extern "C" double lacuna_##function LACUNA_ARGUMENTS_##operands; \
  LACUNA_DEFINE_##operands(function)
#define LACUNA_ARGUMENTS_2 (double, double)
#define LACUNA_ARGUMENTS_3 (double, double, double)
#include "compiler/ir/called_functions.def"
