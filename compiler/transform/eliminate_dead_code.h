// Drops instructions, reductions of loops and stores to work buffers that nothing uses.
//
//   needs    a verified module
//   leaves   every pure value is used, every work buffer that is stored to is loaded somewhere
//   shown by test/lit/transform/eliminate_dead_code.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void eliminate_dead_code(ir::Module& module);

}  // namespace lacuna::transform
