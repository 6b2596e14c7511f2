#include "compiler/ir/ops.h"

#include <iterator>

namespace lacuna::ir {
namespace {

constexpr OpInfo kOps[] = {
#define LACUNA_OP(name, mnemonic, operands, results, traits) {#name, mnemonic, operands, results, traits},
#include "compiler/ir/ops.def"
#undef LACUNA_OP
};

struct ReducerInfo {
  std::string_view name;
  char operand;
};

constexpr ReducerInfo kReducers[] = {
#define LACUNA_REDUCER(name, text, operand, result, empty) {text, operand},
#include "compiler/ir/reducers.def"
#undef LACUNA_REDUCER
};

constexpr KernelInfo kKernels[] = {
#define LACUNA_KERNEL(name, text, results, operands) {text, results, operands},
#include "compiler/ir/kernels.def"
#undef LACUNA_KERNEL
};

template <class Enum, class Table, class NameOf>
std::optional<Enum> find(const Table& table, std::string_view name, NameOf name_of_row) {
  for (std::size_t i = 0; i < std::size(table); ++i) {
    if (name_of_row(table[i]) == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

const OpInfo& info(Op op) {
  return kOps[static_cast<std::size_t>(op)];
}

int op_count() {
  return static_cast<int>(std::size(kOps));
}

std::optional<Op> op_by_mnemonic(std::string_view mnemonic) {
  return find<Op>(kOps, mnemonic, [](const OpInfo& row) { return row.mnemonic; });
}

std::string_view name_of(Reducer reducer) {
  return kReducers[static_cast<std::size_t>(reducer)].name;
}

std::optional<Reducer> reducer_by_name(std::string_view name) {
  return find<Reducer>(kReducers, name, [](const ReducerInfo& row) { return row.name; });
}

char operand_letter(Reducer reducer) {
  return kReducers[static_cast<std::size_t>(reducer)].operand;
}

const KernelInfo& info(Kernel kernel) {
  return kKernels[static_cast<std::size_t>(kernel)];
}

std::optional<Kernel> kernel_by_name(std::string_view name) {
  return find<Kernel>(kKernels, name, [](const KernelInfo& row) { return row.name; });
}

}  // namespace lacuna::ir
