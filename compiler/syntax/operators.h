// How tightly operators bind, from operators.def: read by the builder, the printer and the formatter alike.
//
// shown by test/unit/syntax/precedence_test.cpp, test/unit/syntax/precedence_test.cpp
#pragma once
#include <string_view>

#include "compiler/syntax/ast.h"
#include "compiler/syntax/tokens.h"

namespace lacuna::syntax {

enum class Associativity : std::uint8_t { Left, Right, None };

struct OperatorInfo {
  std::string_view spelling;
  TokenKind token;
  int precedence;  // larger binds tighter
  Associativity associativity;
};

const OperatorInfo& info(BinaryOp op);
// `-` and `!`.
std::string_view spelling(UnaryOp op);
// Whether a token is a binary operator, and which.
bool is_binary_operator(TokenKind kind);
BinaryOp binary_operator(TokenKind kind);

inline constexpr int kIfPrecedence = 0;
inline constexpr int kUnaryPrecedence = 7;
inline constexpr int kPostfixPrecedence = 9;

// How tightly an expression holds together, parentheses left aside.
int precedence(const Expr& expr);

}  // namespace lacuna::syntax
