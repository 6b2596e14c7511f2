#include "compiler/syntax/operators.h"

#include <array>

namespace lacuna::syntax {

namespace {

constexpr std::array kOperators = {
#define LACUNA_OPERATOR(Op, Token, Spelling, Precedence, Assoc) \
  OperatorInfo{Spelling, TokenKind::Token, Precedence, Associativity::Assoc},
#include "compiler/syntax/operators.def"
#undef LACUNA_OPERATOR
};

#define LACUNA_OPERATOR(Op, Token, Spelling, Precedence, Assoc) \
  static_assert(kOperators[static_cast<std::size_t>(BinaryOp::Op)].token == TokenKind::Token, "BinaryOp follows operators.def");
#include "compiler/syntax/operators.def"
#undef LACUNA_OPERATOR

}  // namespace

const OperatorInfo& info(BinaryOp op) { return kOperators[static_cast<std::size_t>(op)]; }

std::string_view spelling(UnaryOp op) { return op == UnaryOp::Negate ? "-" : "!"; }

bool is_binary_operator(TokenKind kind) { return kind >= TokenKind::Coalesce && kind <= TokenKind::Power; }

BinaryOp binary_operator(TokenKind kind) {
  // The operators' tokens stand in the order of BinaryOp.
  return static_cast<BinaryOp>(static_cast<int>(kind) - static_cast<int>(TokenKind::Coalesce));
}

int precedence(const Expr& expr) {
  if (const auto* binary = expr.get_if<BinaryExpr>()) return info(binary->op).precedence;
  if (expr.kind == ExprKind::Unary) return kUnaryPrecedence;
  if (expr.kind == ExprKind::If) return kIfPrecedence;
  return kPostfixPrecedence;
}

}  // namespace lacuna::syntax
