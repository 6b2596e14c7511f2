// Draws: uniforms and normals in line; those that try until they accept as functions of the module, for each number of lanes
// once (draw_functions.h).
#include "compiler/codegen/draw_functions.h"
#include "compiler/codegen/emitter.h"
#include "compiler/codegen/math/functions.h"

namespace lacuna::codegen {

using ir::Op;

Value* Emitter::random_number(Op op, const std::vector<Value*>& operands) {
  const math::RandomSource source{operands[0], operands[1], operands[2]};
  if (op == Op::StandardUniform) return math::emit_uniform(b_, math::emit_philox(b_, source).first);
  if (op == Op::StandardNormal) return math::emit_normal(b_, math::emit_philox(b_, source));
  const unsigned lanes = Lanes::count(operands[0]);
  std::vector<Value*> arguments = operands;
  llvm::Type* truth = Lanes::shaped(operands[0], builder_.getInt1Ty());
  arguments.push_back(mask_ != nullptr && Lanes::count(mask_) == lanes ? mask_ : llvm::Constant::getAllOnesValue(truth));
  return builder_.CreateCall(draw_function(code_, target_, op, lanes), arguments);
}

}  // namespace lacuna::codegen
