// Operations whose lanes do not meet: constants, conversions, arithmetic, comparisons, logic.
#include <limits>

#include "compiler/codegen/elementary.h"
#include "compiler/codegen/emit_operations.h"
#include "compiler/codegen/shared_functions.h"

namespace lacuna::codegen {

using ir::Op;
using ir::Scalar;

// A number of the caller's, or a constant 1 where there are none.
Value* Operations::site_scale(Value* site) {
  Value* scales = frame_field(FrameField::Scales);
  if (one_ == nullptr) {
    one_ = new llvm::GlobalVariable(code_, builder_.getDoubleTy(), true, llvm::GlobalValue::PrivateLinkage,
                                   llvm::ConstantFP::get(builder_.getDoubleTy(), 1.0), "one");
  }
  Value* given = builder_.CreateGEP(builder_.getDoubleTy(), scales, site);
  return builder_.CreateLoad(builder_.getDoubleTy(), builder_.CreateSelect(builder_.CreateIsNull(scales), one_, given));
}

Value* Operations::arithmetic(const Instruction& each) {
  if (each.op == Op::Constant) {
    if (const auto* real = std::get_if<double>(&each.literal))
      return llvm::ConstantFP::get(builder_.getDoubleTy(), *real);
    if (const auto* whole = std::get_if<std::int64_t>(&each.literal)) return constant(*whole);
    return builder_.getInt1(std::get<bool>(each.literal));
  }
  if (each.op == Op::Size) return size(each.dim);
  if (each.op == Op::WithJacobian) return with_jacobian_ = builder_.CreateIsNull(frame_field(FrameField::WithoutJacobian));
  if (each.op == Op::SiteScale) return site_scale(get(each.operands[0]));
  std::vector<Value*> x;
  unsigned lanes = 1;
  for (ir::ValueId id : each.operands) {
    x.push_back(get(id));
    lanes = std::max(lanes, Lanes::count(x.back()));
  }
  for (Value*& operand : x) operand = b_.splat(operand, lanes);
  switch (each.op) {
    case Op::ToReal:
    case Op::ToInt:
    case Op::ToIndex:
    case Op::Truncate:
      return conversion(each, x[0]);
    case Op::Fma:
      return b_.fma(x[0], x[1], x[2]);
    case Op::Select:
      return b_.select(x[0], x[1], x[2]);
    case Op::And:
      return builder_.CreateAnd(x[0], x[1]);
    case Op::Or:
      return builder_.CreateOr(x[0], x[1]);
    case Op::Not:
      return builder_.CreateNot(x[0]);
    default:
      break;
  }
  if (is_shared(each.op)) return call_shared(b_, each.op, x);
  if (ir::info(each.op).operands.starts_with("iii")) return draw(each.op, std::move(x));
  Value* second = x.size() > 1 ? x[1] : nullptr;
  if (Value* value = comparison(each.op, x[0], second)) return value;
  if (x[0]->getType()->getScalarType()->isIntegerTy()) return integer_arithmetic(each.op, x[0], second);
  Value* value = emit_elementary(b_, each.op, x[0], second);
  return value != nullptr ? value : called(each.op, x);
}

// A double that is not within the range of int64 is capped, NaN is 0.
Value* Operations::conversion(const Instruction& each, Value* x) {
  if (auto first = first_lane_.find(each.operands[0]);
      first != first_lane_.end() && (each.op == Op::ToInt || each.op == Op::ToIndex)) {
    Value* kept = first->second;
    first_lane_[each.result()] = kept;
    keep_run(each.operands[0], each.result());
  }
  llvm::Type* whole = Lanes::shaped(x, builder_.getInt64Ty());
  llvm::Type* element = x->getType()->getScalarType();
  if (each.op == Op::Truncate) return builder_.CreateIntrinsic(llvm::Intrinsic::fptosi_sat, {whole, x->getType()}, {x});
  if (each.op == Op::ToReal) {
    llvm::Type* real = Lanes::shaped(x, builder_.getDoubleTy());
    return element->isIntegerTy(1) ? builder_.CreateUIToFP(x, real) : builder_.CreateSIToFP(x, real);
  }
  return element->isIntegerTy(1) ? builder_.CreateZExt(x, whole) : x;
}

Value* Operations::comparison(Op op, Value* x, Value* y) {
  switch (op) {
    case Op::Lt:
      return builder_.CreateFCmpOLT(x, y);
    case Op::Le:
      return builder_.CreateFCmpOLE(x, y);
    case Op::Eq:
      return builder_.CreateFCmpOEQ(x, y);
    case Op::Ne:
      return builder_.CreateFCmpUNE(x, y);
    case Op::ILt:
      return builder_.CreateICmpSLT(x, y);
    case Op::ILe:
      return builder_.CreateICmpSLE(x, y);
    case Op::IEq:
      return builder_.CreateICmpEQ(x, y);
    case Op::INe:
      return builder_.CreateICmpNE(x, y);
    case Op::IsNan:
      return builder_.CreateFCmpUNO(x, x);
    case Op::IsFinite:
      return b_.lt(b_.abs(x), std::numeric_limits<double>::infinity());
    default:
      return nullptr;
  }
}

// Division rounds down, and by 0 gives 0; the smallest int divided by -1 wraps.
Value* Operations::integer_arithmetic(Op op, Value* x, Value* y) {
  auto pick = [&](Value* condition, Value* yes, Value* no) { return builder_.CreateSelect(condition, yes, no); };
  switch (op) {
    case Op::IAdd:
      return builder_.CreateAdd(x, y);
    case Op::ISub:
      return builder_.CreateSub(x, y);
    case Op::IMul:
      return builder_.CreateMul(x, y);
    case Op::CombineKeys: {
      Value* folded = builder_.CreateXor(x, builder_.CreateLShr(x, b_.integer(x, 32)));
      return builder_.CreateXor(builder_.CreateMul(folded, b_.integer(x, 0x9E3779B97F4A7C15)), y);
    }
    case Op::IMin:
      return pick(builder_.CreateICmpSLT(y, x), y, x);
    case Op::IMax:
      return pick(builder_.CreateICmpSLT(x, y), y, x);
    default:
      break;
  }
  Value* zero = llvm::Constant::getNullValue(x->getType());
  Value* by_zero = builder_.CreateICmpEQ(y, zero);
  Value* minus = builder_.CreateICmpEQ(y, llvm::Constant::getAllOnesValue(x->getType()));
  Value* safe = pick(builder_.CreateOr(by_zero, minus), b_.integer(x, 1), y);
  Value* quotient = builder_.CreateSDiv(x, safe);
  Value* rest = builder_.CreateSub(x, builder_.CreateMul(quotient, safe));
  Value* uneven = builder_.CreateAnd(builder_.CreateICmpNE(rest, zero),
                                     builder_.CreateICmpSLT(builder_.CreateXor(rest, safe), zero));
  if (op == Op::IMod) {
    Value* value = pick(uneven, builder_.CreateAdd(rest, safe), rest);
    return pick(builder_.CreateOr(by_zero, minus), zero, value);
  }
  Value* value = pick(uneven, builder_.CreateSub(quotient, b_.integer(x, 1)), quotient);
  return pick(by_zero, zero, pick(minus, builder_.CreateNeg(x), value));
}

}  // namespace lacuna::codegen
