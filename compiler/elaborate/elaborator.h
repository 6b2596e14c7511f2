// The state of one elaboration, and its steps: statements to items, one function a kind.
//
// needs    a checked model; statements with mistakes are not among its statements
// leaves   items, obligations and names; the analyses of analysis_*.h fill in the rest
// shown by test/lit/elaborate/
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/elaborate/inline_functions.h"
#include "compiler/elaborate/model.h"
#include "compiler/elaborate/scalar_form.h"
#include "compiler/support/source.h"

namespace lacuna::elaborate {

class Elaborator {
 public:
  Elaborator(const check::CheckedModel& checked, support::Arena& arena, const support::SourceMap& sources, diagnostics::Sink& sink);

  // `items` are those of the model, for the analyses to complete.
  Model run(std::vector<Item*>& items);

 private:
  // What an item runs over: the target's indices and one for each whole dimension before the event.
  struct Place {
    std::vector<const Symbol*> indices;
    Cell batch;
    Dims event;
  };

  Item* item_of(const check::Statement& s);
  LetItem* let(const check::LetStatement& s);
  LatentItem* latent(const check::SampleStatement& s);
  ObservedItem* observed(const check::ObserveStatement& s);
  FactorItem* factor(const check::FactorStatement& s);
  OutputItem* output(const check::OutputStatement& s);
  check::Obligation obligation(const check::Obligation& o);

  Place place(const check::Target& target, std::size_t event_rank, SourceRange range);
  Place place_of_values(const check::Plate* plate, Dims dims, SourceRange range);
  Space space(const Place& p, const Expr* domain);
  void begin(List<const Symbol* const> indices);
  template <class T>
  T* item(const check::Statement& s, const check::Target& target, const Place& p);

  // Function calls written out, then in scalar form.
  const Expr* aligned(const Expr* e, const Cell& cell);
  const check::DistributionExpr* distribution(const check::DistributionExpr& e, const Cell& cell);
  void score(const check::ObserveStatement& s, const Place& p, ObservedItem& item);

  const check::CheckedModel& checked_;
  support::Arena& arena_;
  const support::SourceMap& sources_;
  diagnostics::Sink& sink_;
  Maker make_;
  IndexNames names_;
  FunctionInliner inliner_;
  ScalarForm form_;
};

}  // namespace lacuna::elaborate
