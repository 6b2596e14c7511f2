#include "compiler/ir/infer.h"

namespace lacuna::ir {
namespace {

Type literal_type(const Literal& literal) {
  if (std::holds_alternative<double>(literal)) return Type::real();
  return std::holds_alternative<bool>(literal) ? Type::boolean() : Type::integer();
}

Type letter_type(char letter) {
  if (letter == 'b') return Type::boolean();
  return letter == 'i' ? Type::integer() : Type::real();
}

std::vector<Type> types_of(const Body& body, const std::vector<ValueId>& values, std::size_t first = 0) {
  std::vector<Type> types;
  for (std::size_t i = first; i < values.size(); ++i) types.push_back(body.type(values[i]));
  return types;
}

std::vector<Type> loop_types(const Module& module, const Body& body, const Instruction& loop) {
  std::vector<Type> types;
  if (loop.op == Op::Scan) {
    const std::size_t parameters = loop.domain.space.valid() ? module.space(loop.domain.space).parameters.size() : 0;
    types = types_of(body, loop.operands, parameters);
  }
  for (Reducer reducer : loop.reducers) types.push_back(type_of(reducer));
  return types;
}

}  // namespace

Type type_of(Reducer reducer) {
  return letter_type(operand_letter(reducer));
}

DimId cells_of(const Module& module, SpaceId space) {
  for (std::uint32_t i = 0; i < module.dims.size(); ++i) {
    if (module.dims[i].kind == Dim::Kind::Cells && module.dims[i].cells == space) return {i};
  }
  return {};
}

std::vector<DimId> bounding_dims(const Space& space) {
  std::vector<DimId> dims = space.by.empty() ? space.parameters : std::vector<DimId>{};
  dims.insert(dims.end(), space.dims.begin(), space.dims.end());
  return dims;
}

std::vector<Type> result_types(const Module& module, const Body& body, const Instruction& instruction) {
  switch (instruction.op) {
    case Op::Constant:
      return {literal_type(instruction.literal)};
    case Op::ToIndex:
      return {Type::index_of(instruction.dim)};
    case Op::Load:
      return {module.buffer(instruction.buffer).element};
    case Op::Select:
      return {body.type(instruction.operands[1])};
    case Op::For:
    case Op::Scan:
      return loop_types(module, body, instruction);
    case Op::If:
      return types_of(body, instruction.blocks.front().yields);
    default:
      break;
  }
  std::vector<Type> types;
  for (char letter : info(instruction.op).results) types.push_back(letter_type(letter));
  return types;
}

}  // namespace lacuna::ir
