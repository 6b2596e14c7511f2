#include <algorithm>
#include <limits>

#include "runtime/data/bind.h"
#include "runtime/data/interner.h"
#include "runtime/data/labels.h"
#include "runtime/data/pieces.h"

namespace lacuna::runtime::data {
namespace {

constexpr std::int64_t kMaxDense = std::int64_t{1} << 31;  // cells: 16 GB

// Where the elements of one axis of a file go; empty when they stay.
using Order = std::vector<std::int64_t>;

class Positions {
 public:
  explicit Positions(const std::vector<std::string>& labels) {
    for (const std::string& label : labels) at_.code(label);  // each once, so codes are positions
  }
  std::int64_t find(const std::string& label) const { return at_.find(label); }
  // Positions of labels that are known to be there.
  Order order(const std::vector<std::string>& labels) const {
    Order made;
    bool same = true;
    for (const std::string& label : labels) {
      made.push_back(find(label));
      same = same && made.back() == static_cast<std::int64_t>(made.size()) - 1;
    }
    return same ? Order() : made;
  }

 private:
  Interner at_;
};

class Assembler {
 public:
  Assembler(const lacuna_metadata& metadata, Piece& piece, const Pieces& pieces,
            const std::vector<Dimension>& dimensions, const Options& options, const Needs& needs, Problems& problems)
      : about_(metadata.arguments[piece.argument]),
        piece_(piece),
        pieces_(pieces),
        dimensions_(dimensions),
        options_(options),
        lenient_(needs.fitted != nullptr),
        problems_(problems) {}

  Array run() {
    Array made;
    made.given = true;
    made.origin = piece_.source->path();
    for (int k = 0; k < about_.rank; ++k)
      made.sizes.push_back(dimension(k).size >= 0 ? dimension(k).size : size_here(k));
    if (about_.type.kind == LACUNA_INDEX_OF) to_positions(piece_.cells);
    if (!lenient_) check_values(about_, *piece_.source, piece_.cells, problems_);
    if (problems_.any_error()) return made;
    if (piece_.is_long())
      fill_long(made);
    else
      fill_plain(made);
    if (!lenient_) check_structure(about_, made, problems_);
    return made;
  }

 private:
  // As the file has it; an empty axis hides those below it.
  std::int64_t size_here(int k) const {
    const std::vector<std::int64_t>& sizes = piece_.cells.sizes;
    return static_cast<std::size_t>(k) < sizes.size() ? sizes[static_cast<std::size_t>(k)] : 0;
  }
  const Dimension& dimension(int axis) const { return dimensions_[static_cast<std::size_t>(about_.axes[axis])]; }
  bool is_real() const { return about_.type.kind == LACUNA_REAL; }

  // Labels or positions of an index column become 0-based codes.
  void to_positions(Cells& cells) {
    const Dimension& target = dimensions_[static_cast<std::size_t>(about_.type.index_of)];
    if (target.labels.empty()) {
      if (cells.labelled && !labels_to_numbers(cells)) return;
      return check_positions(cells, target);
    }
    const Positions positions(target.labels);
    Order map;
    for (const std::string& label : cells.labels) map.push_back(positions.find(canonical_label(label)));
    Diagnostic* unknown = nullptr;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(cells.whole.size()); ++i) {
      std::int64_t& code = cells.whole[static_cast<std::size_t>(i)];
      if (!cells.is_present(i)) continue;
      const std::int64_t to =
          cells.labelled ? map[static_cast<std::size_t>(code)] : positions.find(std::to_string(code));
      if (to < 0 && !(about_.flags & LACUNA_UNCHECKED)) {
        if (!unknown) unknown = &report_unknown(cells, i, target);
        unknown->row(fmt::format("{}: `{}`",
                                 piece_.source->place(cells, unknown->rows.size() < Diagnostic::kShownRows ? i : 0),
                                 label_text(cells, i)));
      }
      code = to;
    }
    cells.labelled = false;
  }

  Diagnostic& report_unknown(const Cells& cells, std::int64_t cell, const Dimension& target) {
    return report_unknown_labels(cells.name, label_text(cells, cell), target, problems_).in(piece_.source->path()).program(about_.range, "");
  }

  bool labels_to_numbers(Cells& cells) {
    Order map;
    Diagnostic* refused = nullptr;
    for (const std::string& label : cells.labels) {
      const std::string text = canonical_label(label);
      char* end = nullptr;
      map.push_back(std::strtoll(text.c_str(), &end, 10));
      if (!text.empty() && *end == '\0') continue;
      if (!refused) {
        const std::string& of = dimensions_[static_cast<std::size_t>(about_.type.index_of)].name;
        refused = &problems_.report(Id::NotANumber, cells.name, "labels where positions are needed")
                       .in(piece_.source->path());
        refused->row_word = "label";
        refused->note(fmt::format("`{}` has no labels, so its elements are numbered from 0", of));
        refused->help(fmt::format("a column that labels the rows of a table over `{0}` is named: `--key {0}=COLUMN`", of));
      }
      refused->row("`" + label + "`");
    }
    if (refused) return false;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(cells.whole.size()); ++i) {
      std::int64_t& code = cells.whole[static_cast<std::size_t>(i)];
      if (cells.is_present(i)) code = map[static_cast<std::size_t>(code)];
    }
    cells.labelled = false;
    return true;
  }

  void check_positions(Cells& cells, const Dimension& target) {
    const auto base = options_.index_base.find(about_.name);
    const std::int64_t shift = base == options_.index_base.end() ? 0 : base->second;
    std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = -1, outside = 0;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(cells.whole.size()); ++i) {
      if (!cells.is_present(i)) continue;
      std::int64_t& code = cells.whole[static_cast<std::size_t>(i)];
      code -= shift;
      least = std::min(least, code);
      most = std::max(most, code);
      outside += code < 0 || code >= target.size;
    }
    if (outside == 0 || (about_.flags & LACUNA_UNCHECKED)) return;
    if (shift == 0 && least >= 1 && most == target.size)
      return report_one_based(about_.name, least, target, piece_.source->path(), problems_);
    Diagnostic& made = problems_.report(Id::PositionOutside, cells.name, counted(outside, "value"), target.name)
                           .in(piece_.source->path());
    for (std::int64_t i = 0;
         i < static_cast<std::int64_t>(cells.whole.size()) && made.rows.size() < Diagnostic::kShownRows; ++i) {
      const std::int64_t code = cells.whole[static_cast<std::size_t>(i)];
      if (cells.is_present(i) && (code < 0 || code >= target.size))
        made.row(fmt::format("{}: {}", piece_.source->place(cells, i), code + shift));
    }
    made.row_count = outside;
    made.note(fmt::format("`{}` has {} elements, counted from {}", target.name, target.size, shift));
  }

  // How axis k is to be reordered.
  Order order_of(int k) {
    const Dimension& to = dimension(k);
    if (to.labels.empty()) return {};
    const Cells& cells = piece_.cells;
    if (k == 0) {
      if (const Key* key = pieces_.key_of(about_.axes[0], piece_.source)) {
        std::vector<std::string> labels;
        for (std::int64_t i = 0; i < static_cast<std::int64_t>(key->cells.whole.size()); ++i)
          labels.push_back(label_text(key->cells, i));
        return Positions(to.labels).order(labels);
      }
    }
    const std::size_t axis = static_cast<std::size_t>(k);
    if (axis < cells.axis_labels.size() && !cells.axis_labels[axis].empty())
      return Positions(to.labels).order(cells.axis_labels[axis]);
    for (const Key& key : pieces_.keys) {
      if (key.dimension != about_.axes[k]) continue;
      problems_.report(Id::RowsWithoutLabels, cells.name, to.name)
          .in(piece_.source->path())
          .note(fmt::format("`{}` is labelled by `{}` in {}", to.name, key.cells.name, key.source->path()));
      break;
    }
    return {};
  }

  void fill_plain(Array& made) {
    Cells& cells = piece_.cells;
    std::vector<Order> orders;
    bool moves = false;
    for (int k = 0; k < about_.rank; ++k) {
      orders.push_back(order_of(k));
      const bool whole = cover(made, k, orders.back(), size_here(k));
      moves = moves || !orders.back().empty() || !whole;
    }
    if (!moves) {
      made.real = std::move(cells.real);
      made.whole = std::move(cells.whole);
      made.present = std::move(cells.present);
      return;
    }
    const std::int64_t size = cells.size();
    allocate(made, !cells.present.empty());
    std::vector<std::int64_t> at(cells.sizes.size());
    for (std::int64_t i = 0; i < size; ++i) {
      std::int64_t to = 0;
      for (std::size_t k = 0; k < at.size(); ++k) {
        to = to * made.sizes[k] + (orders[k].empty() ? at[k] : orders[k][static_cast<std::size_t>(at[k])]);
      }
      copy(cells, i, made, to);
      for (std::size_t k = at.size(); k-- > 0 && ++at[k] == cells.sizes[k];) at[k] = 0;
    }
  }

  void fill_long(Array& made) {
    Cells& values = piece_.cells;
    const std::int64_t count = values.size();
    made.coordinates.resize(piece_.by.size());
    std::vector<std::int64_t> flat(static_cast<std::size_t>(count));
    for (std::size_t k = 0; k < piece_.by.size(); ++k) {
      const Dimension& axis = dimension(static_cast<int>(k));
      const Positions positions(axis.labels);
      Order map;
      for (const std::string& label : piece_.by[k].labels) map.push_back(positions.find(canonical_label(label)));
      std::vector<std::int64_t>& to = made.coordinates[k];
      to.resize(static_cast<std::size_t>(count));
      for (std::int64_t i = 0; i < count; ++i) {
        const std::size_t at = static_cast<std::size_t>(i);
        if (!piece_.by[k].is_present(i)) {
          problems_.report(Id::GapNotAllowed, piece_.by[k].name, "a gap")
              .in(piece_.source->path())
              .row(piece_.source->place(values, i));
          return;
        }
        to[at] = piece_.by[k].labelled ? map[static_cast<std::size_t>(piece_.by[k].whole[at])]
                                       : positions.find(label_text(piece_.by[k], i));
        flat[at] = flat[at] * axis.size + to[at];
      }
      piece_.by[k].whole.clear();
    }
    const Order order = row_major(flat);
    if (!check_twice(flat, order)) return;
    if (about_.flags & LACUNA_SPARSE) {
      made.sparse = true;
      made.real = ordered(std::move(values.real), order);
      made.whole = ordered(std::move(values.whole), order);
      made.present = ordered(std::move(values.present), order);
      for (auto& axis : made.coordinates) axis = ordered(std::move(axis), order);
    } else {
      scatter(made, flat);
    }
  }

  // Where the rows of the file stand when their cells go row by row: binding keeps them so.
  static Order row_major(const std::vector<std::int64_t>& flat) {
    std::vector<std::pair<std::int64_t, std::int64_t>> cells;
    cells.reserve(flat.size());
    for (const std::int64_t cell : flat) cells.emplace_back(cell, static_cast<std::int64_t>(cells.size()));
    std::sort(cells.begin(), cells.end());
    Order order;
    order.reserve(flat.size());
    for (const auto& [cell, row] : cells) order.push_back(row);
    return order;
  }

  template <class T>
  static std::vector<T> ordered(std::vector<T> rows, const Order& order) {
    std::vector<T> made;
    if (rows.empty()) return made;
    made.reserve(rows.size());
    for (const std::int64_t row : order) made.push_back(rows[static_cast<std::size_t>(row)]);
    return made;
  }

  bool check_twice(const std::vector<std::int64_t>& flat, const Order& order) {
    const auto cell = [&](std::int64_t i) { return flat[static_cast<std::size_t>(i)]; };
    Diagnostic* twice = nullptr;
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (cell(order[i]) != cell(order[i - 1])) continue;
      if (!twice) twice = &problems_.report(Id::CellTwice, about_.name).in(piece_.source->path());
      if (twice->rows.size() < Diagnostic::kShownRows) {
        twice->row(fmt::format("{} and {}", piece_.source->place(piece_.cells, order[i - 1]),
                               piece_.source->place(piece_.cells, order[i])));
      } else {
        ++twice->row_count;
      }
    }
    return twice == nullptr;
  }

  // A long table as a dense array, for a model that takes no other.
  void scatter(Array& made, const std::vector<std::int64_t>& flat) {
    double product = 1;
    for (const std::int64_t size : made.sizes) product *= static_cast<double>(size);
    made.coordinates.clear();
    if (product > static_cast<double>(kMaxDense)) {
      problems_.report(
          Id::OptionWithoutMeaning, "--bind " + piece_.binding->written,
          fmt::format("the whole table would have {:.3g} cells, and this model does not read it cell by cell",
                      product));
      return;
    }
    allocate(made, true);
    std::fill(made.real.begin(), made.real.end(), std::numeric_limits<double>::quiet_NaN());
    std::fill(made.present.begin(), made.present.end(), std::uint8_t{0});
    for (std::size_t i = 0; i < flat.size(); ++i) copy(piece_.cells, static_cast<std::int64_t>(i), made, flat[i]);
    const std::int64_t gaps = std::count(made.present.begin(), made.present.end(), std::uint8_t{0});
    if (gaps == 0) made.present.clear();
    if (gaps > 0 && !lenient_ && !(about_.flags & (LACUNA_OPTIONAL | LACUNA_UNCHECKED))) {
      problems_.report(Id::GapNotAllowed, about_.name, counted(gaps, "cell") + " that are not listed")
          .in(piece_.source->path())
          .program(about_.range, "");
    }
  }

  // Notes which elements of axis k the file has, when they are not all of the dimension's. True when they are.
  bool cover(Array& made, int k, const Order& order, std::int64_t count) const {
    const std::int64_t size = dimension(k).size;
    if (!lenient_ || count >= size) return true;
    made.covered.resize(static_cast<std::size_t>(about_.rank));
    std::vector<std::uint8_t>& covered = made.covered[static_cast<std::size_t>(k)];
    covered.assign(static_cast<std::size_t>(size), 0);
    for (std::int64_t i = 0; i < count; ++i)
      covered[static_cast<std::size_t>(order.empty() ? i : order[static_cast<std::size_t>(i)])] = 1;
    return false;
  }

  void allocate(Array& made, bool gaps) const {
    std::int64_t size = 1;
    for (const std::int64_t s : made.sizes) size *= s;
    if (is_real())
      made.real.resize(static_cast<std::size_t>(size));
    else
      made.whole.resize(static_cast<std::size_t>(size));
    if (gaps) made.present.assign(static_cast<std::size_t>(size), 1);
  }

  void copy(const Cells& from, std::int64_t i, Array& made, std::int64_t to) const {
    const std::size_t s = static_cast<std::size_t>(i), t = static_cast<std::size_t>(to);
    if (is_real())
      made.real[t] = from.real[s];
    else
      made.whole[t] = from.whole[s];
    if (!made.present.empty()) made.present[t] = from.is_present(i);
  }

  const lacuna_argument_info& about_;
  Piece& piece_;
  const Pieces& pieces_;
  const std::vector<Dimension>& dimensions_;
  const Options& options_;
  bool lenient_;
  Problems& problems_;
};

}  // namespace

Array assemble(const lacuna_metadata& metadata, Piece& piece, const Pieces& pieces,
               const std::vector<Dimension>& dimensions, const Options& options, const Needs& needs,
               Problems& problems) {
  return Assembler(metadata, piece, pieces, dimensions, options, needs, problems).run();
}

}  // namespace lacuna::runtime::data
