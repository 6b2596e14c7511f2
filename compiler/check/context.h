// What every part of the check shares: the arena, the sink, the names in scope, the facts that hold.
//
// The check is written as free functions over this context, one file a construct: expressions in check_expr_*.cpp, statements in
// check_<statement>.cpp, declarations in check_<declaration>.cpp.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/check/facts.h"
#include "compiler/check/library.h"
#include "compiler/check/program.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/support/arena.h"

namespace lacuna::check {

// Names of values and dimensions share one space; functions and distributions have theirs (language.md section 1).
class Scope {
 public:
  void push() { marks_.push_back(entries_.size()); }
  void pop();
  // Declares a value; the caller has asked `find` for a clash.
  void declare(Symbol* symbol);
  Symbol* find(std::string_view name) const;
  // What is in scope, innermost first: for suggestions.
  std::vector<std::string_view> names() const;

 private:
  struct Entry {
    Symbol* symbol;
    Symbol* hidden;  // what the name meant before
  };
  std::vector<Entry> entries_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::string_view, Symbol*> current_;
};

// Which construct is being checked: decides what may be read and what messages say.
enum class Place { Signature, Model, Function, Distribution, Draw, Guide };

struct Context {
  const support::SourceMap& sources;
  support::Arena& arena;
  diagnostics::Sink& sink;
  Library& library;

  Scope scope;
  std::unordered_map<std::string_view, Dimension*> dimensions;
  // One table for a file's functions, whatever is being checked: it does not change once they are declared.
  std::shared_ptr<std::unordered_map<std::string_view, Function*>> functions = std::make_shared<std::unordered_map<std::string_view, Function*>>();
  Facts facts;
  Place place = Place::Model;
  CheckedModel* model = nullptr;           // of which the statements are being checked
  const Plate* plate = nullptr;
  std::vector<const Symbol*> indices;      // binders around the place, outermost first
  // In the body of a `dist`: its members above, which may be called, as read from its own parameters.
  const DistributionExpr* own_distribution = nullptr;
  // For each `seen` of a `marginal`: the dimension of the coordinates that it selects.
  std::unordered_map<const Symbol*, Dimension*> selected;
  const Expr* guard = nullptr;             // conjunction of the conditions around the place; null when there is none
  bool names_are_sizes = false;            // in `dim C = K - 1`, where `K` is its size
  std::uint32_t calls_around = 0;          // functions whose bodies are being checked because one calls the next
  bool in_output = false;                  // the only statement that may read outputs

  // Statements of the model that are still to come, by the name they declare: for "read above its declaration", and for earlier
  // elements of a name declared further down in the same plate.
  std::unordered_map<std::string_view, const syntax::Stmt*> coming;
  // The symbols of such statements, once an earlier element has been read.
  std::unordered_map<const syntax::Stmt*, Symbol*> ahead;

  // What `enter` saved, innermost last.
  struct Frame {
    Facts::Mark facts;
    std::size_t indices;
    const Expr* guard;
  };
  std::vector<Frame> frames;
};

// A place with names, indices and conditions of its own: a plate, a target's brackets, a comprehension. `leave` takes all of
// it back.
void enter(Context& c);
void leave(Context& c);
// From here to `leave`, `condition` holds (or does not).
void assume(Context& c, const Expr* condition, bool truth = true);
// Whether the model being checked has been told already that something is wrong with this very name.
bool told_in_model(const Context& c, diagnostics::Id id, std::string_view name);
// Records something to be checked when data are bound or when running, with the indices and conditions of this place.
void oblige(Context& c, Obligation obligation);

}  // namespace lacuna::check
