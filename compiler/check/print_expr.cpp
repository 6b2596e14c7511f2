// Expressions in the program's own notation, with the fewest parentheses that keep their meaning.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "compiler/check/expr.h"
#include "compiler/check/symbol.h"

namespace lacuna::check {

namespace {

// How tightly an expression holds together, loosest first (language.md section 1).
enum Binding { kIf, kCoalesce, kOr, kAnd, kCompare, kAdd, kMultiply, kPrefix, kPower, kPostfix };

Binding binding_of_operator(Builtin op) {
  switch (op) {
    case Builtin::Coalesce: return kCoalesce;
    case Builtin::Or: return kOr;
    case Builtin::And: return kAnd;
    case Builtin::Equal:
    case Builtin::NotEqual:
    case Builtin::Less:
    case Builtin::LessEqual:
    case Builtin::Greater:
    case Builtin::GreaterEqual: return kCompare;
    case Builtin::Add:
    case Builtin::Subtract: return kAdd;
    case Builtin::Multiply:
    case Builtin::Divide:
    case Builtin::Modulo:
    case Builtin::Contract: return kMultiply;
    case Builtin::Negate:
    case Builtin::Not: return kPrefix;
    case Builtin::Power: return kPower;
    default: return kPostfix;
  }
}

Binding binding_of(const Expr& e) {
  if (const auto* builtin = e.get_if<BuiltinExpr>()) return binding_of_operator(builtin->op);
  if (e.kind == ExprKind::If) return kIf;
  if (const auto* literal = e.get_if<LiteralExpr>())
    return std::signbit(literal->value) && e.type.scalar != types::Scalar::Bool ? kPrefix : kPostfix;
  return kPostfix;
}

std::string number(double x) {
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  if (std::abs(x) == std::numbers::pi) return x > 0 ? "pi" : "-pi";
  std::string s = fmt::format("{}", x);
  const std::size_t exponent = s.find('e');
  if (exponent == std::string::npos) return s.find('.') == std::string::npos ? s + ".0" : s;
  std::size_t digits = exponent + 2;  // behind "e-" or "e+"
  while (digits + 1 < s.size() && s[digits] == '0') s.erase(digits, 1);
  return s;
}

class Printer {
 public:
  std::string text;

  void print(const Expr& e, Binding at_least) {
    const bool wrap = binding_of(e) < at_least;
    if (wrap) text += '(';
    print(e);
    if (wrap) text += ')';
  }

 private:
  void print(const Expr& e) {
    switch (e.kind) {
      case ExprKind::Error: text += "<error>"; break;
      case ExprKind::Literal: literal(e.as<LiteralExpr>()); break;
      case ExprKind::Label: label(e.as<LabelExpr>().label); break;
      case ExprKind::Variable: text += e.as<VariableExpr>().symbol->name; break;
      case ExprKind::Size: text += "size(" + types::dimension_string(e.as<SizeExpr>().dimension) + ")"; break;
      case ExprKind::Builtin: builtin(e.as<BuiltinExpr>()); break;
      case ExprKind::If: conditional(e.as<IfExpr>()); break;
      case ExprKind::Reduce: {
        const auto& reduce = e.as<ReduceExpr>();
        text += builtin_entry(reduce.op).spelling;
        text += '(';
        generator(*reduce.body, reduce.binders, reduce.where);
        text += ')';
        break;
      }
      case ExprKind::Array: list('[', e.as<ArrayExpr>().elements, ']'); break;
      case ExprKind::Comprehension: {
        const auto& comprehension = e.as<ComprehensionExpr>();
        text += '[';
        generator(*comprehension.body, comprehension.binders, comprehension.where);
        text += ']';
        break;
      }
      case ExprKind::Subscript: subscript(e.as<SubscriptExpr>()); break;
      case ExprKind::FunctionCall:
        text += e.as<FunctionCallExpr>().function->name;
        list('(', e.as<FunctionCallExpr>().arguments, ')');
        break;
      case ExprKind::Distribution: distribution(e.as<DistributionExpr>()); break;
      case ExprKind::Member: member(e.as<MemberExpr>()); break;
    }
  }

  void literal(const LiteralExpr& e) {
    if (e.type.scalar == types::Scalar::Bool)
      text += e.integer ? "true" : "false";
    else if (e.type.scalar == types::Scalar::Real)
      text += number(e.value);
    else
      text += std::to_string(e.integer);
  }

  void label(std::string_view s) {
    text += '"';
    for (char c : s) {
      if (c == '"' || c == '\\') text += '\\';
      if (c == '\n')
        text += "\\n";
      else if (c == '\t')
        text += "\\t";
      else
        text += c;
    }
    text += '"';
  }

  void builtin(const BuiltinExpr& e) {
    const Binding own = binding_of_operator(e.op);
    const std::string_view spelling = builtin_entry(e.op).spelling;
    if (own == kPostfix) {
      text += spelling;
      list('(', e.arguments, ')');
    } else if (own == kPrefix) {
      text += spelling;
      print(*e.arguments[0], kPrefix);
    } else {
      // `^` groups to the right and takes a prefix on its right; comparisons do not chain; the others group to the left.
      const Binding left = own == kPower || own == kCompare ? Binding(own + 1) : own;
      const Binding right = own == kPower ? kPrefix : Binding(own + 1);
      print(*e.arguments[0], left);
      text += fmt::format(" {} ", spelling);
      print(*e.arguments[1], right);
    }
  }

  void conditional(const IfExpr& e) {
    text += "if ";
    print(*e.condition, kIf);
    text += " then ";
    print(*e.then_value, kIf);
    text += " else ";
    print(*e.else_value, kIf);
  }

  void generator(const Expr& body, List<const Symbol* const> binders, const Expr* where) {
    print(body, kIf);
    for (std::size_t i = 0; i < binders.size(); ++i)
      text += fmt::format("{}{} in {}", i ? ", " : " for ", binders[i]->name, types::dimension_string(binders[i]->type.index_of));
    if (!where) return;
    text += " where ";
    print(*where, kIf);
  }

  void list(char open, List<const Expr* const> items, char close) {
    text += open;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i) text += ", ";
      print(*items[i], kIf);
    }
    text += close;
  }

  void subscript(const SubscriptExpr& e) {
    print(*e.object, kPostfix);
    text += '[';
    for (std::size_t i = 0; i < e.indices.size(); ++i) {
      if (i) text += ", ";
      if (e.indices[i])
        print(*e.indices[i], kIf);
      else
        text += ':';
    }
    text += ']';
  }

  // Whether argument `i` is what the signature gives when nothing is written.
  static bool is_default(const DistributionExpr& e, std::size_t i) {
    const auto& defaults = e.distribution->defaults;
    return i < defaults.size() && defaults[i] && same(*defaults[i], *e.arguments[i]);
  }

  void distribution(const DistributionExpr& e) {
    text += e.distribution->name;
    text += '(';
    bool first = true;
    bool named = e.distribution->overload != 0;
    for (std::size_t i = 0; i < e.arguments.size(); ++i) {
      if (!e.arguments[i]) continue;
      if (is_default(e, i)) {
        named = true;
        continue;
      }
      if (!first) text += ", ";
      first = false;
      if (named) text += fmt::format("{} = ", e.distribution->parameters[i]->name);
      print(*e.arguments[i], kIf);
    }
    if (!e.components.empty()) components(e, first);
    text += ')';
  }

  void components(const DistributionExpr& e, bool first) {
    if (!first) text += ", ";
    if (e.component_binder) {
      const Symbol* binder = e.component_binder;
      text += '[';
      generator(*e.components[0], {&binder, 1}, e.component_where);
      text += ']';
      return;
    }
    for (std::size_t i = 0; i < e.components.size(); ++i) {
      if (i) text += ", ";
      print(*e.components[i], kIf);
    }
  }

  void member(const MemberExpr& e) {
    print(*e.object, kPostfix);
    text += '.';
    text += e.member;
    if (!e.arguments.empty()) list('(', e.arguments, ')');
  }
};

}  // namespace

std::string to_string(const Expr& e) {
  Printer printer;
  printer.print(e, kIf);
  return std::move(printer.text);
}

}  // namespace lacuna::check
