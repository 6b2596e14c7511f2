// Arithmetic on scalars and vectors alike: the instructions that emitters are written with.
//
//   needs    an llvm::IRBuilder at the place to write, and the target
//   leaves   instructions without fast-math flags; every operand keeps its number of lanes
//   shown by compiler/codegen/math/, test/unit/codegen/math_test.cpp
//
// A "real" is a double or a vector of doubles, an "integer" an i64 or a vector of them, a "mask" an i1 or a vector of
// them. Constants are made in the shape of another value. On targets without fused multiply-add, `fma` is a
// multiplication and an addition, each rounded: what needs the exact error of a product asks for `product`.
#pragma once
#include <llvm/IR/IRBuilder.h>

#include <cstdint>
#include <span>

#include "compiler/codegen/target.h"

namespace lacuna::codegen {

// An unevaluated sum: `high` is the sum rounded, `low` what is left.
struct Pair {
  llvm::Value* high;
  llvm::Value* low;
};

class Lanes {
 public:
  using Value = llvm::Value;

  Lanes(llvm::IRBuilder<>& builder, const Target& target) : ir(builder), target_(target) {}

  llvm::IRBuilder<>& ir;
  const Target& target() const { return target_; }

  static unsigned count(const Value* x);
  // The type of `like`, with elements of another type.
  static llvm::Type* shaped(const Value* like, llvm::Type* element);
  Value* real(const Value* like, double value) const;
  Value* integer(const Value* like, std::uint64_t value) const;
  Value* splat(Value* scalar, unsigned lanes);

  Value* add(Value* a, Value* b) { return ir.CreateFAdd(a, b); }
  Value* sub(Value* a, Value* b) { return ir.CreateFSub(a, b); }
  Value* mul(Value* a, Value* b) { return ir.CreateFMul(a, b); }
  Value* div(Value* a, Value* b) { return ir.CreateFDiv(a, b); }
  Value* add(Value* a, double b) { return add(a, real(a, b)); }
  Value* sub(Value* a, double b) { return sub(a, real(a, b)); }
  Value* mul(Value* a, double b) { return mul(a, real(a, b)); }
  Value* neg(Value* a) { return ir.CreateFNeg(a); }
  Value* fma(Value* a, Value* b, Value* c);
  Value* fma(Value* a, double b, Value* c) { return fma(a, real(a, b), c); }
  Value* fma(Value* a, Value* b, double c) { return fma(a, b, real(a, c)); }
  Value* abs(Value* a);
  Value* sqrt(Value* a);
  Value* floor(Value* a);
  Value* ceil(Value* a);
  Value* round_even(Value* a);
  Value* truncate(Value* a);
  Value* copysign(Value* magnitude, Value* sign);

  // Comparisons are false for NaN, except `ne`.
  Value* lt(Value* a, Value* b) { return ir.CreateFCmpOLT(a, b); }
  Value* lt(Value* a, double b) { return lt(a, real(a, b)); }
  Value* gt(Value* a, double b) { return ir.CreateFCmpOGT(a, real(a, b)); }
  Value* le(Value* a, double b) { return ir.CreateFCmpOLE(a, real(a, b)); }
  Value* ge(Value* a, double b) { return ir.CreateFCmpOGE(a, real(a, b)); }
  Value* eq(Value* a, double b) { return ir.CreateFCmpOEQ(a, real(a, b)); }
  Value* is_nan(Value* a) { return ir.CreateFCmpUNO(a, a); }
  Value* select(Value* mask, Value* yes, Value* no) { return ir.CreateSelect(mask, yes, no); }
  Value* select(Value* mask, double yes, Value* no) { return select(mask, real(no, yes), no); }
  Value* select(Value* mask, Value* yes, double no) { return select(mask, yes, real(yes, no)); }
  // The smaller and the larger; `a` if it is NaN.
  Value* at_least(Value* a, double low) { return select(lt(a, low), low, a); }
  Value* at_most(Value* a, double high) { return select(gt(a, high), high, a); }

  Value* bits(Value* real);
  Value* from_bits(Value* integer);

  // c[0] + c[1] x + ... (Horner).
  Value* polynomial(Value* x, std::span<const double> c);
  // The same with two products more and half as many steps that wait for each other: what waits fills a processor's queues, and
  // keeps out what stands behind it.
  Value* short_polynomial(Value* x, std::span<const double> c);
  // x 2^n for integral n, |n| <= 1100, rounded once; overflows to infinity, underflows through the subnormals.
  Value* scale(Value* x, Value* n);
  // Exact: a b = high + low, barring over- and underflow.
  Pair product(Value* a, Value* b);
  // Exact: a + b = high + low.
  Pair sum(Value* a, Value* b);
  // The same where |a| >= |b|.
  Pair quick_sum(Value* a, Value* b);

 private:
  Value* scale_by_instruction(Value* x, Value* n);

  const Target& target_;
};

}  // namespace lacuna::codegen
