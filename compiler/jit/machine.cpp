#include "compiler/jit/machine.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "compiler/codegen/module_code.h"
#include "compiler/ir/infer.h"

namespace lacuna::jit {

using codegen::kAlignment;
using codegen::kPadding;

namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;

}  // namespace

AlignedMemory::AlignedMemory(std::size_t bytes) : bytes_(bytes) {
  const std::size_t alignment = bytes < 2 * kLargePage ? std::size_t{kAlignment} : kLargePage;
  const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
  memory_.reset(std::aligned_alloc(alignment, whole));
  if (alignment == kLargePage) madvise(memory_.get(), whole, MADV_HUGEPAGE);
  std::memset(memory_.get(), 0, whole);
}

void AlignedMemory::Free::operator()(void* memory) const {
  std::free(memory);
}

Machine::Machine(const ir::Module& module, const codegen::Target& target, unsigned block_draws,
                 std::vector<std::string> functions)
    : module_(module), layout_(module) {
  codegen::Compiled compiled =
      codegen::compile(module, target, {.functions = std::move(functions), .block_draws = block_draws});
  error_ = compiled.error;
  if (error_.empty()) error_ = jit_.add(compiled.bytes, module.name);
}

std::int64_t Machine::most(ir::DimId id) const {
  const ir::Dim& dim = module_.dim(id);
  if (dim.kind == ir::Dim::Kind::Given) {
    auto found = sizes_.find(id);
    return found != sizes_.end() ? found->second : dim.preset.value_or(0);
  }
  if (dim.kind == ir::Dim::Kind::Derived) return dim.follow([&](ir::DimId other) { return most(other); });
  const ir::Space& space = module_.space(dim.cells);
  std::int64_t product = 1;
  for (ir::DimId each : ir::bounding_dims(space)) product *= most(each);
  return product;
}

std::int64_t Machine::upper_bound() const {
  std::int64_t total = layout_.header_bytes();
  auto add = [&](std::int64_t bytes) { total += (bytes + kPadding + kAlignment - 1) / kAlignment * kAlignment; };
  for (const ir::Buffer& buffer : module_.buffers) {
    if (buffer.kind != ir::BufferKind::Input && buffer.kind != ir::BufferKind::Data) continue;
    const std::int64_t elements = codegen::element_count(buffer, [this](ir::DimId dim) { return most(dim); });
    add(elements * codegen::element_bytes(buffer.element));
    if (buffer.kind == ir::BufferKind::Input) add(elements);
  }
  for (const ir::Space& space : module_.spaces) {
    std::int64_t lists = 1, cells = 1;
    for (ir::DimId dim : space.parameters) lists *= most(dim);
    for (ir::DimId dim : ir::bounding_dims(space)) cells *= most(dim);
    add((lists + 1) * 8);
    for (std::size_t i = 0; i < space.dims.size(); ++i) add(cells * 4);
  }
  return total;
}

namespace {

template <class Stored>
void copy_whole(void* to, const std::vector<std::int64_t>& from) {
  auto* stored = static_cast<Stored*>(to);
  for (std::size_t i = 0; i < from.size(); ++i) stored[i] = static_cast<Stored>(from[i]);
}

void copy_elements(void* to, const ir::Buffer& buffer, const Input& input) {
  switch (buffer.element.scalar) {
    case ir::Scalar::Real:
      std::copy(input.reals.begin(), input.reals.end(), static_cast<double*>(to));
      break;
    case ir::Scalar::Int:
      copy_whole<std::int64_t>(to, input.whole);
      break;
    case ir::Scalar::Index:
      copy_whole<std::int32_t>(to, input.whole);
      break;
    case ir::Scalar::Bool:
      copy_whole<std::uint8_t>(to, input.whole);
      break;
  }
}

// A cell is there unless its byte is 0; a real that is not is NaN.
void copy_presence(std::uint8_t* to, std::size_t elements, const Input& input) {
  for (std::size_t i = 0; i < elements; ++i) to[i] = input.present.empty() || input.present[i] != 0 ? 1 : 0;
}

void remove_missing(double* reals, const Input& input) {
  for (std::size_t i = 0; i < input.present.size(); ++i) {
    if (input.present[i] == 0) reals[i] = std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace

void Machine::import_inputs() {
  auto* base = static_cast<unsigned char*>(bound_.data());
  auto* header = static_cast<std::int64_t*>(bound_.data());
  auto take = [&](std::int64_t bytes) {
    const std::int64_t offset = header[layout_.used()];
    header[layout_.used()] += (bytes + kPadding + kAlignment - 1) / kAlignment * kAlignment;
    return offset;
  };
  for (std::uint32_t i = 0; i < module_.buffers.size(); ++i) {
    const ir::Buffer& buffer = module_.buffers[i];
    if (buffer.kind != ir::BufferKind::Input) continue;
    std::int64_t elements = 1;
    for (ir::DimId dim : buffer.axes) elements *= most(dim);
    const std::int64_t offset = header[layout_.buffer({i})] = take(elements * codegen::element_bytes(buffer.element));
    copy_elements(base + offset, buffer, inputs_[{i}]);
    if (!buffer.optional) continue;
    if (buffer.element == ir::Type::real()) {
      remove_missing(reinterpret_cast<double*>(base + offset), inputs_[{i}]);
      continue;
    }
    const std::int64_t presence = header[layout_.presence({i})] = take(elements);
    copy_presence(base + presence, static_cast<std::size_t>(elements), inputs_[{i}]);
  }
}

std::optional<std::int64_t> Machine::bind() {
  bound_ = AlignedMemory(static_cast<std::size_t>(upper_bound()));
  auto* header = static_cast<std::int64_t*>(bound_.data());
  header[layout_.used()] = layout_.header_bytes();
  for (std::uint32_t i = 0; i < module_.dims.size(); ++i) header[layout_.dim({i})] = most({i});
  import_inputs();
  std::int64_t failure[16] = {};
  for (const ir::Function& function : module_.functions) {
    if (function.stage != ir::Stage::Data) continue;
    codegen::Frame frame{.bound = bound_.data(), .failure = failure};
    if (entry(function.name)(&frame) != 0) return failure[0];
  }
  return std::nullopt;
}

std::int64_t Machine::size(ir::DimId dim) const {
  return static_cast<const std::int64_t*>(bound_.data())[layout_.dim(dim)];
}

std::int64_t Machine::coordinates() const {
  return module_.parameter_count().evaluate([&](ir::DimId dim) { return size(dim); });
}

std::int64_t Machine::bound_bytes() const {
  return static_cast<const std::int64_t*>(bound_.data())[layout_.used()];
}

Machine::Entry Machine::entry(const std::string& function) const {
  return reinterpret_cast<Entry>(jit_.find(function));
}

codegen::Frame Machine::frame(const std::string& function, const Call& call, void* results) {
  call_ = call;
  auto* work_size = reinterpret_cast<std::int64_t (*)(const void*)>(jit_.find(function + ".work"));
  work_ = AlignedMemory(static_cast<std::size_t>(work_size(bound_.data())) + kAlignment);
  return {.bound = bound_.data(),
          .point = call_.point,
          .gradient = call_.gradient,
          .direction = call_.direction,
          .product = call_.product,
          .work = work_.data(),
          .outputs = call_.outputs.data(),
          .results = results,
          .arguments = call_.arguments.data(),
          .without_jacobian = call_.without_jacobian};
}

std::vector<double> Machine::run(const std::string& function, const Call& call, std::size_t results) {
  std::vector<double> values(results);
  const codegen::Frame made = frame(function, call, values.data());
  entry(function)(&made);
  return values;
}

}  // namespace lacuna::jit
