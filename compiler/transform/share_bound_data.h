// Keeps once what binding stores twice: functions are separated one by one, and each has its own `real(y[n])`.
//
//   needs    a verified module after separate_stages
//   leaves   one buffer for equal values over one domain; the others are scalars that nothing reads or writes
//   shown by test/lit/transform/share_bound_data.lir
#pragma once
namespace lacuna::ir {
struct Module;
}

namespace lacuna::transform {

void share_bound_data(ir::Module& module);

}  // namespace lacuna::transform
