// Moves what depends on data alone out of draw functions into the binding of data.
//
//   needs    a verified module with or without a function @bind
//   leaves   draw functions load computed data from buffers that @bind fills; raw inputs and indices are still loaded
//   where they are used shown by test/lit/transform/separate_stages.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void separate_stages(ir::Module& module);

}  // namespace lacuna::transform
