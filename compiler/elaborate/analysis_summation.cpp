// How discrete latents (and discrete imputed cells) are summed out, and which cannot be.
//
// needs    orders and imputations
// leaves   Summation of each discrete latent: Independent, or Chain along the one index that runs in order
//
// The log density is log of a sum over all values of all discrete cells. It splits into sums over few cells when every term reads
// one cell of a latent, and cells of different latents only where one determines the other (`z[n]` and `g[group[n]]`: each `n`
// belongs to one group). A chain reads its own cell one step before, and nothing else of itself.
#include <algorithm>
#include <unordered_set>

#include "compiler/check/linear.h"
#include "compiler/elaborate/analysis.h"

namespace lacuna::elaborate {

using diagnostics::Id;

namespace {

// A cell of a discrete latent that a term reads, its indices written over those of the term.
struct CellRead {
  const Item* latent = nullptr;
  std::vector<const Expr*> indices;
  SourceRange range;
  bool under_reduction = false;  // many cells: an index is bound inside the term
};

bool is_discrete(const Type& t) { return t.scalar != types::Scalar::Real; }

bool is_summed(const Item& item) {
  if (item.kind == ItemKind::Latent) return is_discrete(item.symbol->type);
  const auto* observed = item.get_if<ObservedItem>();
  return observed && observed->imputation == Imputation::Summed;
}

bool reads_index(const Expr* e, const Symbol* index) {
  bool found = false;
  for_each_node(e, [&](const Expr& node) {
    const auto* variable = node.get_if<check::VariableExpr>();
    found |= variable && variable->symbol == index;
  });
  return found;
}

bool same_cell(const CellRead& x, const CellRead& y) {
  return std::equal(x.indices.begin(), x.indices.end(), y.indices.begin(), y.indices.end(),
                    [](const Expr* p, const Expr* q) { return check::same(*p, *q); });
}

class Terms {
 public:
  explicit Terms(Analysis& a) : a_(a) {
    for (const Read& read : a.reads)
      if (read.role == ReadRole::Body) reads_[read.item].push_back(&read);
    // Lets stand below what they read; what a recurrence reads of itself adds nothing.
    for (const Item* item : a.items)
      if (item->kind == ItemKind::Let) lets_[item] = of(*item);
  }

  // All cells of discrete latents that one cell of `item` reads, directly and through lets.
  std::vector<CellRead> of(const Item& item) {
    std::vector<CellRead> cells;
    for (const Read* read : reads_[&item]) {
      const Item* target = a_.definition(read->symbol);
      if (!target) continue;
      if (is_summed(*target)) add({target, {read->indices.begin(), read->indices.end()}, read->expr->range, read->under_reduction}, cells);
      if (target->kind == ItemKind::Let && target != &item) add_through(*target, *read, cells);
    }
    return cells;
  }

 private:
  static void add(CellRead cell, std::vector<CellRead>& cells) {
    const bool known = std::any_of(cells.begin(), cells.end(), [&](const CellRead& c) {
      return c.latent == cell.latent && c.under_reduction == cell.under_reduction && same_cell(c, cell);
    });
    if (!known) cells.push_back(std::move(cell));
  }

  void add_through(const Item& let, const Read& read, std::vector<CellRead>& cells) {
    const auto inner = lets_.find(&let);
    if (inner == lets_.end()) return;
    for (CellRead cell : inner->second) {
      std::unordered_map<const Symbol*, const Expr*> at;
      for (std::size_t i = 0; i < let.space.indices.size() && i < read.indices.size(); ++i) at[let.space.indices[i]] = read.indices[i];
      for (const Expr*& index : cell.indices) index = a_.inliner.substitute(*index, at, {});
      cell.range = read.expr->range;
      cell.under_reduction |= read.under_reduction || let.ordered;
      add(std::move(cell), cells);
    }
  }

  Analysis& a_;
  std::unordered_map<const Item*, std::vector<const Read*>> reads_;
  std::unordered_map<const Item*, std::vector<CellRead>> lets_;
};

// How many values an element has, in the author's words: `K`, `2`, `(M + 1)`.
std::string values_of(const Item& item) {
  const Type& t = item.symbol->type;
  if (t.scalar == types::Scalar::Index) return types::dimension_string(t.index_of);
  if (t.scalar == types::Scalar::Bool) return "2";
  return "M";
}

// How many terms the sum over all cells at once has: `K^N`, `2^(N * T)`.
std::string all_terms(const Item& item) {
  std::string cells;
  for (const Symbol* index : item.space.indices) cells += (cells.empty() ? "" : " * ") + types::dimension_string(index->type.index_of);
  if (cells.empty()) return values_of(item);
  return values_of(item) + "^" + (item.space.indices.size() > 1 ? "(" + cells + ")" : cells);
}

void report_terms(Analysis& a, const Item& latent, SourceRange where, std::string_view why, std::string_view help = {}) {
  auto& report = a.sink.report(Id::SumTooLong, latent.range, latent.name, all_terms(latent));
  if (where.file == latent.range.file) report.also_at(where, std::string(why));
  report.note("independent elements are summed one by one; a chain (`z[n - 1]`) is summed in N * K^2 steps");
  if (!help.empty()) report.help(std::string(help));
}

// Whether knowing `x` tells `y`: `x` has every index of the term that `y` reads, plainly.
bool determines(const CellRead& x, const CellRead& y, List<const Symbol* const> indices) {
  return std::all_of(indices.begin(), indices.end(), [&](const Symbol* index) {
    const bool read = std::any_of(y.indices.begin(), y.indices.end(), [&](const Expr* e) { return reads_index(e, index); });
    if (!read) return true;
    return std::any_of(x.indices.begin(), x.indices.end(), [&](const Expr* e) {
      const auto form = check::linear_form(*e);
      return form && form->terms.size() == 1 && form->terms[0].symbol == index && std::abs(form->terms[0].coefficient) == 1;
    });
  });
}

class SummedOut {
 public:
  explicit SummedOut(Analysis& a) : a_(a), terms_(a) {}

  void find(Item& item) {
    if (!check_finite(item)) return;
    set(item, check_own_past(item) ? Summation::Chain : Summation::Independent);
  }

  // What one term of `item` couples.
  void check_term(const Item& item) {
    std::vector<CellRead> cells = terms_.of(item);
    if (is_summed(item)) {
      // Its own past is a chain's, looked at already.
      std::erase_if(cells, [&](const CellRead& c) { return c.latent == &item; });
      CellRead own{&item, {}, item.range, false};
      for (const Symbol* index : item.space.indices) own.indices.push_back(a_.make.variable(index, item.range));
      cells.push_back(own);
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (failed_.contains(cells[i].latent)) continue;
      if (cells[i].under_reduction) {
        fail(*cells[i].latent, cells[i].range, fmt::format("one term reads many elements of `{}` together", cells[i].latent->name));
        continue;
      }
      for (std::size_t j = 0; j < i; ++j)
        if (!failed_.contains(cells[j].latent) && !check_pair(cells[j], cells[i], item)) break;
    }
  }

 private:
  bool check_finite(const Item& item) {
    const auto* latent = item.get_if<LatentItem>();
    const auto* observed = item.get_if<ObservedItem>();
    const check::DistributionExpr& d = latent ? *latent->distribution : *observed->distribution;
    const Expr* upper = latent ? latent->upper : observed->upper;
    const bool together = latent ? !latent->event.empty() : !observed->event.empty();
    if (together) {
      auto& report = a_.sink.report(Id::EndlessSum, item.range, item.name);
      report.also_at(item.body_range, fmt::format("a draw of `{}` is a whole array of numbers", d.distribution->name));
      report.note("discrete latents are summed out over their values, one element at a time");
      failed_.insert(&item);
      return false;
    }
    if (item.symbol->type.scalar != types::Scalar::Int) return true;
    if (upper && upper->stage <= Stage::Data) return true;
    auto& report = a_.sink.report(Id::EndlessSum, item.range, item.name);
    report.also_at(item.body_range, upper ? "its largest value depends on latents" : fmt::format("a draw of `{}` has no largest value", d.distribution->name));
    report.note("discrete latents are summed out over their values, so there must be a known number of them");
    const std::string words(a_.words(item.body_range));
    report.help(fmt::format("give it a largest value: `Truncated({}, upper = 100)`", words), {{item.body_range, fmt::format("Truncated({}, upper = 100)", words)}});
    failed_.insert(&item);
    return false;
  }

  // True for a chain. Reports what is neither independent nor a chain.
  bool check_own_past(const Item& item) {
    std::size_t along = item.space.indices.size();
    bool chain = false;
    const auto own = a_.past_of.find(&item);
    if (own == a_.past_of.end()) return false;
    for (const std::size_t i : own->second) {
      const PastRead& p = a_.past[i];
      if (a_.definition(p.read.symbol) != &item) continue;
      chain = true;
      std::size_t steps = 0;
      for (std::size_t k = 0; k < p.relations.size(); ++k) {
        if (p.relations[k] == Relation::Same) continue;
        ++steps;
        const bool one_back = p.lag_one[k] && (along == item.space.indices.size() || along == k);
        if (one_back) {
          along = k;
          continue;
        }
        fail(item, p.read.indices[k]->range, why_not_chain(p, k, along));
        return false;
      }
      if (steps != 1 && !failed_.contains(&item)) {
        fail(item, p.read.expr->range, fmt::format("this reads another element of `{}` than the one before", item.name));
        return false;
      }
    }
    return chain;
  }

  static std::string why_not_chain(const PastRead& p, std::size_t k, std::size_t along) {
    if (p.relations[k] == Relation::Unknown) return "which element this reads is known only from data";
    if (p.relations[k] == Relation::Later) return "this reads a later element";
    if (p.lag_one[k] && along != k) return "this goes back along a second dimension";
    return "this reads further back than one step";
  }

  bool check_pair(const CellRead& x, const CellRead& y, const Item& item) {
    if (x.latent == y.latent) {
      if (same_cell(x, y)) return true;
      fail(*y.latent, y.range, fmt::format("one term reads this element of `{}` and another one", y.latent->name));
      return false;
    }
    if (determines(x, y, item.space.indices) || determines(y, x, item.space.indices)) return true;
    fail(*y.latent, y.range, fmt::format("this term ties elements of `{}` to elements of `{}` in every combination", y.latent->name, x.latent->name));
    return false;
  }

  void fail(const Item& latent, SourceRange where, std::string_view why) {
    if (failed_.insert(&latent).second) report_terms(a_, latent, where, why);
  }

  static void set(Item& item, Summation s) {
    if (item.kind == ItemKind::Latent)
      static_cast<LatentItem&>(item).summation = s;
    else
      static_cast<ObservedItem&>(item).summation = s;
  }

  Analysis& a_;
  Terms terms_;
  std::unordered_set<const Item*> failed_;
};

}  // namespace

void find_summation(Analysis& a) {
  if (std::none_of(a.items.begin(), a.items.end(), [](const Item* item) { return is_summed(*item); })) return;
  SummedOut summed(a);
  for (Item* item : a.items)
    if (is_summed(*item)) summed.find(*item);
  for (const Item* item : a.items)
    if (item->kind == ItemKind::Latent || item->kind == ItemKind::Observed || item->kind == ItemKind::Factor) summed.check_term(*item);
}

}  // namespace lacuna::elaborate
