// The operations, reductions and dense kernels of the IR as enums, with what the lists say of each.
//
// The lists are ops.def, reducers.def and kernels.def; nothing else names an operation twice.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace lacuna::ir {

enum Traits : std::uint8_t {
  Pure = 1,
  Commutative = 2,
  Elementwise = 4,
  Effect = 8,
  Structured = 16,
  Memory = 32,
};

enum class Op : std::uint8_t {
#define LACUNA_OP(name, mnemonic, operands, results, traits) name,
#include "compiler/ir/ops.def"
#undef LACUNA_OP
};

enum class Reducer : std::uint8_t {
#define LACUNA_REDUCER(name, text, operand, result, empty) name,
#include "compiler/ir/reducers.def"
#undef LACUNA_REDUCER
};

enum class Kernel : std::uint8_t {
#define LACUNA_KERNEL(name, text, results, operands) name,
#include "compiler/ir/kernels.def"
#undef LACUNA_KERNEL
};

// What ops.def says of an operation.
struct OpInfo {
  std::string_view name;
  std::string_view mnemonic;
  std::string_view operands;
  std::string_view results;
  std::uint8_t traits;

  bool has(Traits trait) const { return (traits & trait) != 0; }
};
const OpInfo& info(Op op);
inline bool has(Op op, Traits trait) {
  return info(op).has(trait);
}
std::optional<Op> op_by_mnemonic(std::string_view mnemonic);
int op_count();

std::string_view name_of(Reducer reducer);
std::optional<Reducer> reducer_by_name(std::string_view name);
// 'r', 'i' or 'b': what a reducer takes and gives.
char operand_letter(Reducer reducer);

// What kernels.def says of a kernel: the ranks of its buffers, results first.
struct KernelInfo {
  std::string_view name;
  std::string_view results;
  std::string_view operands;
};
const KernelInfo& info(Kernel kernel);
std::optional<Kernel> kernel_by_name(std::string_view name);

}  // namespace lacuna::ir
