// Sizes and labels. A dimension is labelled by what declares it, else by what labels an axis (a key, the columns of a
// matrix, coordinates, a long table), else, when nothing without labels has it, by the values of the index columns that
// point into it.
#include <algorithm>
#include <set>

#include "runtime/data/bind.h"
#include "runtime/data/labels.h"
#include "runtime/data/pieces.h"

namespace lacuna::runtime::data {
namespace {

struct Labelled {
  std::vector<std::string> labels;
  std::string what;  // the array or column
  std::string from;  // its file
  bool keep_order = false;  // the columns of a matrix, as they are listed
  bool exact = false;       // names every element: a key, a matrix, coordinates
};

struct Sized {
  std::int64_t size = 0;
  std::string what;  // the array
  std::string from;
};

class Finder {
 public:
  Finder(const lacuna_metadata& metadata, const Pieces& pieces, const Options& options, const Needs& needs,
         Problems& problems)
      : metadata_(metadata), pieces_(pieces), options_(options), needs_(needs), problems_(problems) {}

  std::vector<Dimension> run() {
    labelled_.resize(static_cast<std::size_t>(metadata_.dimension_count));
    sized_.resize(labelled_.size());
    index_.resize(labelled_.size());
    for (const Piece& piece : pieces_.pieces) gather(piece);
    for (const Key& key : pieces_.keys) gather_key(key);
    for (const auto& [d, size] : pieces_.scalar_sizes) {
      sized_[static_cast<std::size_t>(d)].push_back({size.first, metadata_.dimensions[d].name, size.second});
    }
    std::vector<Dimension> result;
    for (int d = 0; d < metadata_.dimension_count; ++d) result.push_back(settle(d));
    return result;
  }

 private:
  void gather(const Piece& piece) {
    const lacuna_argument_info& about = metadata_.arguments[piece.argument];
    if (!piece.is_read) return;
    const Cells& first = piece.cells;
    if (about.type.kind == LACUNA_INDEX_OF) {
      index_[static_cast<std::size_t>(about.type.index_of)].push_back(
          {distinct_labels(first), first.name, piece.source->path(), false, false});
    }
    for (int k = 0; k < about.rank; ++k) {
      const std::size_t d = static_cast<std::size_t>(about.axes[k]);
      if (piece.is_long()) {
        labelled_[d].push_back({distinct_labels(piece.by[static_cast<std::size_t>(k)]),
                                piece.by[static_cast<std::size_t>(k)].name, piece.source->path(), false, false});
      } else if (piece.is_matrix && k == 1) {
        labelled_[d].push_back({first.axis_labels[1], first.name, piece.source->path(), true, true});
      } else if (k == 0 && pieces_.key_of(about.axes[0], piece.source)) {
        // The key speaks for these rows.
      } else if (static_cast<std::size_t>(k) < first.axis_labels.size() &&
                 !first.axis_labels[static_cast<std::size_t>(k)].empty()) {
        labelled_[d].push_back({first.axis_labels[static_cast<std::size_t>(k)], first.name, piece.source->path(), false, true});
      } else if (static_cast<std::size_t>(k) < first.sizes.size()) {
        sized_[d].push_back({first.sizes[static_cast<std::size_t>(k)], first.name, piece.source->path()});
      } else {
        sized_[d].push_back({0, first.name, piece.source->path()});  // below an empty axis
      }
    }
  }

  void gather_key(const Key& key) {
    Labelled made{{}, key.cells.name, key.source->path(), false, true};
    std::set<std::string> seen;
    Diagnostic* twice = nullptr;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(key.cells.whole.size()); ++i) {
      if (!key.cells.is_present(i)) {
        problems_.report(Id::GapNotAllowed, key.cells.name, "a gap")
            .in(key.source->path())
            .note("a key labels every row");
        return;
      }
      std::string label = label_text(key.cells, i);
      if (!seen.insert(label).second) {
        if (!twice) twice = &problems_.report(Id::LabelTwice, key.cells.name).in(key.source->path());
        twice->row(fmt::format("{}: `{}`", key.source->place(key.cells, i), label));
      }
      made.labels.push_back(std::move(label));
    }
    labelled_[static_cast<std::size_t>(key.dimension)].push_back(std::move(made));
  }

  Dimension settle(int d) {
    const lacuna_dimension_info& about = metadata_.dimensions[d];
    Dimension made;
    made.name = about.name;
    if (about.origin != LACUNA_GIVEN) return made;
    if (needs_.fitted)
      choose_new_labels(d, (*needs_.fitted)[static_cast<std::size_t>(d)], made);
    else
      choose_labels(d, made);
    if (made.labels.empty())
      choose_size(d, made);
    else
      made.size = static_cast<std::int64_t>(made.labels.size());
    if (!made.labels.empty()) check_bare_sizes(d, made);
    for (const std::string& label : made.labels) made.keys.push_back(label_key(label));
    if (made.size >= 0 && made.size < about.least && !needs_.fitted)
      report_too_few(about, made.size, problems_);
    return made;
  }

  void choose_labels(int d, Dimension& made) {
    const lacuna_dimension_info& about = metadata_.dimensions[d];
    const std::vector<Labelled>& axes = labelled_[static_cast<std::size_t>(d)];
    const auto exact = std::find_if(axes.begin(), axes.end(), [](const Labelled& l) { return l.exact; });
    if (about.labels) {
      made.labels.assign(about.labels, about.labels + about.declared_size);
    } else if (exact != axes.end()) {
      made.labels = exact->labels;
      if (!exact->keep_order) sort_labels(made.labels);
    } else if (!axes.empty() || (sized_[static_cast<std::size_t>(d)].empty() && !options_.sizes.count(about.name) &&
                                 about.declared_size < 0)) {
      for (const Labelled& axis : axes) made.labels.insert(made.labels.end(), axis.labels.begin(), axis.labels.end());
      for (const Labelled& index : index_[static_cast<std::size_t>(d)])
        made.labels.insert(made.labels.end(), index.labels.begin(), index.labels.end());
      sort_labels(made.labels);
      if (made.labels.empty() && !index_[static_cast<std::size_t>(d)].empty()) made.size = 0;
    }
    if (made.labels.empty()) return;
    for (const Labelled& axis : axes) compare(d, made, axis);
  }

  // Of new data: the labels that axes name, the fit's first and in their order. A declared dimension, and one into
  // which only index columns point, keeps all elements of the fit.
  void choose_new_labels(int d, const Dimension& fitted, Dimension& made) {
    const lacuna_dimension_info& about = metadata_.dimensions[d];
    const std::vector<Labelled>& axes = labelled_[static_cast<std::size_t>(d)];
    const std::vector<Labelled>& index = index_[static_cast<std::size_t>(d)];
    const bool sized = !sized_[static_cast<std::size_t>(d)].empty();
    if (axes.empty() && (index.empty() || sized)) return;
    std::set<std::string> fresh, named;
    for (const auto* list : {&axes, &index}) {
      for (const Labelled& one : *list) named.insert(one.labels.begin(), one.labels.end());
    }
    if (axes.empty() && fitted.labels.empty()) return choose_new_size(about, fitted, named, made);
    const bool whole = axes.empty() || about.declared_size >= 0;
    for (const Labelled& axis : axes) {
      if (axis.keep_order) check_columns(about, fitted, axis);
    }
    for (const std::string& label : fitted.labels) {
      if (whole || named.count(label)) made.labels.push_back(label);
    }
    const std::set<std::string> known(fitted.labels.begin(), fitted.labels.end());
    std::set_difference(named.begin(), named.end(), known.begin(), known.end(), std::inserter(fresh, fresh.end()));
    std::vector<std::string> more(fresh.begin(), fresh.end());
    sort_labels(more);
    made.labels.insert(made.labels.end(), more.begin(), more.end());
    if (whole) {
      for (const std::string& label : made.labels) made.named.push_back(named.count(label) ? 1 : 0);
    }
    if (made.labels.empty()) made.size = 0;
  }

  // Index columns hold positions of the fit, whose elements have no labels; an open dimension may have more.
  void choose_new_size(const lacuna_dimension_info& about, const Dimension& fitted, const std::set<std::string>& named,
                       Dimension& made) {
    made.positions = true;
    made.size = fitted.size;
    if (about.kind != LACUNA_OPEN && !options_.opened.count(about.name)) return;
    std::int64_t base = 0;
    for (int a = 0; a < metadata_.argument_count; ++a) {
      const auto own = options_.index_base.find(metadata_.arguments[a].name);
      if (own != options_.index_base.end() && metadata_.arguments[a].type.index_of == &about - metadata_.dimensions)
        base = own->second;
    }
    for (const std::string& value : named)
      made.size = std::max<std::int64_t>(made.size, std::strtoll(value.c_str(), nullptr, 10) + 1 - base);
  }

  // The columns of a matrix are those of the fit; of an open dimension they may be some of them.
  void check_columns(const lacuna_dimension_info& about, const Dimension& fitted, const Labelled& columns) {
    if (about.kind == LACUNA_OPEN || options_.opened.count(about.name)) return;
    Diagnostic* made = nullptr;
    for (const std::string& label : fitted.labels) {
      if (std::find(columns.labels.begin(), columns.labels.end(), label) != columns.labels.end()) continue;
      if (!made) made = &problems_.report(Id::ColumnsLacking, about.name).in(columns.from).program(about.range, "");
      made->row("`" + label + "`");
      made->row_word = "column";
    }
  }

  // Labels of an axis that the dimension does not have, or lacks.
  void compare(int d, const Dimension& made, const Labelled& axis) {
    const std::set<std::string> known(made.labels.begin(), made.labels.end());
    std::set<std::string> here(axis.labels.begin(), axis.labels.end());
    std::vector<std::string> strange, lacking;
    std::set_difference(here.begin(), here.end(), known.begin(), known.end(), std::back_inserter(strange));
    if (axis.exact)
      std::set_difference(known.begin(), known.end(), here.begin(), here.end(), std::back_inserter(lacking));
    if (!strange.empty()) {
      Diagnostic& report =
          problems_.report(Id::UnknownLabel, axis.what, counted(static_cast<std::int64_t>(strange.size()), "label"),
                           metadata_.dimensions[d].name).in(axis.from);
      for (const std::string& label : strange) report.row("`" + label + "`");
      report.row_word = "label";
    }
    if (strange.empty() && !lacking.empty()) {
      Diagnostic& report = problems_.report(Id::SizesDisagree, axis.what, here.size(), metadata_.dimensions[d].name,
                                            metadata_.dimensions[d].name, known.size()).in(axis.from);
      for (const std::string& label : lacking) report.row("`" + label + "` is not there");
      report.row_word = "label";
    }
  }

  void choose_size(int d, Dimension& made) {
    const lacuna_dimension_info& about = metadata_.dimensions[d];
    std::vector<Sized> sizes = sized_[static_cast<std::size_t>(d)];
    const auto given = options_.sizes.find(about.name);
    if (given != options_.sizes.end() && !given->second.horizon)
      sizes.insert(sizes.begin(), {given->second.value, "--size", ""});
    else if (about.declared_size >= 0 && !needs_.fitted)
      sizes.insert(sizes.begin(), {about.declared_size, metadata_.source_name, ""});
    if (sizes.empty()) {
      if (made.size >= 0 || needs_.fitted) return;
      problems_.report(Id::NoSize, about.name)
          .program(about.range, "")
          .help(fmt::format("give it: `--size {}=4`", about.name));
      return;
    }
    made.size = sizes.front().size;
    for (const Sized& other : sizes) {
      if (other.size != made.size) return disagree(about, sizes.front(), other);
    }
  }

  void check_bare_sizes(int d, const Dimension& made) {
    for (const Sized& other : sized_[static_cast<std::size_t>(d)]) {
      if (other.size != made.size) {
        return disagree(metadata_.dimensions[d], {made.size, metadata_.dimensions[d].name, ""}, other);
      }
    }
  }

  void disagree(const lacuna_dimension_info& about, const Sized& a, const Sized& b) {
    Diagnostic& made = problems_.report(Id::SizesDisagree, a.what, a.size, about.name, b.what, b.size);
    if (!a.from.empty()) made.row(fmt::format("`{}` is in {}", a.what, a.from));
    if (!b.from.empty()) made.row(fmt::format("`{}` is in {}", b.what, b.from));
    made.row_word = "array";
  }

  const lacuna_metadata& metadata_;
  const Pieces& pieces_;
  const Options& options_;
  const Needs& needs_;
  Problems& problems_;
  std::vector<std::vector<Labelled>> labelled_, index_;
  std::vector<std::vector<Sized>> sized_;
};

}  // namespace

std::vector<Dimension> find_dimensions(const lacuna_metadata& metadata, const Pieces& pieces, const Options& options,
                                       const Needs& needs, Problems& problems) {
  return Finder(metadata, pieces, options, needs, problems).run();
}

}  // namespace lacuna::runtime::data
