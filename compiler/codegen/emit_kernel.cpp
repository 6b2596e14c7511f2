// Dense kernels on whole buffers, as plain loops: kernels.def says what each computes.
#include "compiler/codegen/emit_operations.h"

namespace lacuna::codegen {

void Operations::kernel(const Instruction& each) {
  // Refused before code generation: see compiler/codegen/entry.h.
  (void)each;
}

}  // namespace lacuna::codegen
