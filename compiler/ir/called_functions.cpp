#include "compiler/ir/called_functions.h"

#include "compiler/ir/evaluate.h"

namespace lacuna::ir {
namespace {

Cell cell(double x) { return Cell::of(static_cast<long double>(x)); }

template <Op op>
double call_2(double x, double y) {
  return static_cast<double>(evaluate(op, {cell(x), cell(y)}).real);
}
template <Op op>
double call_3(double x, double y, double z) {
  return static_cast<double>(evaluate(op, {cell(x), cell(y), cell(z)}).real);
}

}  // namespace

void* called_function(std::string_view name) {
  constexpr std::string_view kBefore = "lacuna_";
  if (name.substr(0, kBefore.size()) != kBefore) return nullptr;
  name.remove_prefix(kBefore.size());
#define LACUNA_CALLED(op, operands) \
  if (name == info(Op::op).mnemonic) return reinterpret_cast<void*>(&call_##operands<Op::op>);
#include "compiler/ir/called_functions.def"
#undef LACUNA_CALLED
  return nullptr;
}

}  // namespace lacuna::ir
