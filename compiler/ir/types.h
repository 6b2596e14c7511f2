// Names, types and sizes that everything in the IR is written with.
//
// Identifiers are positions in the tables of a `Module` (dimensions, buffers, spaces) or of a `Body` (values); they are
// values, so that modules can be copied and compared. A scalar is a real, an int, a bool, or an index of one dimension.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace lacuna::ir {

// A position in one table; the tag keeps the tables apart.
template <class Tag>
struct Id {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::uint32_t index = kNone;

  constexpr bool valid() const { return index != kNone; }
  constexpr auto operator<=>(const Id&) const = default;
};
using DimId = Id<struct DimTag>;
using BufferId = Id<struct BufferTag>;
using SpaceId = Id<struct SpaceTag>;
using ValueId = Id<struct ValueTag>;

enum class Scalar : std::uint8_t { Real, Int, Bool, Index };

// The type of a scalar value or of a buffer's elements; `dim` is valid exactly for an index.
struct Type {
  Scalar scalar = Scalar::Real;
  DimId dim;

  static constexpr Type real() { return {Scalar::Real, {}}; }
  static constexpr Type integer() { return {Scalar::Int, {}}; }
  static constexpr Type boolean() { return {Scalar::Bool, {}}; }
  static constexpr Type index_of(DimId dim) { return {Scalar::Index, dim}; }
  constexpr auto operator<=>(const Type&) const = default;
};

// What a value depends on. A value that depends on nothing but sizes is of stage data: sizes are known when data are
// bound.
enum class Stage : std::uint8_t { Constant, Data, Draw };

// coefficient * (product of the sizes of `dims`); `dims` are sorted.
struct SizeTerm {
  std::int64_t coefficient = 0;
  std::vector<DimId> dims;
  bool operator==(const SizeTerm&) const = default;
};

// A polynomial in the sizes of dimensions: what `K - 1` and the offset of a latent in the parameter vector are.
struct SizeExpr {
  std::vector<SizeTerm> terms;

  static SizeExpr constant(std::int64_t value) { return value == 0 ? SizeExpr{} : SizeExpr{{{value, {}}}}; }
  static SizeExpr of(DimId dim) { return SizeExpr{{{1, {dim}}}}; }
  static SizeExpr product(std::vector<DimId> dims);
  SizeExpr operator+(const SizeExpr& other) const;
  // The value for given sizes.
  std::int64_t evaluate(const std::function<std::int64_t(DimId)>& size_of) const;
  bool operator==(const SizeExpr&) const = default;
};

}  // namespace lacuna::ir

template <class Tag>
struct std::hash<lacuna::ir::Id<Tag>> {
  std::size_t operator()(lacuna::ir::Id<Tag> id) const noexcept { return std::hash<std::uint32_t>{}(id.index); }
};
