#include "compiler/elaborate/elaborate.h"

#include "compiler/elaborate/analysis.h"
#include "compiler/elaborate/elaborator.h"

namespace lacuna::elaborate {

Item* Analysis::definition(const Symbol* symbol) const {
  const auto found = definitions.find(symbol);
  return found == definitions.end() ? nullptr : found->second;
}

namespace {

// One walk over all that is read, while the conditions around each read are at hand.
void collect_reads(Analysis& a) {
  ReadWalker walker(a.make);
  for (const Item* item : a.items) {
    walker.walk(*item, [&](const Read& read, const ReadWalker& here) {
      a.reads.push_back(read);
      note_past_read(a, read, here);
      note_drawn_past(a, read, here);
      check_domain(a, read, here);
    });
  }
}

}  // namespace

Model elaborate(const check::CheckedModel& checked, const support::SourceMap& sources, support::Arena& arena, diagnostics::Sink& sink) {
  const std::size_t errors_before = sink.error_count();
  Elaborator elaborator(checked, arena, sources, sink);
  std::vector<Item*> items;
  Model model = elaborator.run(items);

  Maker make(arena);
  FunctionInliner inliner(make);
  Analysis a{model, items, {}, {}, {}, {}, {}, {}, {}, make, inliner, sources, sink, errors_before};
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i]->line = sources.file(items[i]->range.file).position(items[i]->range.begin).line;
    a.position[items[i]] = i;
    if (items[i]->symbol && items[i]->kind != ItemKind::Observed) a.definitions[items[i]->symbol] = items[i];
    if (const auto* observed = items[i]->get_if<ObservedItem>(); observed && observed->completed) a.definitions[observed->completed] = items[i];
  }
  collect_reads(a);
  find_dependencies(a);
  find_order(a);
  find_imputation(a);
  find_summation(a);
  find_steps(a);
  find_dimension_kinds(a);
  check_overlap(a);
  find_guarded_reads(a);
  warn_unused(a);
  return model;
}

}  // namespace lacuna::elaborate
