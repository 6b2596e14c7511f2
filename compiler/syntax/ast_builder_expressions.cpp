// Expressions: a flat list of operands and operators becomes a tree here, by precedence.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "compiler/support/utf8.h"
#include "compiler/syntax/ast_builder.h"
#include "compiler/syntax/limits.h"
#include "compiler/syntax/operators.h"

namespace lacuna::syntax {

using diagnostics::Id;

// Two stacks (Dijkstra's shunting yard): values, and the operators that wait for their right operand.
class AstBuilder::Chain {
 public:
  explicit Chain(AstBuilder& builder) : builder_(builder) {}

  void prefix(const Token& op) { waiting_.push_back({&op, kUnaryPrecedence, true}); }
  void value(Built built) { values_.push_back(built); }
  void infix(const Token& op) {
    const OperatorInfo& which = info(binary_operator(op.kind));
    const bool right = which.associativity == Associativity::Right;
    while (!waiting_.empty() && (waiting_.back().precedence > which.precedence ||
                                 (waiting_.back().precedence == which.precedence && !right)))
      reduce();
    waiting_.push_back({&op, which.precedence, false});
  }
  Built finish() {
    while (!waiting_.empty()) reduce();
    return values_.back();
  }

 private:
  struct Waiting {
    const Token* op;
    int precedence;
    bool prefix;
  };

  void reduce() {
    const Waiting top = waiting_.back();
    waiting_.pop_back();
    const Built right = values_.back();
    values_.pop_back();
    if (top.prefix) return value(builder_.unary(*top.op, right));
    const Built left = values_.back();
    values_.pop_back();
    value(builder_.binary(*top.op, left, right));
  }

  AstBuilder& builder_;
  std::vector<Built> values_;
  std::vector<Waiting> waiting_;
};

AstBuilder::Built AstBuilder::finish(Expr* expr, SourceRange range, std::uint32_t height) {
  if (height > kMaximumHeight && !failed_) {
    const std::uint32_t limit = kMaximumHeight;
    report(Id::ExpressionTooHigh, range, limit).help("name parts of it with `let`, or reduce an array with `sum`");
  }
  return {expr, range, height};
}

AstBuilder::Built AstBuilder::built(Grammar::ExpressionContext* tree) {
  if (tree->condition) return conditional(tree);
  if (tree->operators.empty() && tree->operands[0]->prefixes.empty()) return operand(tree->operands[0]);
  Chain chain(*this);
  for (std::size_t i = 0; i < tree->operands.size(); ++i) {
    if (i > 0) chain.infix(token(tree->operators[i - 1]));
    for (antlr4::Token* op : tree->operands[i]->prefixes) chain.prefix(token(op));
    chain.value(operand(tree->operands[i]));
  }
  return chain.finish();
}

AstBuilder::Built AstBuilder::conditional(Grammar::ExpressionContext* tree) {
  auto* node = make<IfExpr>(range(tree));
  const Built condition = built(tree->condition);
  const Built then_value = built(tree->thenValue);
  const Built else_value = built(tree->elseValue);
  node->condition = condition.expr;
  node->then_value = then_value.expr;
  node->else_value = else_value.expr;
  return finish(node, node->range, 1 + std::max({condition.height, then_value.height, else_value.height}));
}

AstBuilder::Built AstBuilder::unary(const Token& op, Built operand) {
  auto* node = make<UnaryExpr>(cover(range(op), operand.outer));
  node->op = op.kind == TokenKind::Minus ? UnaryOp::Negate : UnaryOp::Not;
  node->operand = operand.expr;
  return finish(node, node->range, operand.height + 1);
}

AstBuilder::Built AstBuilder::binary(const Token& op, Built left, Built right) {
  auto* node = make<BinaryExpr>(cover(left.outer, right.outer));
  node->op = binary_operator(op.kind);
  node->op_range = range(op);
  node->left = left.expr;
  node->right = right.expr;
  const auto* before = left.expr->get_if<BinaryExpr>();
  if (info(node->op).associativity == Associativity::None && before && !before->parenthesized &&
      info(before->op).associativity == Associativity::None && !failed_) {
    report(Id::ChainedComparison, node->op_range)
        .also_at(before->op_range, "the first comparison, which gives a `bool`")
        .help(fmt::format("write `{} && {} {} {}`", text(before->range), text(before->right->range), text(node->op_range),
                          text(right.outer)));
  }
  return finish(node, node->range, 1 + std::max(left.height, right.height));
}

AstBuilder::Built AstBuilder::operand(Grammar::OperandContext* tree) {
  Built result = primary(tree->primary());
  for (Grammar::SuffixContext* part : tree->suffixes) result = suffix(result, part);
  return result;
}

AstBuilder::Built AstBuilder::primary(Grammar::PrimaryContext* tree) {
  if (tree->literal) return literal(tree->literal);
  if (tree->inner) {
    Built inside = built(tree->inner);
    inside.expr->parenthesized = true;
    inside.outer = range(tree);
    return inside;
  }
  if (Grammar::ArrayContext* elements = tree->array()) return array(elements);
  const Name written = name(tree->name());
  auto* node = make<NameExpr>(written.range);
  node->text = written.text;
  return {node, written.range, 1};
}

AstBuilder::Built AstBuilder::literal(antlr4::Token* written) {
  const Token& t = token(written);
  switch (t.kind) {
    case TokenKind::Integer: return integer(t);
    case TokenKind::Real: return real(t);
    case TokenKind::String: return string(t);
    default: break;
  }
  auto* node = make<ConstantExpr>(range(t));
  node->value = t.kind == TokenKind::True    ? ConstantKind::True
                : t.kind == TokenKind::False ? ConstantKind::False
                : t.kind == TokenKind::Pi    ? ConstantKind::Pi
                                             : ConstantKind::Inf;
  return {node, node->range, 1};
}

AstBuilder::Built AstBuilder::integer(const Token& t) {
  auto* node = make<NumberExpr>(range(t));
  const std::string_view digits = text(node->range);
  node->is_integer = true;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), node->integer);
  if (error != std::errc()) report(Id::NumberTooLarge, node->range, digits, "an `int` holds").help("write it as a real number, with a point or an exponent");
  node->real = static_cast<double>(node->integer);
  return {node, node->range, 1};
}

AstBuilder::Built AstBuilder::real(const Token& t) {
  auto* node = make<NumberExpr>(range(t));
  const std::string_view digits = text(node->range);
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), node->real);
  // Out of range is said of what is too small as well; such a number is 0.
  if (error == std::errc::result_out_of_range && digits.find("e-") == std::string_view::npos && digits.find("E-") == std::string_view::npos)
    report(Id::NumberTooLarge, node->range, digits, "a `real` holds").help("write `inf` for infinity");
  return {node, node->range, 1};
}

AstBuilder::Built AstBuilder::string(const Token& t) {
  auto* node = make<StringExpr>(range(t));
  node->value = unescape(t);
  return {node, node->range, 1};
}

std::string_view AstBuilder::unescape(const Token& t) {
  const std::string_view body = context_.text.substr(t.begin + 1, t.end - t.begin - 2);
  if (body.find('\\') == std::string_view::npos) return body;
  std::string value;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\') {
      value += body[i];
      continue;
    }
    const char escaped = body[++i];
    if (escaped == '"' || escaped == '\\') {
      value += escaped;
    } else if (escaped == 'n' || escaped == 't') {
      value += escaped == 'n' ? '\n' : '\t';
    } else {
      const auto begin = static_cast<std::uint32_t>(t.begin + i);
      const auto length = static_cast<std::uint32_t>(1 + std::max<std::size_t>(1, support::utf8_length(body.substr(i))));
      report(Id::UnknownEscape, {context_.file, begin, begin + length}, text({context_.file, begin, begin + length}))
          .note("a label knows `\\\"`, `\\\\`, `\\n` and `\\t`; every other character stands for itself");
    }
  }
  return context_.arena->copy(std::string_view(value));
}

AstBuilder::Built AstBuilder::array(Grammar::ArrayContext* tree) {
  std::uint32_t height = 0;
  std::vector<Expr*> elements;
  for (Grammar::ExpressionContext* element : tree->elements) {
    const Built part = built(element);
    height = std::max(height, part.height);
    elements.push_back(part.expr);
  }
  if (Grammar::GeneratorContext* generator = tree->generator()) {
    auto* node = make<ComprehensionExpr>(range(tree));
    node->body = elements[0];
    node->binders = binders(generator->binders());
    if (generator->condition) {
      const Built where = built(generator->condition);
      node->where = where.expr;
      height = std::max(height, where.height);
    }
    return finish(node, node->range, height + 1);
  }
  auto* node = make<ArrayExpr>(range(tree));
  node->elements = context_.arena->copy(elements);
  return finish(node, node->range, height + 1);
}

AstBuilder::Built AstBuilder::suffix(Built object, Grammar::SuffixContext* tree) {
  if (!tree->subscripts.empty()) return subscript(object, tree);
  if (!tree->member) return call(object, tree);
  const Name member = name(tree->member);
  auto* node = make<MemberExpr>(cover(object.outer, member.range));
  node->object = object.expr;
  node->member = member;
  return finish(node, node->range, object.height + 1);
}

AstBuilder::Built AstBuilder::subscript(Built object, Grammar::SuffixContext* tree) {
  auto* node = make<SubscriptExpr>(cover(object.outer, range(tree)));
  node->object = object.expr;
  std::uint32_t height = object.height;
  std::vector<SubscriptItem> items;
  for (Grammar::SubscriptContext* part : tree->subscripts) {
    if (!part->index) {
      items.push_back({nullptr, range(part)});
      continue;
    }
    const Built index = built(part->index);
    height = std::max(height, index.height);
    items.push_back({index.expr, range(part)});
  }
  node->items = context_.arena->copy(items);
  return finish(node, node->range, height + 1);
}

AstBuilder::Built AstBuilder::call(Built callee, Grammar::SuffixContext* tree) {
  auto* node = make<CallExpr>(cover(callee.outer, range(tree)));
  node->callee = callee.expr;
  if (callee.expr->parenthesized || (callee.expr->kind != ExprKind::Name && callee.expr->kind != ExprKind::Member)) {
    auto& error = report(Id::CallOfNoName, callee.outer, text(callee.outer));
    if (callee.expr->kind == ExprKind::Number || callee.expr->parenthesized)
      error.help("a product is written with `*`", {{{context_.file, callee.outer.end, callee.outer.end}, " * "}});
  }
  std::uint32_t height = callee.height;
  std::vector<Argument> arguments;
  for (Grammar::ArgumentContext* part : tree->arguments) arguments.push_back(argument(part, height));
  check_argument_order(arguments);
  node->arguments = context_.arena->copy(arguments);
  if (Grammar::GeneratorContext* generator = tree->generator()) {
    node->binders = binders(generator->binders());
    if (generator->condition) {
      const Built where = built(generator->condition);
      node->where = where.expr;
      height = std::max(height, where.height);
    }
    if (!arguments.empty() && !arguments[0].name.text.empty())
      report(Id::NamedReduction, arguments[0].name.range).help(fmt::format("write the expression alone: `{} for ...`", text(arguments[0].value->range)));
  }
  return finish(node, node->range, height + 1);
}

Argument AstBuilder::argument(Grammar::ArgumentContext* tree, std::uint32_t& height) {
  const Built first = built(tree->value);
  height = std::max(height, first.height);
  if (!tree->named) return {{}, first.expr};
  const Name which = bare_name(first, Id::ArgumentNameExpected);
  const Built value = built(tree->named);
  height = std::max(height, value.height);
  return {which, value.expr};
}

void AstBuilder::check_argument_order(const std::vector<Argument>& arguments) {
  const Argument* named = nullptr;
  for (const Argument& argument : arguments) {
    if (!argument.name.text.empty()) {
      named = &argument;
    } else if (named) {
      report(Id::PositionalAfterNamed, argument.value->range)
          .also_at(named->name.range, fmt::format("`{}` is given by name", named->name.text))
          .help("give this one by name, too, or put it first");
      return;
    }
  }
}

}  // namespace lacuna::syntax
