#include <algorithm>

#include "runtime/data/labels.h"
#include "runtime/data/pieces.h"

namespace lacuna::runtime::data {

namespace {

// Where labels are that the program names. A prediction takes the fit's.
void find_labels(const lacuna_metadata& metadata, Dataset& made, Problems& problems) {
  for (int a = 0; a < metadata.argument_count; ++a) {
    const lacuna_argument_info& about = metadata.arguments[a];
    if (!(about.flags & LACUNA_LABEL)) continue;
    const Dimension& of = made.dimensions[static_cast<std::size_t>(about.type.index_of)];
    const auto found = std::find(of.labels.begin(), of.labels.end(), canonical_label(about.doc));
    if (found == of.labels.end()) {
      problems.report(Id::LabelNotThere, of.name, about.doc)
          .program(about.range, of.labels.empty() ? "its elements have no labels here" : "");
      continue;
    }
    Array& position = made.arguments[static_cast<std::size_t>(a)];
    position.given = true;
    position.whole = {found - of.labels.begin()};
  }
}

}  // namespace

std::optional<Dataset> match(const lacuna_metadata& metadata, std::vector<std::unique_ptr<Source>>& sources,
                             const Options& options, const Needs& needs, Problems& problems) {
  Pieces pieces = read_pieces(metadata, sources, options, needs, problems);
  if (problems.any_error()) return std::nullopt;
  Dataset made;
  made.dimensions = find_dimensions(metadata, pieces, options, needs, problems);
  if (problems.any_error()) return std::nullopt;
  made.arguments.resize(static_cast<std::size_t>(metadata.argument_count));
  for (Piece& piece : pieces.pieces) {
    // Each argument's mistakes are found whatever those of the others.
    Problems own;
    made.arguments[static_cast<std::size_t>(piece.argument)] =
        assemble(metadata, piece, pieces, made.dimensions, options, needs, own);
    problems.append(own);
  }
  if (!needs.fitted) find_labels(metadata, made, problems);
  if (problems.any_error()) return std::nullopt;
  made.unused = std::move(pieces.unused);
  return made;
}

}  // namespace lacuna::runtime::data
