// Where a bound model keeps things, and what a call gets: the agreement between the functions of one model.
//
//   needs    a module
//   leaves   positions in the header of the bound model
//   shown by test/unit/codegen/module_test.cpp
//
// A bound model begins with a header of 64-bit slots: bytes in use, sizes of dimensions, then for each buffer the
// offset of its elements (and, unless they are reals, of its presence bytes: a real that is missing is NaN), for each space the number of cells, the offsets of their
// coordinates and of the list of starts, and for each dimension the offset of its labels' keys. Offsets count from the header, so a bound model can be moved. Reals and ints
// take 8 bytes, indices 4, bools 1. Everything begins at a multiple of 64 bytes and is followed by kPadding readable
// bytes that are zero, so that whole vectors may be read at the end.
#pragma once
#include <cstdint>
#include <vector>

#include "compiler/ir/module.h"

namespace lacuna::codegen {

inline constexpr std::int64_t kAlignment = 64;
inline constexpr std::int64_t kPadding = 512;

// What every compiled function of a model gets, as one struct of pointers, and one number, in this order.
enum class FrameField : unsigned {
  Bound,
  Point,
  Gradient,
  Direction,
  Product,
  Work,
  Outputs,
  Results,
  Arguments,
  Failure,
  WithoutJacobian,
  Scales,
  Count
};

// The same for callers.
struct Frame {
  void* bound = nullptr;
  const double* point = nullptr;
  double* gradient = nullptr;
  const double* direction = nullptr;
  double* product = nullptr;
  void* work = nullptr;             // aligned
  void* const* outputs = nullptr;   // one for each output, given and shared buffer of the module, in order
  void* results = nullptr;          // 8 bytes each; a bool is 0 or 1
  const void* arguments = nullptr;  // the same
  std::int64_t* failure = nullptr;  // of a failed check: its number in the module, then its index operands
  std::int64_t without_jacobian = 0;  // 1: log-Jacobians are left out
  const double* scales = nullptr;     // by site of the module; null: 1
};

// Arrays whose addresses stand in the frame's outputs.
inline bool is_callers_array(ir::BufferKind kind) {
  return kind == ir::BufferKind::Output || kind == ir::BufferKind::Given || kind == ir::BufferKind::Shared;
}

// Workspace for `elements` of some bytes each.
struct WorkRequest {
  ir::SizeExpr elements;
  std::int64_t bytes;
};

class Layout {
 public:
  explicit Layout(const ir::Module& module);

  unsigned used() const { return 0; }
  unsigned dim(ir::DimId dim) const { return 1 + dim.index; }
  unsigned buffer(ir::BufferId buffer) const { return buffers_[buffer.index]; }
  unsigned presence(ir::BufferId buffer) const { return buffers_[buffer.index] + 1; }
  unsigned cells(ir::SpaceId space) const { return spaces_[space.index]; }
  unsigned starts(ir::SpaceId space) const { return spaces_[space.index] + 1; }
  unsigned coordinates(ir::SpaceId space, std::size_t axis) const {
    return spaces_[space.index] + 2 + static_cast<unsigned>(axis);
  }
  // The offset of the keys of a dimension's labels.
  unsigned keys(ir::DimId dim) const { return keys_ + dim.index; }
  unsigned slots() const { return slots_; }
  std::int64_t header_bytes() const;
  // The position of an output, or of an array that the caller gives, among the frame's outputs.
  unsigned output(ir::BufferId buffer) const { return buffers_[buffer.index]; }

 private:
  std::vector<unsigned> buffers_;
  std::vector<unsigned> spaces_;
  unsigned keys_ = 0;
  unsigned slots_ = 1;
};

std::int64_t element_bytes(ir::Type type);

// The first axis of a tiled buffer is filled up to a multiple of this: to the longest vector of rows, which may take several
// tiles. 0: it is not.
int fill_of(const ir::Buffer& buffer);

// The elements that a buffer takes, for given sizes of its axes.
template <class SizeOf>
std::int64_t element_count(const ir::Buffer& buffer, const SizeOf& size_of) {
  std::int64_t count = 1;
  for (std::size_t i = 0; i < buffer.axes.size(); ++i) {
    std::int64_t size = size_of(buffer.axes[i]);
    if (const int fill = fill_of(buffer); i == 0 && fill > 0) size = (size + fill - 1) / fill * fill;
    count *= size;
  }
  return count;
}

}  // namespace lacuna::codegen
