// What the checker knows of a value: element kind, support, missingness and the named dimensions it is spread over.
//
// Dimensions are entities, compared by address. Types are small values; their lists live in the arena of the check.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "compiler/support/arena.h"
#include "compiler/support/source.h"
#include "compiler/types/interval.h"

namespace lacuna::check {
struct Expr;
}

namespace lacuna::types {

template <class T>
using List = std::span<T>;

// Where a dimension's size comes from.
enum class DimensionOrigin : std::uint8_t {
  Data,     // introduced by the model's signature
  Size,     // dim K = 4
  Labels,   // dim K = ["low", "mid"]
  Given,    // dim K: a run must give it
  Derived,  // dim C = K - 1
  Literal,  // the anonymous dimension of a written vector that no place gives a name
  Generic   // of a fn or dist: stands for whatever dimension the arguments have
};

struct Dimension {
  std::string_view name;  // empty for Literal
  support::SourceRange range;  // declaration, or first use in the signature
  DimensionOrigin origin = DimensionOrigin::Data;
  std::int64_t size = -1;  // Size, Labels, Literal; -1 when only known later
  List<std::string_view> labels;
  const check::Expr* derived = nullptr;  // Derived: an int expression over sizes
  bool open = false;
  support::SourceRange open_range;
};

// The kind of one element. `Dist` is a distribution passed to a combinator; `Error` is poisoned and silences what follows.
enum class Scalar : std::uint8_t { Error, Real, Int, Bool, Index, Dist };

// What a vector's or matrix's last dimensions (the event) satisfy together.
enum class Structure : std::uint8_t {
  None, Simplex, Ordered, PositiveOrdered, UnitVector, ZeroSum, Covariance, Correlation, CholeskyCovariance, CholeskyCorrelation
};
// How many of the last dimensions belong to the event: 0, 1 or 2.
int event_rank(Structure s);
// The word for it in the language: "simplex", "cholesky_corr", ...
std::string_view structure_name(Structure s);

struct Type {
  Scalar scalar = Scalar::Error;
  Structure structure = Structure::None;
  bool optional = false;                // `T?`
  const Dimension* index_of = nullptr;  // of Index
  Interval bounds;                      // of each element, by interval arithmetic
  List<const Dimension* const> dims;    // outermost first, event dimensions last

  bool is_error() const { return scalar == Scalar::Error; }
  bool is_numeric() const { return scalar != Scalar::Error && scalar != Scalar::Dist; }
  bool is_array() const { return !dims.empty(); }
  std::size_t rank() const { return dims.size(); }
};

Type real_type(Interval bounds = {});
Type int_type(Interval bounds = {});
Type bool_type();
Type index_type(const Dimension* d);

// In the author's words: `real?[N, P]`, `positive`, `interval(0, 1)[N]`, `J[N]`.
std::string to_string(const Type& type);
// `[N, P]`, or `no dimension` for a scalar.
std::string shape_string(List<const Dimension* const> dims);
std::string dimension_string(const Dimension* d);

bool contains(List<const Dimension* const> dims, const Dimension* d);
bool same_dims(List<const Dimension* const> a, List<const Dimension* const> b);
// Whether some dimension occurs twice (`real[K, K]`): such arrays line up only with scalars and their own kind.
bool has_repeated(List<const Dimension* const> dims);

}  // namespace lacuna::types
