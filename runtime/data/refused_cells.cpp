#include "runtime/data/refused_cells.h"

#include <algorithm>
#include <cmath>

#include "runtime/data/bind.h"
#include "runtime/data/pieces.h"

namespace lacuna::runtime::data {
namespace {

// A value of the type.
double harmless(const lacuna_type& type) {
  const bool low = std::isfinite(type.lower), high = std::isfinite(type.upper);
  if (low && high) return type.kind == LACUNA_REAL ? 0.5 * (type.lower + type.upper) : std::floor(0.5 * (type.lower + type.upper));
  if (low) return type.lower + 1;
  return high ? type.upper - 1 : 0;
}

// Where an element of a list of cells is, or of an array; -1: it is not listed.
std::int64_t place_of(const Array& array, std::int64_t element) {
  if (!array.sparse) return element;
  const std::int64_t count = static_cast<std::int64_t>(array.coordinates[0].size());
  for (std::int64_t cell = 0; cell < count; ++cell) {
    std::int64_t number = 0;
    for (std::size_t k = 0; k < array.coordinates.size(); ++k)
      number = number * array.sizes[k] + array.coordinates[k][static_cast<std::size_t>(cell)];
    if (number == element) return cell;
  }
  return -1;
}

bool make_harmless(Array& array, const lacuna_type& type, std::int64_t element) {
  const std::int64_t place = place_of(array, element);
  const auto at = static_cast<std::size_t>(place);
  if (place < 0 || at >= std::max(array.real.size(), array.whole.size())) return false;
  if (!array.real.empty()) array.real[at] = harmless(type);
  if (!array.whole.empty()) array.whole[at] = type.kind == LACUNA_INDEX_OF ? 0 : static_cast<std::int64_t>(harmless(type));
  if (!array.present.empty()) array.present[at] = 1;
  return true;
}

// The metadata of a model one of whose arguments is a number that nothing is asked of.
struct Numbered {
  Numbered(const lacuna_metadata& of, int argument) : arguments(of.arguments, of.arguments + of.argument_count), metadata(of) {
    lacuna_argument_info& about = arguments[static_cast<std::size_t>(argument)];
    about.type = {.kind = LACUNA_REAL, .structure = LACUNA_SCALAR, .index_of = -1, .open = 3, .lower = -INFINITY, .upper = INFINITY};
    about.flags = (about.flags & LACUNA_SPARSE) | LACUNA_OPTIONAL;
    metadata.arguments = arguments.data();
  }
  std::vector<lacuna_argument_info> arguments;
  lacuna_metadata metadata;
};

std::string word_of(const Cells& cells, std::int64_t cell) {
  const auto at = static_cast<std::size_t>(cell);
  if (!cells.is_present(cell)) return "";
  if (cells.as == Wanted::Label) return label_text(cells, cell);
  if (cells.as == Wanted::Real) return std::isnan(cells.real[at]) ? "" : fmt::format("{}", cells.real[at]);
  return fmt::format("{}", cells.whole[at]);
}

}  // namespace

std::vector<std::int64_t> refused_cells(const lacuna_model& model, const Dataset& dataset, std::uint32_t flags,
                                        const lacuna_error& first, void* memory, std::int64_t bytes) {
  const lacuna_argument_info& about = model.metadata->arguments[first.where];
  const Arguments given(*model.metadata, dataset);
  std::vector<lacuna_array> arrays(given.arrays(), given.arrays() + model.metadata->argument_count);
  Array array = dataset.arguments[static_cast<std::size_t>(first.where)];
  lacuna_array& changed = arrays[static_cast<std::size_t>(first.where)];
  changed.data = array.real.empty() ? static_cast<const void*>(array.whole.data()) : array.real.data();
  changed.present = array.present.empty() ? nullptr : array.present.data();
  std::vector<std::int64_t> found;
  lacuna_error error = first;
  constexpr int kMostTries = 50;  // other complaints come between
  for (int i = 0; i < kMostTries && found.size() <= Diagnostic::kShownRows; ++i) {
    if (error.code == first.code) found.push_back(error.index);
    if (!make_harmless(array, about.type, error.index)) break;
    const int code = model.bind_into(&model, given.dimensions(), arrays.data(), flags, memory, bytes, &error);
    const bool cell = code == LACUNA_MISSING || code == LACUNA_VALUE || code == LACUNA_INDEX;
    if (!cell || error.where != first.where) break;
  }
  return found;
}

std::vector<CellInFile> find_in_files(const lacuna_metadata& metadata, std::vector<std::unique_ptr<Source>>& sources,
                                      const Options& options, const std::vector<Dimension>& dimensions, int argument,
                                      const std::vector<std::int64_t>& elements) {
  Problems ignored;
  Pieces pieces = read_pieces(metadata, sources, options, {}, ignored);
  const auto piece = std::find_if(pieces.pieces.begin(), pieces.pieces.end(), [&](const Piece& each) { return each.argument == argument; });
  if (ignored.any_error() || piece == pieces.pieces.end() || !piece->is_read) return {};
  // The numbers of the file's cells are put in order as the values were.
  const Cells cells = piece->cells;
  Cells& numbers = piece->cells;
  numbers.as = Wanted::Real;
  numbers.labelled = false;
  numbers.present.clear();
  numbers.whole.clear();
  numbers.real.resize(std::max(cells.real.size(), cells.whole.size()));
  for (std::size_t i = 0; i < numbers.real.size(); ++i) numbers.real[i] = static_cast<double>(i);
  const Numbered plain(metadata, argument);
  const Array array = assemble(plain.metadata, *piece, pieces, dimensions, options, {}, ignored);
  if (ignored.any_error()) return {};
  std::vector<CellInFile> made;
  for (const std::int64_t element : elements) {
    const std::int64_t at = place_of(array, element);
    if (at < 0 || at >= static_cast<std::int64_t>(array.real.size()) || std::isnan(array.real[static_cast<std::size_t>(at)])) return {};
    const auto cell = static_cast<std::int64_t>(array.real[static_cast<std::size_t>(at)]);
    made.push_back({piece->source->place(cells, cell), word_of(cells, cell)});
  }
  return made;
}

}  // namespace lacuna::runtime::data
