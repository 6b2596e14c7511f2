#include "compiler/codegen/layout.h"

#include <algorithm>

namespace lacuna::codegen {

Layout::Layout(const ir::Module& module) {
  slots_ += static_cast<unsigned>(module.dims.size());
  unsigned outputs = 0;
  for (const ir::Buffer& each : module.buffers) {
    if (is_callers_array(each.kind)) {
      buffers_.push_back(outputs++);
      continue;
    }
    buffers_.push_back(slots_);
    slots_ += 2;
  }
  for (const ir::Space& each : module.spaces) {
    spaces_.push_back(slots_);
    slots_ += 2 + static_cast<unsigned>(each.dims.size());
  }
  keys_ = slots_;
  slots_ += static_cast<unsigned>(module.dims.size());
}

std::int64_t Layout::header_bytes() const {
  return (slots_ * 8 + kAlignment - 1) / kAlignment * kAlignment;
}

int fill_of(const ir::Buffer& buffer) {
  constexpr int kMostRows = 32;
  return buffer.tile == 0 ? 0 : std::max(buffer.tile, kMostRows);
}

std::int64_t element_bytes(ir::Type type) {
  switch (type.scalar) {
    case ir::Scalar::Index:
      return 4;
    case ir::Scalar::Bool:
      return 1;
    default:
      return 8;
  }
}

}  // namespace lacuna::codegen
