// The syntax tree of a program: what was written, with exact ranges, and nothing more.
//
// needs    tokens (built by ast_builder from the parse tree, statement by statement)
// leaves   a tree that the formatter can print back and that compiler/check gives meaning to
// shown by test/lit/syntax/, `lacuna compile --emit=ast`
//
// Nodes are plain structs in an arena. Names are views into the source text. A node is told by its `kind`; `as<T>()`
// narrows it. Whether a name means a value, a dimension, a function or a distribution is for the checker to say.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/support/arena.h"
#include "compiler/support/source.h"

namespace lacuna::syntax {

using support::SourceRange;
template <class T>
using List = std::span<T>;

struct Name {
  std::string_view text;
  SourceRange range;
};

// ---------------------------------------------------------------------------------------------- expressions

enum class ExprKind : std::uint8_t {
  Number, String, Constant, Name, Unary, Binary, If, Call, Member, Subscript, Array, Comprehension
};

struct Expr {
  ExprKind kind;
  bool parenthesized = false;  // written in (redundant or needed) parentheses; the range excludes them
  SourceRange range;

  template <class T>
  const T& as() const { return static_cast<const T&>(*this); }
  template <class T>
  const T* get_if() const { return kind == T::kKind ? static_cast<const T*>(this) : nullptr; }
};

// `3`, `2.5e-3`. An integer that does not fit 64 bits is a diagnostic of the builder.
struct NumberExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Number;
  bool is_integer = false;
  std::int64_t integer = 0;
  double real = 0;
};

// A label: `"low"`, escapes resolved.
struct StringExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::String;
  std::string_view value;
};

enum class ConstantKind : std::uint8_t { True, False, Pi, Inf };
struct ConstantExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Constant;
  ConstantKind value{};
};

struct NameExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Name;
  std::string_view text;
};

enum class UnaryOp : std::uint8_t { Negate, Not };
struct UnaryExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Unary;
  UnaryOp op{};
  Expr* operand = nullptr;
};

enum class BinaryOp : std::uint8_t {
  Coalesce, Or, And, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual,
  Add, Subtract, Multiply, Divide, Modulo, Contract, Power
};
struct BinaryExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Binary;
  BinaryOp op{};
  SourceRange op_range;
  Expr* left = nullptr;
  Expr* right = nullptr;
};

// `if c then a else b`
struct IfExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::If;
  Expr* condition = nullptr;
  Expr* then_value = nullptr;
  Expr* else_value = nullptr;
};

// `n in N`
struct Binder {
  Name variable;
  Name dimension;
};

struct Argument {
  Name name;  // empty text when given by position
  Expr* value = nullptr;
};

// `f(a, b = c)`, `D(...)`, `sum(e for n in N where c)` (one argument with binders), `base.log_density(x)` (callee a member).
struct CallExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Call;
  Expr* callee = nullptr;  // a NameExpr or a MemberExpr
  List<Argument> arguments;
  List<Binder> binders;
  Expr* where = nullptr;
};

// `base.mean`
struct MemberExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Member;
  Expr* object = nullptr;
  Name member;
};

// `x[n, :]`: a null item is a slice.
struct SubscriptItem {
  Expr* index = nullptr;  // null for `:`
  SourceRange range;
};
struct SubscriptExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Subscript;
  Expr* object = nullptr;
  List<SubscriptItem> items;
};

// `[1.0, 2.0]`
struct ArrayExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Array;
  List<Expr*> elements;
};

// `[e for n in N, m in M where c]`
struct ComprehensionExpr : Expr {
  static constexpr ExprKind kKind = ExprKind::Comprehension;
  Expr* body = nullptr;
  List<Binder> binders;
  Expr* where = nullptr;
};

// ---------------------------------------------------------------------------------------------- types

// `real?[N, P]`, `interval(0, 10)[N]`, `J`, `simplex[K]`, `dist`
struct TypeExpr {
  SourceRange range;
  Name name;
  List<Expr*> arguments;  // of `interval`
  bool optional = false;
  bool has_brackets = false;
  List<Name> dimensions;
};

// ---------------------------------------------------------------------------------------------- statements

// What stands between a target's brackets: `J`, `n in N`, or an index (a plate's variable).
struct TargetItem {
  SourceRange range;
  bool is_binder = false;
  Binder binder;         // when is_binder
  Expr* index = nullptr;  // otherwise: a NameExpr for `J` or `n`; anything else is for the checker to refuse
};

// `y`, `z[J]`, `z[j in J where m[j]]`, `mu: ordered[K]`, `cut[i in Item]: ordered[C]`
struct Target {
  SourceRange range;
  Name name;
  bool has_brackets = false;
  List<TargetItem> items;
  Expr* where = nullptr;     // the condition in the brackets
  TypeExpr* type = nullptr;  // after the colon
};

enum class StmtKind : std::uint8_t { Let, Sample, Observe, Factor, Output, For, Param, Auto, Broken };

struct Stmt {
  StmtKind kind;
  SourceRange range;
  std::string_view doc;  // the `///` lines before it, joined by newlines, without the slashes

  template <class T>
  const T& as() const { return static_cast<const T&>(*this); }
  template <class T>
  const T* get_if() const { return kind == T::kKind ? static_cast<const T*>(this) : nullptr; }
};

struct LetStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::Let;
  Target target;
  Expr* value = nullptr;
};

struct SampleStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::Sample;
  Target target;
  Expr* distribution = nullptr;
  bool noncentered = false;
  SourceRange noncentered_range;
};

struct ObserveStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::Observe;
  Target target;
  Expr* distribution = nullptr;
  Expr* where = nullptr;
  bool impute = false;
  SourceRange impute_range;  // `else impute`
};

struct FactorStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::Factor;
  Expr* value = nullptr;
  Expr* where = nullptr;
};

// `output q = e` or `output q ~ D(...)`
struct OutputStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::Output;
  Target target;
  bool drawn = false;  // `~`
  Expr* value = nullptr;
};

// `for n in N where m[n] { ... }`
struct ForStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::For;
  List<Binder> binders;
  Expr* where = nullptr;
  List<Stmt*> body;
};

// `param m: real[K] = 0`, in a guide
struct ParamStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::Param;
  Name name;
  TypeExpr* type = nullptr;
  Expr* value = nullptr;  // null when no start is given
};

// `auto ~ MeanFieldNormal`, in a guide
struct AutoStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::Auto;
  Name family;
};

// A statement that did not parse. Its error is reported; the name it would have declared (may be empty) is poisoned.
struct BrokenStmt : Stmt {
  static constexpr StmtKind kKind = StmtKind::Broken;
  Name name;
};

// ---------------------------------------------------------------------------------------------- declarations

// `x: real[N]`, `p: unit alias probs`, `lower: real = -inf`, `dim K`, `dim C = K - 1`
struct Parameter {
  SourceRange range;
  Name name;
  bool is_dimension = false;
  TypeExpr* type = nullptr;        // null for a dimension
  Expr* default_value = nullptr;   // of a dimension: what it follows
  List<Name> aliases;
  std::string_view doc;
};

enum class DeclKind : std::uint8_t { Open, Dim, Fn, Dist, Guide, Model, Broken };

struct Decl {
  DeclKind kind;
  SourceRange range;
  std::string_view doc;

  template <class T>
  const T& as() const { return static_cast<const T&>(*this); }
  template <class T>
  const T* get_if() const { return kind == T::kKind ? static_cast<const T*>(this) : nullptr; }
};

// `open J, K`
struct OpenDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::Open;
  List<Name> names;
};

// `dim K`, `dim K = 4`, `dim C = K - 1`, `dim K = ["low", "high"]` (an ArrayExpr of strings)
struct DimDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::Dim;
  Name name;
  Expr* value = nullptr;
};

struct FnDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::Fn;
  Name name;
  List<Parameter> parameters;
  TypeExpr* result = nullptr;  // null when left to inference
  List<LetStmt*> lets;         // of a block; empty for `= expr`
  Expr* value = nullptr;
  bool is_block = false;
};

// `log_density(x) = e`, `mean = e`
struct DistMember {
  SourceRange range;
  Name name;
  bool has_parameters = false;
  List<Name> parameters;
  Expr* value = nullptr;
  std::string_view doc;
};

struct DistDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::Dist;
  Name name;
  List<Parameter> parameters;
  TypeExpr* result = nullptr;
  List<DistMember> members;
};

struct GuideDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::Guide;
  Name name;
  Name model;
  List<Stmt*> body;
};

struct ModelDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::Model;
  Name name;
  List<Parameter> parameters;
  List<Stmt*> body;
};

// A declaration that did not parse; `name` may be empty.
struct BrokenDecl : Decl {
  static constexpr DeclKind kKind = DeclKind::Broken;
  Name name;
};

// ---------------------------------------------------------------------------------------------- program

enum class CommentKind : std::uint8_t { Line, Block, Doc };
struct Comment {
  CommentKind kind;
  SourceRange range;
};

// One file. Owns nothing: the arena it was built in does.
struct Program {
  support::FileId file = 0;
  List<Decl*> declarations;
  List<Comment> comments;
};

}  // namespace lacuna::syntax
