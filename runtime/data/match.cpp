#include "runtime/data/pieces.h"

namespace lacuna::runtime::data {

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
  if (problems.any_error()) return std::nullopt;
  made.unused = std::move(pieces.unused);
  return made;
}

}  // namespace lacuna::runtime::data
