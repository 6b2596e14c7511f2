// One dimension of a prediction: what is known and what is new.
#include <unordered_map>

#include "runtime/data/labels.h"
#include "runtime/predict/steps.h"
#include "runtime/predict/units.h"

namespace lacuna::runtime::predict {
namespace {

using data::Dimension;
using Elements = std::vector<std::int64_t>;

class Matcher {
 public:
  Matcher(const lacuna_dimension_info& about, const data::Options& options, const Dimension& fitted,
          const Dimension& fresh, Dimension& bound, Problems& problems)
      : about_(about), fitted_(fitted), fresh_(fresh), bound_(bound), problems_(problems) {
    open_ = about.kind == LACUNA_OPEN || options.opened.count(about.name) > 0;
    free_ = about.kind == LACUNA_FREE;
    const auto size = options.sizes.find(about.name);
    if (size != options.sizes.end() && size->second.horizon) horizon_ = size->second.value;
  }

  Units run() {
    bound_.name = about_.name;
    if (horizon_ > 0 && fresh_.size >= 0)
      problems_.report(Id::OptionWithoutMeaning, fmt::format("--size {}=+{}", about_.name, horizon_),
                       fmt::format("the new data have elements of `{}`", about_.name));
    if (fresh_.size < 0)
      take_fit();
    else if (about_.ordered)
      run_along();
    else
      match();
    if (problems_.any_error()) return std::move(made_);
    bound_.size = static_cast<std::int64_t>(made_.known.size());
    bound_.keys.clear();
    for (const std::string& label : bound_.labels) bound_.keys.push_back(data::label_key(label));
    choose_wanted();
    return std::move(made_);
  }

 private:
  // The data do not speak of it: the fit's elements, and as many steps ahead as are asked for.
  void take_fit() {
    for (std::int64_t e = 0; e < fitted_.size; ++e) add(e, -1);
    bound_.labels = fitted_.labels;
    if (horizon_ == 0) return;
    if (!open_ && !free_) return not_open(horizon_);
    if (about_.ordered) return extend(horizon_, false);
    // Elements without order that nobody names are told apart by position.
    bound_.labels.clear();
    made_.known.assign(static_cast<std::size_t>(horizon_), -1);
    made_.given.assign(static_cast<std::size_t>(horizon_), -1);
  }

  void not_open(std::int64_t count) {
    report_new(count)
        .program(about_.range, "")
        .note("it is closed: a latent has an element for each, and nothing says where a new one's would come from");
  }

  // --- dimensions without order

  void match() {
    if (fresh_.labels.empty()) return match_positions();
    bound_.labels = fresh_.labels;
    made_.like_given = true;
    const auto at = index_of(fitted_.labels);
    Elements fresh;
    for (std::size_t e = 0; e < fresh_.labels.size(); ++e) {
      const auto found = at.find(fresh_.labels[e]);
      add(found == at.end() ? -1 : found->second, static_cast<std::int64_t>(e));
      if (found == at.end()) fresh.push_back(static_cast<std::int64_t>(e));
    }
    if (!fresh.empty() && !open_ && !free_) refuse(fresh);
  }

  void match_positions() {
    made_.like_given = true;
    if (!fresh_.positions && !open_ && !free_ && fresh_.size != fitted_.size) {
      problems_.report(Id::SizesDisagree, "the new data", fresh_.size, about_.name, "the fit", fitted_.size)
          .program(about_.range, "")
          .note(fmt::format("without labels, an element of `{0}` is that of the fit at the same position", about_.name))
          .help(fmt::format("name the elements by a column (`--key {0}=COLUMN`), or let new ones be drawn (`open {0}`)",
                            about_.name));
      return;
    }
    const bool by_position = fresh_.positions || (!open_ && !free_);
    for (std::int64_t e = 0; e < fresh_.size; ++e) add(by_position && e < fitted_.size ? e : -1, e);
    if (by_position && fresh_.size == fitted_.size) bound_.labels = fitted_.labels;
  }

  // --- dimensions along which something runs: the fit's elements stay, new ones follow

  void run_along() {
    for (std::int64_t e = 0; e < fitted_.size; ++e) add(e, -1);
    bound_.labels = fitted_.labels;
    if (fresh_.labels.empty()) {
      const bool by_position = fresh_.positions || !open_;
      if (!open_ && !fresh_.positions && fresh_.size != fitted_.size) return match_positions();
      if (!by_position) return extend(fresh_.size, true);
      for (std::int64_t e = 0; e < std::min(fresh_.size, fitted_.size); ++e)
        made_.given[static_cast<std::size_t>(e)] = e;
      if (fresh_.size > fitted_.size) extend(fresh_.size - fitted_.size, false);
      for (std::int64_t e = fitted_.size; e < fresh_.size; ++e) made_.given[static_cast<std::size_t>(e)] = e;
      return;
    }
    const auto at = index_of(fitted_.labels);
    Elements fresh;
    for (std::size_t e = 0; e < fresh_.labels.size(); ++e) {
      const auto found = at.find(fresh_.labels[e]);
      if (found == at.end())
        fresh.push_back(static_cast<std::int64_t>(e));
      else
        made_.given[static_cast<std::size_t>(found->second)] = static_cast<std::int64_t>(e);
    }
    if (fresh.empty()) return;
    if (!open_) return refuse(fresh);
    follow(fresh);
  }

  // New labels, each on its step after the last known one; steps between are elements that nobody has seen.
  void follow(const Elements& fresh) {
    if (fitted_.labels.empty() && fitted_.size > 0) {
      problems_.report(Id::NoCommonStep, about_.name, "the new data have labels, and the fit has none")
          .program(about_.range, "");
      return;
    }
    std::vector<std::string> all = fitted_.labels;
    if (all.empty()) all = fresh_.labels, data::sort_labels(all);
    const std::optional<Steps> steps = grid(all);
    if (!steps) return;
    const std::int64_t last = fitted_.labels.empty() ? -1 : steps->step_of(fitted_.labels.back()).value_or(-1);
    Diagnostic* off = nullptr;
    Elements before, at;
    for (const std::int64_t e : fresh) {
      const std::optional<std::int64_t> step = steps->step_of(label(e));
      if (!step) {
        if (!off) {
          off = &problems_.report(Id::NoCommonStep, about_.name,
                                  fmt::format("the fit's have a step of {}, and these stand between", steps->words()));
          off->row_word = "label";
        }
        off->row("`" + label(e) + "`");
      } else if (*step <= last) {
        before.push_back(e);
      }
      at.push_back(step.value_or(0));
    }
    if (off) return;
    if (!before.empty()) {
      Diagnostic& report =
          problems_.report(Id::BeforeTheEnd, counted(static_cast<std::int64_t>(before.size()), "label"), about_.name)
              .program(about_.range, "")
              .note(fmt::format("the fit's end with `{}`", fitted_.labels.back()));
      for (const std::int64_t e : before) report.row("`" + label(e) + "`");
      report.row_word = "label";
      return;
    }
    std::int64_t end = last;
    for (const std::int64_t step : at) end = std::max(end, step);
    const std::int64_t begin = static_cast<std::int64_t>(made_.known.size());
    if (end - last > kMostSteps) {
      problems_.report(Id::NoCommonStep, about_.name,
                       fmt::format("`{}` is {} steps after the last", label(fresh.back()), end - last));
      return;
    }
    for (std::int64_t step = last + 1; step <= end; ++step) {
      add(-1, -1);
      bound_.labels.push_back(steps->label(step));
    }
    for (std::size_t i = 0; i < fresh.size(); ++i)
      made_.given[static_cast<std::size_t>(begin + at[i] - last - 1)] = fresh[i];
  }

  // `count` elements after the last; `given`: they are the elements of the new data.
  void extend(std::int64_t count, bool given) {
    std::optional<Steps> steps;
    std::int64_t last = -1;
    if (!fitted_.labels.empty()) {
      steps = grid(fitted_.labels);
      if (!steps) return;
      last = *steps->step_of(fitted_.labels.back());
    }
    extended_from_ = static_cast<std::int64_t>(made_.known.size());
    for (std::int64_t i = 0; i < count; ++i) {
      add(-1, given ? i : -1);
      if (steps) bound_.labels.push_back(steps->label(last + 1 + i));
    }
  }

  std::optional<Steps> grid(const std::vector<std::string>& labels) {
    std::string why;
    std::optional<Steps> steps = Steps::through(labels, why);
    if (!steps) problems_.report(Id::NoCommonStep, about_.name, why).program(about_.range, "");
    return steps;
  }

  // --- what is asked for

  void choose_wanted() {
    const std::size_t size = made_.known.size();
    if (extended_from_ >= 0 && fresh_.size < 0)
      return want([&](std::size_t e) { return static_cast<std::int64_t>(e) >= extended_from_; });
    if (about_.ordered && fresh_.size >= 0 && !fresh_.positions)
      return want([&](std::size_t e) { return made_.given[e] >= 0; });
    // Where only index columns speak of an open dimension, what they name.
    if (open_ && fresh_.named.size() == size)
      return want([&](std::size_t e) { return fresh_.named[static_cast<std::size_t>(made_.given[e])] != 0; });
  }

  template <class Test>
  void want(Test test) {
    for (std::size_t e = 0; e < made_.known.size(); ++e) {
      if (test(e)) made_.wanted.push_back(static_cast<std::int64_t>(e));
    }
    made_.all_wanted = made_.wanted.size() == made_.known.size();
    if (made_.all_wanted) made_.wanted.clear();
  }

  // --- words

  const std::string& label(std::int64_t e) const { return fresh_.labels[static_cast<std::size_t>(e)]; }

  Diagnostic& report_new(std::int64_t count) {
    return problems_.report(Id::NewLabels, counted(count, "element"), about_.name)
        .help(fmt::format(
            "to let new ones be drawn from the model, declare `open {0}` in the program or pass `--open {0}`",
            about_.name));
  }

  void refuse(const Elements& fresh) {
    Diagnostic& report = report_new(static_cast<std::int64_t>(fresh.size())).program(about_.range, "");
    report.row_word = "element";
    for (const std::int64_t e : fresh) {
      report.row("`" + label(e) + "`");
      if (report.rows.size() > 3 || fitted_.labels.empty()) continue;
      const std::string near = nearest(label(e), fitted_.labels);
      if (!near.empty() && report.row_count <= 3)
        report.help(fmt::format("`{}` may be meant for `{}`", label(e), near));
    }
    if (fitted_.labels.empty() && fitted_.size > 0)
      report.note("the fit's elements have no labels, so that no label can be known");
  }

  static std::unordered_map<std::string, std::int64_t> index_of(const std::vector<std::string>& labels) {
    std::unordered_map<std::string, std::int64_t> made;
    for (std::size_t e = 0; e < labels.size(); ++e) made.emplace(labels[e], static_cast<std::int64_t>(e));
    return made;
  }

  void add(std::int64_t known, std::int64_t given) {
    made_.known.push_back(known);
    made_.given.push_back(given);
  }

  static constexpr std::int64_t kMostSteps = 10'000'000;

  const lacuna_dimension_info& about_;
  const Dimension& fitted_;
  const Dimension& fresh_;
  Dimension& bound_;
  Problems& problems_;
  bool open_ = false, free_ = false;
  std::int64_t horizon_ = 0, extended_from_ = -1;
  Units made_;
};

}  // namespace

Units match_units(const lacuna_dimension_info& about, const data::Options& options, const Dimension& fitted,
                  const Dimension& fresh, Dimension& bound, Problems& problems) {
  return Matcher(about, options, fitted, fresh, bound, problems).run();
}

}  // namespace lacuna::runtime::predict
