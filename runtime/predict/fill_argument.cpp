// One argument over the bound elements: what the new data give, else what the fit has for known elements, else a gap.
#include <limits>

#include "runtime/predict/units.h"

namespace lacuna::runtime::predict {
namespace {

using data::Array;
using data::Dimension;
using Elements = std::vector<std::int64_t>;

// Where each element of the fit or of the new data is among the bound ones, -1 where it is not.
Elements inverse(const Elements& from, std::int64_t size) {
  Elements made(static_cast<std::size_t>(std::max<std::int64_t>(size, 0)), -1);
  for (std::size_t e = 0; e < from.size(); ++e) {
    if (from[e] >= 0 && static_cast<std::size_t>(from[e]) < made.size())
      made[static_cast<std::size_t>(from[e])] = static_cast<std::int64_t>(e);
  }
  return made;
}

bool is_identity(const Elements& from, std::int64_t size) {
  if (static_cast<std::int64_t>(from.size()) != size) return false;
  for (std::size_t e = 0; e < from.size(); ++e) {
    if (from[e] != static_cast<std::int64_t>(e)) return false;
  }
  return true;
}

class Filler {
 public:
  Filler(const Context& context, int argument, const data::Dataset& fitted, Array& fresh,
         const std::vector<Units>& units, const std::vector<Dimension>& bound, Problems& problems)
      : context_(context),
        about_(context.metadata.arguments[argument]),
        argument_(argument),
        fitted_(fitted),
        old_(fitted.arguments[static_cast<std::size_t>(argument)]),
        fresh_(fresh),
        units_(units),
        bound_(bound),
        problems_(problems) {}

  Array run() {
    if (!fresh_.given && !old_.given) {
      // No fit and no data has it; it was not needed then, so it is not now.
      if (is_needed())
        data::report_argument_missing(context_.metadata, argument_, context_.sources, context_.options, problems_);
      return {};
    }
    renumber();
    if (fresh_.given && all_axes([&](int k) { return covers(k) && is_identity(unit(k).given, size(k)); }))
      return take(fresh_, fresh_codes_);
    if (!fresh_.given && !check_absent()) return {};
    if (!fresh_.given &&
        all_axes([&](int k) { return is_identity(unit(k).known, old_.sizes[static_cast<std::size_t>(k)]); })) {
      Array copy = old_;
      return take(copy, old_codes_);
    }
    if (!fresh_.given && nothing_known()) return {};
    return fresh_.sparse || (!fresh_.given && old_.sparse) ? fill_sparse() : fill_dense();
  }

 private:
  const Units& unit(int k) const { return units_[static_cast<std::size_t>(about_.axes[k])]; }
  std::int64_t size(int k) const {
    // A derived dimension has no units: the array says.
    const Dimension& d = bound_[static_cast<std::size_t>(about_.axes[k])];
    return d.size >= 0 ? d.size : (fresh_.given ? fresh_ : old_).sizes[static_cast<std::size_t>(k)];
  }
  bool derived(int k) const { return bound_[static_cast<std::size_t>(about_.axes[k])].size < 0; }
  template <class Test>
  bool all_axes(Test test) const {
    for (int k = 0; k < about_.rank; ++k) {
      if (!derived(k) && !test(k)) return false;
    }
    return true;
  }
  bool covers(int k) const {
    return static_cast<std::size_t>(k) >= fresh_.covered.size() || fresh_.covered[static_cast<std::size_t>(k)].empty();
  }
  bool is_needed() const {
    if (about_.flags & LACUNA_TARGET) return context_.targets;
    return !(about_.flags & LACUNA_MASK);
  }

  // Codes of an index by the bound elements.
  void renumber() {
    if (about_.type.kind != LACUNA_INDEX_OF) return;
    const std::size_t d = static_cast<std::size_t>(about_.type.index_of);
    if (bound_[d].size < 0) return;
    // A dimension of which the new data say nothing keeps the fit's elements.
    if (units_[d].like_given)
      fresh_codes_.clear();
    else
      fresh_codes_ = inverse(units_[d].given, context_size(units_[d].given));
    if (!is_identity(units_[d].known, fitted_.dimensions[d].size))
      old_codes_ = inverse(units_[d].known, fitted_.dimensions[d].size);
  }
  static std::int64_t context_size(const Elements& from) {
    std::int64_t most = -1;
    for (const std::int64_t e : from) most = std::max(most, e);
    return most + 1;
  }

  static void recode(Array& array, const Elements& codes) {
    if (codes.empty()) return;
    for (std::size_t i = 0; i < array.whole.size(); ++i) {
      if (!array.present.empty() && !array.present[i]) continue;
      std::int64_t& code = array.whole[i];
      const bool inside = code >= 0 && static_cast<std::size_t>(code) < codes.size();
      code = inside ? codes[static_cast<std::size_t>(code)] : -1;
      if (code >= 0) continue;
      if (array.present.empty()) array.present.assign(array.whole.size(), 1);
      array.present[i] = 0;
      code = 0;
    }
  }
  static Array take(Array& array, const Elements& codes) {
    recode(array, codes);
    return std::move(array);
  }

  bool nothing_known() const {
    for (int k = 0; k < about_.rank; ++k) {
      bool any = derived(k) || size(k) == 0;
      for (const std::int64_t e : unit(k).known) any = any || e >= 0;
      if (!any) return true;
    }
    return false;
  }

  // An argument that the new data leave out must not be needed at new elements that are asked for.
  bool check_absent() {
    if (!is_needed()) return true;
    for (int k = 0; k < about_.rank; ++k) {
      if (derived(k)) continue;
      const Units& own = unit(k);
      std::int64_t lacking = 0;
      const auto test = [&](std::int64_t e) { lacking += own.known[static_cast<std::size_t>(e)] < 0; };
      if (own.all_wanted)
        for (std::size_t e = 0; e < own.known.size(); ++e) test(static_cast<std::int64_t>(e));
      else
        for (const std::int64_t e : own.wanted) test(e);
      if (lacking == 0) continue;
      const Dimension& dimension = bound_[static_cast<std::size_t>(about_.axes[k])];
      if (context_.metadata.dimensions[about_.axes[k]].kind == LACUNA_FREE) {
        data::report_argument_missing(context_.metadata, argument_, context_.sources, context_.options, problems_);
        problems_.note_last(fmt::format("the rows are new, so the fit has no value of `{}` for them", about_.name));
        return false;
      }
      Diagnostic& report =
          problems_.report(Id::NotForNewElements, about_.name, dimension.name).program(about_.range, "");
      report.row_word = "element";
      for (std::size_t e = 0; e < own.known.size(); ++e) {
        if (own.known[e] < 0)
          report.row(dimension.labels.empty() ? fmt::format("element {}", e) : "`" + dimension.labels[e] + "`");
      }
      return false;
    }
    return true;
  }

  // The flat position of a bound cell in the new data or in the fit, -1 when it has none.
  std::int64_t place_in(const Array& array, const Elements& at, bool fresh) const {
    std::int64_t flat = 0;
    for (int k = 0; k < about_.rank; ++k) {
      const std::size_t s = static_cast<std::size_t>(k), e = static_cast<std::size_t>(at[s]);
      const std::int64_t to = derived(k) ? at[s] : fresh ? unit(k).given[e] : unit(k).known[e];
      if (to < 0 || to >= array.sizes[s]) return -1;
      if (fresh && !covers(k) && !fresh_.covered[s][static_cast<std::size_t>(to)]) return -1;
      flat = flat * array.sizes[s] + to;
    }
    return flat;
  }

  Array fill_dense() {
    recode(fresh_, fresh_codes_);
    Array old = old_.given && !old_.sparse ? old_ : Array();
    recode(old, old_codes_);
    Array made;
    made.given = true;
    made.origin = fresh_.given ? fresh_.origin : old_.origin;
    std::int64_t count = 1;
    for (int k = 0; k < about_.rank; ++k) made.sizes.push_back(size(k)), count *= size(k);
    const bool real = about_.type.kind == LACUNA_REAL;
    const std::size_t cells = static_cast<std::size_t>(count);
    if (real)
      made.real.assign(cells, std::numeric_limits<double>::quiet_NaN());
    else
      made.whole.assign(cells, 0);
    made.present.assign(cells, 0);
    const auto copy = [&](const Array& from, std::int64_t at, std::size_t to) {
      const std::size_t s = static_cast<std::size_t>(at);
      if (!from.present.empty() && !from.present[s]) return false;
      if (real)
        made.real[to] = from.real[s];
      else
        made.whole[to] = from.whole[s];
      made.present[to] = 1;
      return true;
    };
    const bool target = (about_.flags & LACUNA_TARGET) != 0;
    Elements at(static_cast<std::size_t>(about_.rank));
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const std::int64_t mine = fresh_.given ? place_in(fresh_, at, true) : -1;
      const bool filled = mine >= 0 && copy(fresh_, mine, cell);
      // A gap that the new data have is a gap; of what is observed, the fit's value stays.
      if (!filled && old.given && (mine < 0 || target)) {
        const std::int64_t theirs = place_in(old, at, false);
        if (theirs >= 0) copy(old, theirs, cell);
      }
      for (std::size_t k = at.size(); k-- > 0 && ++at[k] == made.sizes[k];) at[k] = 0;
    }
    return made;
  }

  // Listed cells only: those of the new data, and those of the fit that the new data do not speak of.
  Array fill_sparse() {
    Array made;
    made.given = made.sparse = true;
    made.origin = fresh_.given ? fresh_.origin : old_.origin;
    made.coordinates.resize(static_cast<std::size_t>(about_.rank));
    for (int k = 0; k < about_.rank; ++k) made.sizes.push_back(size(k));
    if (fresh_.given && fresh_.sparse) add_listed(fresh_, true, made);
    if (old_.given && old_.sparse) add_listed(old_, false, made);
    return made;
  }

  void add_listed(const Array& from, bool fresh, Array& made) {
    Array coded = from;
    recode(coded, fresh ? fresh_codes_ : old_codes_);
    std::vector<Elements> to;
    for (int k = 0; k < about_.rank; ++k)
      to.push_back(derived(k)
                       ? Elements()
                       : inverse(fresh ? unit(k).given : unit(k).known, from.sizes[static_cast<std::size_t>(k)]));
    const std::size_t count = std::max(coded.real.size(), coded.whole.size());
    for (std::size_t c = 0; c < count; ++c) {
      Elements at;
      bool there = true, spoken = fresh_.given;
      for (std::size_t k = 0; k < to.size() && there; ++k) {
        const std::int64_t here = coded.coordinates[k][c];
        at.push_back(to[k].empty() ? here : to[k][static_cast<std::size_t>(here)]);
        there = at.back() >= 0;
        spoken = spoken && there && !to[k].empty() &&
                 unit(static_cast<int>(k)).given[static_cast<std::size_t>(at.back())] >= 0;
      }
      if (!there || (!fresh && spoken)) continue;
      for (std::size_t k = 0; k < at.size(); ++k) made.coordinates[k].push_back(at[k]);
      if (!coded.real.empty()) made.real.push_back(coded.real[c]);
      if (!coded.whole.empty()) made.whole.push_back(coded.whole[c]);
      made.present.push_back(coded.present.empty() ? 1 : coded.present[c]);
    }
  }

  const Context& context_;
  const lacuna_argument_info& about_;
  int argument_;
  const data::Dataset& fitted_;
  const Array& old_;
  Array& fresh_;
  const std::vector<Units>& units_;
  const std::vector<Dimension>& bound_;
  Problems& problems_;
  Elements fresh_codes_, old_codes_;  // empty: codes stay
};

}  // namespace

data::Array fill_argument(const Context& context, int argument, const data::Dataset& fitted, data::Array& fresh,
                          const std::vector<Units>& units, const std::vector<data::Dimension>& bound,
                          Problems& problems) {
  return Filler(context, argument, fitted, fresh, units, bound, problems).run();
}

}  // namespace lacuna::runtime::predict
