#include "compiler/jit/import_data.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace lacuna::jit {
namespace {

using codegen::kAlignment;
using codegen::kPadding;

int fail(lacuna_error* error, lacuna_code code, std::int32_t where, std::int64_t index) {
  if (error != nullptr) *error = {code, where, index};
  return code;
}

std::int64_t padded(std::int64_t bytes) {
  return (bytes + kPadding + kAlignment - 1) / kAlignment * kAlignment;
}

template <class Stored>
double read_as(const char* at) {
  Stored value;
  std::memcpy(&value, at, sizeof value);
  return static_cast<double>(value);
}

double read_real(const char* at, std::int32_t dtype) {
  switch (dtype) {
    case LACUNA_F64:
      return read_as<double>(at);
    case LACUNA_F32:
      return read_as<float>(at);
    case LACUNA_I64:
      return read_as<std::int64_t>(at);
    case LACUNA_I32:
      return read_as<std::int32_t>(at);
    default:
      return read_as<std::uint8_t>(at);
  }
}

std::int64_t read_whole(const char* at, std::int32_t dtype) {
  if (dtype != LACUNA_I64) return static_cast<std::int64_t>(read_real(at, dtype));
  std::int64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

constexpr std::int64_t kBytes[] = {8, 4, 8, 4, 1};

// One argument on its way into the bound model.
struct Import {
  const ir::Buffer& buffer;
  const lacuna_array& array;
  std::vector<std::int64_t> sizes;
  std::int64_t count;
  std::int64_t codes;  // index elements lie in [0, codes)
  char* elements;
  std::uint8_t* presence;  // null: every element must be there
  std::int64_t bad = -1;   // the first element outside its dimension
  std::int64_t gap = -1;   // the first element that is missing and must not be

  void put(std::int64_t to, const char* from, bool here) {
    if (buffer.element.scalar == ir::Scalar::Real) {
      const double value = read_real(from, array.dtype);
      std::memcpy(elements + 8 * to, &value, 8);
      here = here && (!buffer.optional || !std::isnan(value));
    } else {
      put_whole(to, here ? read_whole(from, array.dtype) : 0);
    }
    if (presence != nullptr) presence[to] = here ? 1 : 0;
    if (presence == nullptr && !here && gap < 0) gap = to;
  }

  void put_whole(std::int64_t to, std::int64_t value) {
    switch (buffer.element.scalar) {
      case ir::Scalar::Index: {
        if ((value < 0 || value >= codes) && bad < 0) bad = to;
        const auto code = static_cast<std::int32_t>(value >= 0 && value < codes ? value : 0);
        std::memcpy(elements + 4 * to, &code, 4);
        break;
      }
      case ir::Scalar::Bool:
        elements[to] = value != 0;
        break;
      default:
        std::memcpy(elements + 8 * to, &value, 8);
    }
  }

  bool contiguous() const {
    std::int64_t stride = kBytes[array.dtype];
    for (std::size_t k = sizes.size(); k-- > 0;) {
      if (sizes[k] > 1 && array.strides[k] != stride) return false;
      stride *= sizes[k];
    }
    return true;
  }

  void sparse() {
    const auto* data = static_cast<const char*>(array.data);
    for (std::int64_t c = 0; c < array.cells; ++c) {
      std::int64_t to = 0;
      for (std::size_t k = 0; k < sizes.size(); ++k) to = to * sizes[k] + array.coordinates[k][c];
      put(to, data + c * kBytes[array.dtype], array.present == nullptr || array.present[c] != 0);
    }
  }

  void dense() {
    const auto* data = static_cast<const char*>(array.data);
    const bool plain = buffer.element.scalar == ir::Scalar::Real && array.dtype == LACUNA_F64 && contiguous();
    if (plain && presence == nullptr && array.present == nullptr) {
      std::memcpy(elements, data, static_cast<std::size_t>(count * 8));
      return;
    }
    std::vector<std::int64_t> at = sizes;
    std::fill(at.begin(), at.end(), 0);
    for (std::int64_t i = 0; i < count; ++i) {
      std::int64_t offset = 0;
      for (std::size_t k = 0; k < sizes.size(); ++k) offset += at[k] * array.strides[k];
      put(i, data + offset, array.present == nullptr || array.present[i] != 0);
      for (std::size_t k = sizes.size(); k-- > 0;) {
        if (++at[k] < sizes[k]) break;
        at[k] = 0;
      }
    }
  }
};

}  // namespace

std::int64_t most_elements(const ir::Module& module, ir::DimId id, const lacuna_metadata& metadata,
                           const lacuna_dimension* dimensions) {
  const ir::Dim& dim = module.dim(id);
  auto most = [&](ir::DimId other) { return most_elements(module, other, metadata, dimensions); };
  if (dim.kind == ir::Dim::Kind::Derived) return dim.size.evaluate(most);
  if (dim.kind == ir::Dim::Kind::Cells) {
    std::int64_t product = 1;
    for (ir::DimId each : module.space(dim.cells).parameters) product *= most(each);
    for (ir::DimId each : module.space(dim.cells).dims) product *= most(each);
    return product;
  }
  for (std::int32_t i = 0; i < metadata.dimension_count; ++i) {
    if (dim.name != metadata.dimensions[i].name) continue;
    return dimensions[i].size >= 0 ? dimensions[i].size : metadata.dimensions[i].declared_size;
  }
  return dim.preset.value_or(-1);
}

std::int64_t bound_bytes(const ir::Module& module, const codegen::Layout& layout, const lacuna_metadata& metadata,
                         const lacuna_dimension* dimensions) {
  auto product = [&](const std::vector<ir::DimId>& dims) {
    std::int64_t total = 1;
    for (ir::DimId dim : dims) total *= most_elements(module, dim, metadata, dimensions);
    return total;
  };
  for (std::uint32_t i = 0; i < module.dims.size(); ++i) {
    if (module.dims[i].kind == ir::Dim::Kind::Given && product({{i}}) < 0) return -1;
  }
  std::int64_t total = layout.header_bytes();
  for (const ir::Buffer& buffer : module.buffers) {
    if (ir::stage_of(buffer.kind) != ir::Stage::Data) continue;
    const std::int64_t elements = codegen::element_count(buffer, [&](ir::DimId dim) { return product({dim}); });
    total += padded(elements * codegen::element_bytes(buffer.element));
    if (buffer.optional) total += padded(product(buffer.axes));
  }
  for (const ir::Space& space : module.spaces) {
    total += padded((product(space.parameters) + 1) * 8);
    total += static_cast<std::int64_t>(space.dims.size()) * padded(product(space.parameters) * product(space.dims) * 4);
  }
  return total;
}

int import_data(const ir::Module& module, const codegen::Layout& layout, const lacuna_metadata& metadata,
                const lacuna_dimension* dimensions, const lacuna_array* arguments, void* bound, lacuna_error* error) {
  auto* header = static_cast<std::int64_t*>(bound);
  std::memset(bound, 0, static_cast<std::size_t>(layout.header_bytes()));
  for (std::uint32_t i = 0; i < module.dims.size(); ++i) {
    header[layout.dim({i})] = most_elements(module, {i}, metadata, dimensions);
  }
  std::int64_t used = layout.header_bytes();
  auto take = [&](std::int64_t bytes) {
    char* start = static_cast<char*>(bound) + used;
    std::memset(start + bytes, 0, static_cast<std::size_t>(padded(bytes) - bytes));
    used += padded(bytes);
    return start;
  };
  for (std::int32_t a = 0; a < metadata.argument_count; ++a) {
    const lacuna_argument_info& info = metadata.arguments[a];
    const ir::BufferId id = module.find_buffer(info.name);
    if (!id.valid()) continue;
    const ir::Buffer& buffer = module.buffer(id);
    if (arguments[a].rank != info.rank) return fail(error, LACUNA_TYPE, a, -1);
    Import import{buffer, arguments[a], {}, 1, 0, nullptr, nullptr};
    for (std::size_t k = 0; k < buffer.axes.size(); ++k) {
      import.sizes.push_back(header[layout.dim(buffer.axes[k])]);
      import.count *= import.sizes.back();
      if (arguments[a].sizes[k] != import.sizes.back())
        return fail(error, LACUNA_SIZE, a, static_cast<std::int64_t>(k));
    }
    if (buffer.element.dim.valid()) import.codes = header[layout.dim(buffer.element.dim)];
    header[layout.buffer(id)] = used;
    import.elements = take(import.count * codegen::element_bytes(buffer.element));
    if (buffer.optional) {
      header[layout.presence(id)] = used;
      import.presence = reinterpret_cast<std::uint8_t*>(take(import.count));
    }
    if (arguments[a].coordinates != nullptr) {
      std::memset(import.elements, 0, static_cast<std::size_t>(import.count * codegen::element_bytes(buffer.element)));
      if (import.presence != nullptr) std::memset(import.presence, 0, static_cast<std::size_t>(import.count));
      import.sparse();
    } else {
      import.dense();
    }
    const bool unchecked = (info.flags & LACUNA_UNCHECKED) != 0;
    if (import.bad >= 0 && !unchecked) return fail(error, LACUNA_INDEX, a, import.bad);
    if (import.gap >= 0 && !unchecked) return fail(error, LACUNA_MISSING, a, import.gap);
  }
  header[layout.used()] = used;
  return LACUNA_OK;
}

}  // namespace lacuna::jit
