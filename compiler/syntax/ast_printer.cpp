#include "compiler/syntax/ast_printer.h"

#include <fmt/format.h>

#include "compiler/syntax/operators.h"

namespace lacuna::syntax {

namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else {
      result += c;
    }
  }
  return result + '"';
}

class Printer {
 public:
  std::string take() { return std::move(out_); }

  void program(const Program& program) {
    for (const Decl* node : program.declarations) declaration(*node);
  }

  void expression(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::Number: return number(expr.as<NumberExpr>());
      case ExprKind::String: return put(quoted(expr.as<StringExpr>().value));
      case ExprKind::Constant: return constant(expr.as<ConstantExpr>());
      case ExprKind::Name: return put(expr.as<NameExpr>().text);
      case ExprKind::Unary: return unary(expr.as<UnaryExpr>());
      case ExprKind::Binary: return binary(expr.as<BinaryExpr>());
      case ExprKind::If: return conditional(expr.as<IfExpr>());
      case ExprKind::Call: return call(expr.as<CallExpr>());
      case ExprKind::Member: return member(expr.as<MemberExpr>());
      case ExprKind::Subscript: return subscript(expr.as<SubscriptExpr>());
      case ExprKind::Array: return array(expr.as<ArrayExpr>());
      case ExprKind::Comprehension: return comprehension(expr.as<ComprehensionExpr>());
    }
  }

 private:
  // ---- expressions
  void number(const NumberExpr& node) {
    if (node.is_integer) return put(fmt::format("{}", node.integer));
    std::string digits = fmt::format("{}", node.real);
    if (digits.find_first_of(".en") == std::string::npos) digits += ".0";
    put(digits);
  }
  void constant(const ConstantExpr& node) {
    static constexpr std::string_view kSpelling[] = {"true", "false", "pi", "inf"};
    put(kSpelling[static_cast<int>(node.value)]);
  }
  void unary(const UnaryExpr& node) {
    put(node.op == UnaryOp::Negate ? "(negate " : "(not ");
    expression(*node.operand);
    put(")");
  }
  void binary(const BinaryExpr& node) {
    put(fmt::format("({} ", info(node.op).spelling));
    expression(*node.left);
    put(" ");
    expression(*node.right);
    put(")");
  }
  void conditional(const IfExpr& node) {
    put("(if ");
    expression(*node.condition);
    put(" ");
    expression(*node.then_value);
    put(" ");
    expression(*node.else_value);
    put(")");
  }
  void call(const CallExpr& node) {
    put("(call ");
    expression(*node.callee);
    for (const Argument& argument : node.arguments) {
      put(argument.name.text.empty() ? " " : fmt::format(" {}=", argument.name.text));
      expression(*argument.value);
    }
    generator(node.binders, node.where);
    put(")");
  }
  void member(const MemberExpr& node) {
    put("(member ");
    expression(*node.object);
    put(fmt::format(" {})", node.member.text));
  }
  void subscript(const SubscriptExpr& node) {
    put("(subscript ");
    expression(*node.object);
    for (const SubscriptItem& item : node.items) {
      put(" ");
      if (item.index) {
        expression(*item.index);
      } else {
        put(":");
      }
    }
    put(")");
  }
  void array(const ArrayExpr& node) {
    put("(array");
    for (const Expr* element : node.elements) {
      put(" ");
      expression(*element);
    }
    put(")");
  }
  void comprehension(const ComprehensionExpr& node) {
    put("(comprehension ");
    expression(*node.body);
    generator(node.binders, node.where);
    put(")");
  }
  void generator(List<Binder> binders, const Expr* where) {
    for (const Binder& binder : binders) put(fmt::format(" (in {} {})", binder.variable.text, binder.dimension.text));
    clause("where", where);
  }
  void clause(std::string_view name, const Expr* expr) {
    if (!expr) return;
    put(fmt::format(" ({} ", name));
    expression(*expr);
    put(")");
  }

  // ---- parts
  void type(const TypeExpr& node) {
    put(fmt::format("(type {}", node.name.text));
    for (const Expr* argument : node.arguments) {
      put(" ");
      expression(*argument);
    }
    if (node.optional) put(" ?");
    if (node.has_brackets) put(" (over");
    for (const Name& dimension : node.dimensions) put(fmt::format(" {}", dimension.text));
    put(node.has_brackets ? "))" : ")");
  }
  void target(const Target& node) {
    put(fmt::format("(target {}", node.name.text));
    if (node.has_brackets) put(" (over");
    for (const TargetItem& item : node.items) {
      put(" ");
      if (item.is_binder) {
        put(fmt::format("(in {} {})", item.binder.variable.text, item.binder.dimension.text));
      } else {
        expression(*item.index);
      }
    }
    if (node.has_brackets) put(")");
    clause("where", node.where);
    if (node.type) {
      put(" ");
      type(*node.type);
    }
    put(")");
  }
  void parameters(List<Parameter> list) {
    for (const Parameter& item : list) {
      open(item.is_dimension ? "dim" : "parameter", item.doc);
      put(fmt::format(" {}", item.name.text));
      if (item.type) {
        put(" ");
        type(*item.type);
      }
      for (const Name& alias : item.aliases) put(fmt::format(" (alias {})", alias.text));
      clause("default", item.default_value);
      close();
    }
  }

  // ---- statements
  void statement(const Stmt& node) {
    switch (node.kind) {
      case StmtKind::Let: return let(node.as<LetStmt>());
      case StmtKind::Sample: return sample(node.as<SampleStmt>());
      case StmtKind::Observe: return observe(node.as<ObserveStmt>());
      case StmtKind::Factor: return factor(node.as<FactorStmt>());
      case StmtKind::Output: return output(node.as<OutputStmt>());
      case StmtKind::For: return plate(node.as<ForStmt>());
      case StmtKind::Param: return param(node.as<ParamStmt>());
      case StmtKind::Auto:
        open("auto", node.doc);
        put(fmt::format(" {}", node.as<AutoStmt>().family.text));
        return close();
      case StmtKind::Broken:
        open("broken", {});
        put(fmt::format(" {}", node.as<BrokenStmt>().name.text));
        return close();
    }
  }
  void head(std::string_view kind, std::string_view doc, const Target& of, const Expr& value) {
    open(kind, doc);
    put(" ");
    target(of);
    put(" ");
    expression(value);
  }
  void let(const LetStmt& node) {
    head("let", node.doc, node.target, *node.value);
    close();
  }
  void sample(const SampleStmt& node) {
    head("sample", node.doc, node.target, *node.distribution);
    if (node.noncentered) put(" noncentered");
    close();
  }
  void observe(const ObserveStmt& node) {
    head("observe", node.doc, node.target, *node.distribution);
    clause("where", node.where);
    if (node.impute) put(" else-impute");
    close();
  }
  void factor(const FactorStmt& node) {
    open("factor", node.doc);
    put(" ");
    expression(*node.value);
    clause("where", node.where);
    close();
  }
  void output(const OutputStmt& node) {
    head(node.drawn ? "output-drawn" : "output", node.doc, node.target, *node.value);
    close();
  }
  void plate(const ForStmt& node) {
    open("for", node.doc);
    generator(node.binders, node.where);
    for (const Stmt* inside : node.body) statement(*inside);
    close();
  }
  void param(const ParamStmt& node) {
    open("param", node.doc);
    put(fmt::format(" {} ", node.name.text));
    type(*node.type);
    clause("start", node.value);
    close();
  }

  // ---- declarations
  void declaration(const Decl& node) {
    switch (node.kind) {
      case DeclKind::Open:
        open("open", node.doc);
        for (const Name& name : node.as<OpenDecl>().names) put(fmt::format(" {}", name.text));
        return close();
      case DeclKind::Dim:
        open("dim", node.doc);
        put(fmt::format(" {}", node.as<DimDecl>().name.text));
        clause("is", node.as<DimDecl>().value);
        return close();
      case DeclKind::Fn: return function(node.as<FnDecl>());
      case DeclKind::Dist: return dist(node.as<DistDecl>());
      case DeclKind::Guide:
        open("guide", node.doc);
        put(fmt::format(" {} {}", node.as<GuideDecl>().name.text, node.as<GuideDecl>().model.text));
        for (const Stmt* inside : node.as<GuideDecl>().body) statement(*inside);
        return close();
      case DeclKind::Model:
        open("model", node.doc);
        put(fmt::format(" {}", node.as<ModelDecl>().name.text));
        parameters(node.as<ModelDecl>().parameters);
        for (const Stmt* inside : node.as<ModelDecl>().body) statement(*inside);
        return close();
      case DeclKind::Broken:
        open("broken-declaration", {});
        put(fmt::format(" {}", node.as<BrokenDecl>().name.text));
        return close();
    }
  }
  void function(const FnDecl& node) {
    open("fn", node.doc);
    put(fmt::format(" {} ", node.name.text));
    result(node.result);
    parameters(node.parameters);
    for (const LetStmt* inside : node.lets) let(*inside);
    open("return", {});
    put(" ");
    expression(*node.value);
    close();
    close();
  }
  void dist(const DistDecl& node) {
    open("dist", node.doc);
    put(fmt::format(" {} ", node.name.text));
    result(node.result);
    parameters(node.parameters);
    for (const DistMember& member : node.members) {
      open("member", member.doc);
      put(fmt::format(" {}", member.name.text));
      if (member.has_parameters) put(" (of");
      for (const Name& name : member.parameters) put(fmt::format(" {}", name.text));
      put(member.has_parameters ? ") " : " ");
      expression(*member.value);
      close();
    }
    close();
  }
  void result(const TypeExpr* node) {
    if (node) {
      type(*node);
    } else {
      put("inferred");
    }
  }

  // ---- layout
  void open(std::string_view kind, std::string_view doc) {
    if (!out_.empty() && depth_ > 0) out_ += '\n';
    out_.append(2 * static_cast<std::size_t>(depth_), ' ');
    ++depth_;
    put(fmt::format("({}", kind));
    if (!doc.empty()) put(fmt::format(" (doc {})", quoted(doc)));
  }
  void close() {
    put(")");
    if (--depth_ == 0) {
      out_ += "\n";
    }
  }
  void put(std::string_view text) { out_ += text; }

  std::string out_;
  int depth_ = 0;
};

}  // namespace

std::string print_ast(const Program& program) {
  Printer printer;
  printer.program(program);
  return printer.take();
}

std::string print_ast(const Expr& expr) {
  Printer printer;
  printer.expression(expr);
  return printer.take();
}

}  // namespace lacuna::syntax
