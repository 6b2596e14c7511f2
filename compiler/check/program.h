// A checked program: its statements with every name, type, shape, support and stage settled, whole arrays still whole.
//
// needs    a syntax tree
// leaves   what compiler/elaborate brings to scalar form
#pragma once
#include <vector>

#include "compiler/check/symbol.h"

namespace lacuna::check {

// A plate, with those around it. Statements inside point to it; its conditions are part of their domain already.
struct Plate {
  const Plate* parent = nullptr;
  List<const Symbol* const> indices;
  const Expr* where = nullptr;
  const syntax::ForStmt* source = nullptr;
  bool ordered = false;  // some statement refers to an earlier element: a loop in order
};

// What a statement defines or scores. The target's leading dimensions are run through by `indices` (the plates' first, then the
// brackets'); those left over are taken whole.
struct Target {
  const Symbol* symbol = nullptr;
  List<const Symbol* const> indices;
  const Expr* domain = nullptr;  // plates' and brackets' conditions together, over `indices`; null when there is none
  SourceRange range;
};

struct Statement {
  syntax::StmtKind kind{};
  const syntax::Stmt* source = nullptr;
  const Plate* plate = nullptr;

  template <class T>
  const T& as() const { return static_cast<const T&>(*this); }
  template <class T>
  const T* get_if() const { return kind == T::kKind ? static_cast<const T*>(this) : nullptr; }
};

struct LetStatement : Statement {
  static constexpr syntax::StmtKind kKind = syntax::StmtKind::Let;
  Target target;
  const Expr* value = nullptr;
  bool recurrence = false;  // reads earlier elements of itself or of a later name of its plate
};

struct SampleStatement : Statement {
  static constexpr syntax::StmtKind kKind = syntax::StmtKind::Sample;
  Target target;
  const DistributionExpr* distribution = nullptr;
  bool noncentered = false;
  bool own_past = false;        // refers to its own earlier elements
  const Expr* normaliser = nullptr;  // for a narrowed support (log 2, log K! / K), added for each draw of the distribution; null when 0
};

struct ObserveStatement : Statement {
  static constexpr syntax::StmtKind kKind = syntax::StmtKind::Observe;
  Target target;
  const DistributionExpr* distribution = nullptr;
  const Expr* where = nullptr;         // whole-array or over `target.indices`
  bool mask_in_event = false;          // the mask is finer than the event: the marginal of the seen coordinates is scored
  const Symbol* completed = nullptr;   // `else impute`: the complete array
};

struct FactorStatement : Statement {
  static constexpr syntax::StmtKind kKind = syntax::StmtKind::Factor;
  const Expr* value = nullptr;
  const Expr* where = nullptr;
};

struct OutputStatement : Statement {
  static constexpr syntax::StmtKind kKind = syntax::StmtKind::Output;
  Target target;
  const Expr* value = nullptr;                     // computed
  const DistributionExpr* distribution = nullptr;  // or drawn
};

// Something that could be shown neither way and is checked later: with data alone once when bound, else when running.
struct Obligation {
  enum class Kind { Support, IndexRange, DomainRead, EarlierElement, Claim, Length, Disjoint } kind{};
  const Expr* subject = nullptr;           // the value, or the index
  Interval required;                       // Support, Claim
  const Dimension* dimension = nullptr;    // IndexRange; Length: its size must be `required`
  const Expr* condition = nullptr;         // DomainRead, EarlierElement, Disjoint: must hold
  List<const Symbol* const> indices;       // what is free in it
  types::Structure structure{};            // Support: what the last dimensions must satisfy together
  const Expr* guard = nullptr;             // asked only where this holds; null: everywhere
  std::string_view parameter;              // Support: which parameter of which distribution, for the message
  SourceRange range;
};

struct GuideStatement {
  const syntax::Stmt* source = nullptr;
  const Symbol* symbol = nullptr;                  // a parameter, or the latent that is covered
  const DistributionExpr* distribution = nullptr;
  const Expr* value = nullptr;
};

struct CheckedGuide {
  std::string_view name;
  std::vector<GuideStatement> statements;
  std::string_view automatic;  // family of `auto ~ ...`, empty when there is none
};

struct CheckedModel {
  std::string_view name;
  const syntax::ModelDecl* declaration = nullptr;
  std::vector<const Dimension*> dimensions;   // those of the signature and the declarations used
  std::vector<const Symbol*> arguments;
  std::vector<const Statement*> statements;   // in order, plates flattened
  std::vector<const Plate*> plates;
  std::vector<const Symbol*> symbols;         // everything declared by statements
  std::vector<Obligation> obligations;
  std::vector<CheckedGuide> guides;
  bool complete = false;                      // no error was found in it: it may be elaborated
};

}  // namespace lacuna::check
