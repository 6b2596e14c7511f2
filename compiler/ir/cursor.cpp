#include "compiler/ir/cursor.h"

#include <fmt/format.h>

#include <charconv>

namespace lacuna::ir {

Token Cursor::next() {
  Token token = peek();
  if (!at_end()) ++at_;
  return token;
}

bool Cursor::accept(std::string_view wanted) {
  if (!peek().is(wanted)) return false;
  next();
  return true;
}

void Cursor::expect(std::string_view wanted) {
  if (!accept(wanted)) fail(fmt::format("expected `{}`", wanted));
}

std::string_view Cursor::expect(Token::Kind kind, std::string_view what) {
  if (peek().kind == kind) return next().text;
  fail(fmt::format("expected {}", what));
  return {};
}

std::int64_t Cursor::expect_integer() {
  const std::string_view text = expect(Token::Kind::Integer, "an integer");
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!failed() && (code != std::errc() || end != text.data() + text.size())) fail("an integer out of range");
  return value;
}

void Cursor::fail(std::string_view what) {
  if (failed()) return;
  error_ = fmt::format("{}:{}: {}", peek().line, peek().column, what);
  at_ = tokens_.size() - 1;
}

}  // namespace lacuna::ir
