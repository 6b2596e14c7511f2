// What the analyses of an elaborated model share, and the analyses: one file each.
//
// needs    items in scalar form
// leaves   the facts of model.h that concern more than one item, diagnostics of family 05, and obligations for what only the
//          data can show
// shown by test/lit/check/structure_*.ppl, test/lit/elaborate/
#pragma once
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/check/linear.h"
#include "compiler/elaborate/inline_functions.h"
#include "compiler/elaborate/model.h"
#include "compiler/elaborate/reads.h"
#include "compiler/support/source.h"

namespace lacuna::elaborate {

// How an index of a read stands to the index of the item at the same place.
enum class Relation { Earlier, Same, Later, Unknown };

// A read of an element of what the item itself, or a later one, defines.
struct PastRead {
  Read read;
  std::vector<Relation> relations;  // one for each index that reader and definition have in common
  std::vector<bool> lag_one;        // the index is exactly one before
  const Expr* guard = nullptr;
  std::vector<const Symbol*> indices;  // what is free there
};

// A read of an element of an observed array that comes earlier along a dimension than the reader's own.
struct DrawnPast {
  const Item* reader = nullptr;
  const Symbol* array = nullptr;
  const Dimension* along = nullptr;
};

struct Analysis {
  Model& model;
  std::vector<Item*> items;       // of the model, to be completed
  std::vector<Read> reads;        // all of them, item by item
  std::unordered_map<const Symbol*, Item*> definitions;
  std::unordered_map<const Item*, std::size_t> position;
  std::vector<PastRead> past;     // in the order of the text
  std::unordered_map<const Item*, std::vector<std::size_t>> past_of;  // places in `past` by the item that reads
  std::vector<DrawnPast> drawn_past;
  std::unordered_set<const Dimension*> drawn_along;  // dimensions along which a prediction draws in step
  Maker& make;
  FunctionInliner& inliner;
  const support::SourceMap& sources;
  diagnostics::Sink& sink;
  std::size_t errors_before = 0;

  // Whether an error has been found in this model since elaboration began.
  bool failed() const { return sink.error_count() > errors_before; }
  // The item that defines a latent, a let, an output or a completed array; null for arguments.
  Item* definition(const Symbol* symbol) const;
  // The author's words at a range.
  std::string_view words(SourceRange range) const { return sources.text(range); }
};

// analysis_order.cpp: what a read of the past is, while its facts hold; then Item::ordered and order; elements that are not earlier (E0532), maybe not (obligations).
void note_past_read(Analysis& a, const Read& read, const ReadWalker& walker);
void find_order(Analysis& a);
// analysis_order.cpp: how an index that is read lies to the reader's own index, by what is known there.
Relation relation(const check::Facts& facts, const Symbol* index, const check::Linear& own, const Expr& read);
// analysis_steps.cpp: Item::step, and the dimensions that what is drawn runs along.
void note_drawn_past(Analysis& a, const Read& read, const ReadWalker& walker);
void find_steps(Analysis& a);
// analysis_dependencies.cpp: Model::dependencies and distributions.
void find_dependencies(Analysis& a);
// analysis_imputation.cpp: ObservedItem::imputation.
void find_imputation(Analysis& a);
// analysis_summation.cpp: how discrete latents are summed out; E0512, E0530.
void find_summation(Analysis& a);
// analysis_dimensions.cpp: Model::dimensions; E0534.
void find_dimension_kinds(Analysis& a);
// analysis_apart.cpp: whether nothing that a prediction draws reads across the elements of a free dimension.
bool is_apart(const Analysis& a, const Dimension* d);
// analysis_domains.cpp: a read where a latent or let does not exist; E0531 or an obligation.
void check_domain(Analysis& a, const Read& read, const ReadWalker& walker);
// analysis_overlap.cpp: cells that two statements score; E0533 and obligations.
void check_overlap(Analysis& a);
// analysis_guarded.cpp: Model::guarded_reads.
void find_guarded_reads(Analysis& a);
// analysis_unused.cpp: terms without a gradient, latents and arguments that nothing reads (warnings).
void warn_unused(Analysis& a);

}  // namespace lacuna::elaborate
