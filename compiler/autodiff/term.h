// Arithmetic on values of the IR as C++ expressions, for the adjoint rules.
//
// Each operator writes one instruction at the builder's place; numbers become constants.
#pragma once
#include "compiler/ir/builder.h"

namespace lacuna::autodiff {

class Term {
 public:
  Term(ir::Builder& builder, ir::ValueId id) : builder_(&builder), id_(id) {}

  ir::ValueId id() const { return id_; }
  ir::Builder& builder() const { return *builder_; }

 private:
  ir::Builder* builder_;
  ir::ValueId id_;
};

template <class... Operands>
Term apply(ir::Op op, const Term& first, const Operands&... rest) {
  return {first.builder(), first.builder().op(op, {first.id(), rest.id()...})};
}

inline Term number(const Term& like, double value) {
  return {like.builder(), like.builder().real(value)};
}

inline Term operator-(const Term& a) {
  return apply(ir::Op::Neg, a);
}
inline Term operator+(const Term& a, const Term& b) {
  return apply(ir::Op::Add, a, b);
}
inline Term operator-(const Term& a, const Term& b) {
  return apply(ir::Op::Sub, a, b);
}
inline Term operator*(const Term& a, const Term& b) {
  return apply(ir::Op::Mul, a, b);
}
inline Term operator/(const Term& a, const Term& b) {
  return apply(ir::Op::Div, a, b);
}
inline Term operator+(const Term& a, double b) {
  return a + number(a, b);
}
inline Term operator-(const Term& a, double b) {
  return a - number(a, b);
}
inline Term operator*(const Term& a, double b) {
  return a * number(a, b);
}
inline Term operator+(double a, const Term& b) {
  return number(b, a) + b;
}
inline Term operator-(double a, const Term& b) {
  return number(b, a) - b;
}
inline Term operator*(double a, const Term& b) {
  return number(b, a) * b;
}
inline Term operator/(double a, const Term& b) {
  return number(b, a) / b;
}
inline Term operator<(const Term& a, const Term& b) {
  return apply(ir::Op::Lt, a, b);
}
inline Term operator==(const Term& a, const Term& b) {
  return apply(ir::Op::Eq, a, b);
}
inline Term select(const Term& condition, const Term& yes, const Term& no) {
  return apply(ir::Op::Select, condition, yes, no);
}
inline Term exp(const Term& a) {
  return apply(ir::Op::Exp, a);
}

}  // namespace lacuna::autodiff
