#include "runtime/data/refused_cells.h"

#include <algorithm>
#include <cmath>

#include "runtime/data/bind.h"

namespace lacuna::runtime::data {

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

namespace {

// A value of the type.
double harmless(const lacuna_type& type) {
  const bool low = std::isfinite(type.lower), high = std::isfinite(type.upper);
  if (low && high) return type.kind == LACUNA_REAL ? 0.5 * (type.lower + type.upper) : std::floor(0.5 * (type.lower + type.upper));
  if (low) return type.lower + 1;
  return high ? type.upper - 1 : 0;
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

}  // namespace lacuna::runtime::data
