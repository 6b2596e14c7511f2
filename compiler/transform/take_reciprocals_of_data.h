// Replaces division by data with multiplication by its reciprocal, which separate_stages then moves into binding.
//
//   needs    a verified module, before differentiation and separate_stages
//   leaves   the same quotients within 1.5 ulp where the reciprocal is finite
//   shown by test/lit/transform/take_reciprocals_of_data.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void take_reciprocals_of_data(ir::Module& module);

}  // namespace lacuna::transform
