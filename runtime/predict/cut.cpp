#include "runtime/predict/cut.h"

#include <numeric>

namespace lacuna::runtime::predict {
namespace {

using data::Array;

template <class T>
std::vector<T> stretch(const std::vector<T>& all, std::int64_t begin, std::int64_t end) {
  if (all.empty()) return {};
  return {all.begin() + begin, all.begin() + end};
}

// Row-major cells with `size` elements along the cut axis, and `below` cells under each.
template <class T>
std::vector<T> cut_cells(const std::vector<T>& all, std::int64_t size, std::int64_t below, std::int64_t begin,
                         std::int64_t end) {
  if (all.empty()) return {};
  std::vector<T> made;
  const std::int64_t above = static_cast<std::int64_t>(all.size()) / (size * below);
  made.reserve(static_cast<std::size_t>(above * (end - begin) * below));
  for (std::int64_t i = 0; i < above; ++i) {
    const auto row = all.begin() + i * size * below;
    made.insert(made.end(), row + begin * below, row + end * below);
  }
  return made;
}

Array cut_listed(const Array& whole, std::size_t axis, std::int64_t begin, std::int64_t end) {
  Array made;
  made.given = made.sparse = true;
  made.coordinates.resize(whole.coordinates.size());
  const std::vector<std::int64_t>& along = whole.coordinates[axis];
  for (std::size_t c = 0; c < along.size(); ++c) {
    if (along[c] < begin || along[c] >= end) continue;
    for (std::size_t k = 0; k < made.coordinates.size(); ++k)
      made.coordinates[k].push_back(whole.coordinates[k][c] - (k == axis ? begin : 0));
    if (!whole.real.empty()) made.real.push_back(whole.real[c]);
    if (!whole.whole.empty()) made.whole.push_back(whole.whole[c]);
    if (!whole.present.empty()) made.present.push_back(whole.present[c]);
  }
  return made;
}

Array cut_array(const lacuna_argument_info& about, const Array& whole, int dimension, std::int64_t begin,
                std::int64_t end) {
  Array made = {};
  std::size_t axis = 0;
  while (axis < whole.sizes.size() && about.axes[axis] != dimension) ++axis;
  if (!whole.given || axis == whole.sizes.size()) return whole;
  if (whole.sparse) {
    made = cut_listed(whole, axis, begin, end);
  } else {
    std::int64_t below = 1;
    for (std::size_t k = axis + 1; k < whole.sizes.size(); ++k) below *= whole.sizes[k];
    made.given = true;
    made.real = cut_cells(whole.real, whole.sizes[axis], below, begin, end);
    made.whole = cut_cells(whole.whole, whole.sizes[axis], below, begin, end);
    made.present = cut_cells(whole.present, whole.sizes[axis], below, begin, end);
  }
  made.sizes = whole.sizes;
  made.sizes[axis] = end - begin;
  made.origin = whole.origin;
  return made;
}

}  // namespace

Target cut(const lacuna_metadata& metadata, const Target& whole, int dimension, std::int64_t begin,
           std::int64_t end) {
  const std::size_t d = static_cast<std::size_t>(dimension);
  Target made;
  for (std::size_t other = 0; other < whole.units.size(); ++other) made.units.push_back(other == d ? Units{} : whole.units[other]);
  made.units[d].like_given = whole.units[d].like_given;
  made.units[d].known = stretch(whole.units[d].known, begin, end);
  made.units[d].given = stretch(whole.units[d].given, begin, end);
  const data::Dimension& all = whole.dataset.dimensions[d];
  for (std::size_t other = 0; other < whole.dataset.dimensions.size(); ++other)
    made.dataset.dimensions.push_back(other == d ? data::Dimension{} : whole.dataset.dimensions[other]);
  data::Dimension& some = made.dataset.dimensions[d];
  some.name = all.name;
  some.size = end - begin;
  some.labels = stretch(all.labels, begin, end);
  some.keys = stretch(all.keys, begin, end);
  if (some.keys.empty()) {
    // Without labels an element is known by its position in the whole.
    some.keys.resize(static_cast<std::size_t>(some.size));
    std::iota(some.keys.begin(), some.keys.end(), static_cast<std::uint64_t>(begin));
  }
  for (std::size_t a = 0; a < whole.dataset.arguments.size(); ++a)
    made.dataset.arguments.push_back(
        cut_array(metadata.arguments[a], whole.dataset.arguments[a], dimension, begin, end));
  return made;
}

Target check_of(const data::Dataset& fitted) {
  Target made;
  made.dataset = fitted;
  for (const data::Dimension& dimension : fitted.dimensions) {
    Units& units = made.units.emplace_back();
    if (dimension.size < 0) continue;
    units.known.resize(static_cast<std::size_t>(dimension.size));
    std::iota(units.known.begin(), units.known.end(), std::int64_t{0});
    units.given = units.known;
  }
  return made;
}

}  // namespace lacuna::runtime::predict
