#include <algorithm>
#include <cmath>

#include "runtime/data/pieces.h"

namespace lacuna::runtime::data {
namespace {

constexpr double kTolerance = 1e-8;  // of sums that must be 1 or 0, as Stan's

std::string type_words(const lacuna_type& type) {
  if (type.kind == LACUNA_BOOL) return "a truth value, 0 or 1";
  const bool low = std::isfinite(type.lower), high = std::isfinite(type.upper);
  const char* const number = type.kind == LACUNA_INT ? "a whole number" : "a number";
  const char* const less = type.open & 1 ? "greater than" : "at least";
  const char* const more = type.open & 2 ? "less than" : "at most";
  if (low && high) return fmt::format("{} {} {} and {} {}", number, less, type.lower, more, type.upper);
  if (low) return fmt::format("{} {} {}", number, less, type.lower);
  return fmt::format("{} {} {}", number, more, type.upper);
}

bool inside(const lacuna_type& type, double value) {
  if (std::isfinite(type.lower) && (type.open & 1 ? !(value > type.lower) : !(value >= type.lower))) return false;
  if (std::isfinite(type.upper) && (type.open & 2 ? !(value < type.upper) : !(value <= type.upper))) return false;
  return true;
}

const char* structure_words(int structure) {
  switch (structure) {
    case LACUNA_SIMPLEX:
      return "a simplex";
    case LACUNA_ORDERED:
      return "ordered";
    case LACUNA_POSITIVE_ORDERED:
      return "positive and ordered";
    case LACUNA_UNIT_VECTOR:
      return "a unit vector";
    case LACUNA_ZERO_SUM:
      return "of zero sum";
    case LACUNA_COV:
      return "a symmetric matrix with a positive diagonal";
    case LACUNA_CORR:
      return "a symmetric matrix with ones on the diagonal";
    case LACUNA_CHOLESKY_COV:
      return "a lower triangle with a positive diagonal";
    case LACUNA_CHOLESKY_CORR:
      return "a lower triangle with rows of length 1";
    default:
      return "";
  }
}

bool is_vector(int structure, const double* v, std::int64_t n) {
  double sum = 0, squares = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    sum += v[i];
    squares += v[i] * v[i];
    if (structure == LACUNA_SIMPLEX && !(v[i] >= 0)) return false;
    if (structure == LACUNA_POSITIVE_ORDERED && !(v[i] > 0)) return false;
    if ((structure == LACUNA_ORDERED || structure == LACUNA_POSITIVE_ORDERED) && i > 0 && !(v[i] > v[i - 1]))
      return false;
  }
  if (structure == LACUNA_SIMPLEX) return std::abs(sum - 1) <= kTolerance;
  if (structure == LACUNA_UNIT_VECTOR) return std::abs(squares - 1) <= kTolerance;
  if (structure == LACUNA_ZERO_SUM) return std::abs(sum) <= kTolerance;
  return true;
}

bool is_matrix(int structure, const double* m, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    double squares = 0;
    for (std::int64_t j = 0; j < n; ++j) {
      const double here = m[i * n + j], there = m[j * n + i];
      squares += here * here;
      if (structure == LACUNA_COV || structure == LACUNA_CORR) {
        if (!(std::abs(here - there) <= kTolerance * std::max(1.0, std::abs(here)))) return false;
      } else if (j > i && here != 0) {
        return false;
      }
    }
    const double diagonal = m[i * n + i];
    if (!(diagonal > 0)) return false;
    if (structure == LACUNA_CORR && std::abs(diagonal - 1) > kTolerance) return false;
    if (structure == LACUNA_CHOLESKY_CORR && std::abs(squares - 1) > kTolerance) return false;
  }
  return true;
}

}  // namespace

void check_values(const lacuna_argument_info& about, Source& source, const Cells& cells, Problems& problems) {
  if (about.flags & LACUNA_UNCHECKED) return;
  const std::int64_t count =
      static_cast<std::int64_t>(cells.as == Wanted::Real ? cells.real.size() : cells.whole.size());
  std::int64_t gaps = 0, outside = 0;
  std::vector<std::int64_t> gap_at, outside_at;
  const bool bounded = about.type.kind != LACUNA_INDEX_OF;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::size_t at = static_cast<std::size_t>(i);
    if (!cells.is_present(i)) {
      if (!(about.flags & LACUNA_OPTIONAL) && ++gaps <= static_cast<std::int64_t>(Diagnostic::kShownRows))
        gap_at.push_back(i);
    } else if (bounded &&
               !inside(about.type, cells.as == Wanted::Real ? cells.real[at] : static_cast<double>(cells.whole[at]))) {
      if (++outside <= static_cast<std::int64_t>(Diagnostic::kShownRows)) outside_at.push_back(i);
    }
  }
  if (gaps > 0) {
    Diagnostic& made =
        problems.report(Id::GapNotAllowed, cells.name, counted(gaps, "gap")).in(source.path()).program(about.range, "");
    for (const std::int64_t i : gap_at) made.row(source.place(cells, i));
    made.row_count = gaps;
    made.help("if gaps are meant, write its type with a `?` and say in the program what becomes of them");
  }
  if (outside > 0) {
    Diagnostic& made = problems.report(Id::OutsideType, cells.name, counted(outside, "value"))
                           .in(source.path())
                           .program(about.range, "");
    for (const std::int64_t i : outside_at) {
      const std::size_t at = static_cast<std::size_t>(i);
      made.row(cells.as == Wanted::Real ? fmt::format("{}: {}", source.place(cells, i), cells.real[at])
                                        : fmt::format("{}: {}", source.place(cells, i), cells.whole[at]));
    }
    made.row_count = outside;
    made.note(fmt::format("`{}` is {}", about.name, type_words(about.type)));
  }
}

void check_structure(const lacuna_argument_info& about, const Array& array, Problems& problems) {
  const int structure = about.type.structure;
  if (structure == LACUNA_SCALAR || structure == LACUNA_VECTOR || array.sparse || (about.flags & LACUNA_UNCHECKED))
    return;
  const bool matrix = structure >= LACUNA_COV && structure <= LACUNA_CHOLESKY_CORR;
  const std::int64_t n = array.sizes.back(), event = matrix ? n * n : n;
  if (event == 0) return;
  Diagnostic* made = nullptr;
  for (std::size_t at = 0; at + static_cast<std::size_t>(event) <= array.real.size();
       at += static_cast<std::size_t>(event)) {
    const double* const values = array.real.data() + at;
    if (matrix ? is_matrix(structure, values, n) : is_vector(structure, values, n)) continue;
    if (!made)
      made = &problems.report(Id::StructureBroken, about.name, structure_words(structure))
                  .in(array.origin)
                  .program(about.range, "");
    made->row(fmt::format("element {}", at / static_cast<std::size_t>(event)));
  }
}

}  // namespace lacuna::runtime::data
