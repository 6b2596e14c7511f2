#include <algorithm>
#include <cmath>

#include "runtime/data/pieces.h"
#include "runtime/data/refused_cells.h"

namespace lacuna::runtime::data {
namespace {

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
