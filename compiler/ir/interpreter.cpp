#include "compiler/ir/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lacuna::ir {
namespace {

constexpr long double kNan = std::numeric_limits<long double>::quiet_NaN();

// Calls `visit` with each tuple of indices below `sizes`, the last varying fastest.
template <class Visit>
void for_each_tuple(const std::vector<std::int64_t>& sizes, const Visit& visit) {
  std::vector<std::int64_t> tuple(sizes.size(), 0);
  if (std::any_of(sizes.begin(), sizes.end(), [](std::int64_t size) { return size <= 0; })) return;
  while (true) {
    visit(tuple);
    std::size_t axis = sizes.size();
    while (axis > 0 && ++tuple[axis - 1] == sizes[axis - 1]) tuple[--axis] = 0;
    if (axis == 0) return;
  }
}

}  // namespace

Interpreter::Interpreter(const Module& module, Precision precision)
    : module_(module), precision_(precision), buffers_(module.buffers.size()), spaces_(module.spaces.size()) {}

void Interpreter::fail(const std::string& what) {
  if (!failed()) outcome_.error = what;
}

std::int64_t Interpreter::size(DimId dim) const {
  const Dim& entry = module_.dim(dim);
  if (entry.kind == Dim::Kind::Cells) return spaces_[entry.cells.index].total;
  if (entry.kind == Dim::Kind::Derived) {
    return entry.follow([this](DimId other) { return size(other); });
  }
  const auto given = sizes_.find(dim);
  return given != sizes_.end() ? given->second : entry.preset.value_or(0);
}

std::int64_t Interpreter::parameter_count() const {
  return module_.parameter_count().evaluate([this](DimId dim) { return size(dim); });
}

std::int64_t Interpreter::natural_count() const {
  return module_.natural_count().evaluate([this](DimId dim) { return size(dim); });
}

void Interpreter::allocate(BufferId buffer) {
  Contents& contents = buffers_[buffer.index];
  std::size_t count = 1;
  for (DimId axis : module_.buffer(buffer).axes)
    count *= static_cast<std::size_t>(std::max<std::int64_t>(size(axis), 0));
  const bool real = module_.buffer(buffer).element.scalar == Scalar::Real;
  contents.cells.assign(count, real ? Cell::of(kNan) : Cell{});
  contents.marks.assign(count, Mark::Undefined);
  contents.present.clear();
  contents.allocated = true;
}

void Interpreter::set_input(BufferId buffer, InputArray array) {
  allocate(buffer);
  Contents& contents = buffers_[buffer.index];
  const bool real = module_.buffer(buffer).element.scalar == Scalar::Real;
  const std::size_t given = real ? array.reals.size() : array.whole.size();
  contents.present.assign(contents.cells.size(), 1);
  for (std::size_t i = 0; i < std::min(given, contents.cells.size()); ++i) {
    contents.cells[i] = real ? Cell::of(static_cast<long double>(array.reals[i])) : Cell::of(array.whole[i]);
    contents.marks[i] = Mark::Stored;
    if (i < array.present.size()) contents.present[i] = array.present[i];
    if (module_.buffer(buffer).optional && real && std::isnan(array.reals[i])) contents.present[i] = 0;
  }
}

Outcome Interpreter::bind() {
  for (std::size_t i = 0; i < spaces_.size(); ++i) spaces_[i] = {};
  for (std::uint32_t i = 0; i < buffers_.size(); ++i) {
    if (module_.buffers[i].kind != BufferKind::Input) buffers_[i] = {};
  }
  for (const Function& function : module_.functions) {
    if (function.stage != Stage::Data) continue;
    Outcome outcome = run(function, {});
    if (!outcome.ok()) return outcome;
  }
  return {};
}

namespace {

// Whether buffer number `j` is the slice of `kind` of buffer number `i`.
bool is_slice(const Module& module, std::uint32_t i, std::uint32_t j, BufferKind kind) {
  return is_point(kind) ? i == j : module.buffers[j].kind == kind && module.buffers[j].of.index == i;
}

}  // namespace

void Interpreter::set_vector(BufferKind kind, const std::vector<long double>& values, BufferKind of) {
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < buffers_.size(); ++i) {
    const Buffer& entry = module_.buffers[i];
    if (entry.kind != (is_point(kind) ? kind : of)) continue;
    for (std::uint32_t j = 0; j < buffers_.size(); ++j) {
      if (!is_slice(module_, i, j, kind)) continue;
      allocate({j});
      for (std::size_t k = 0; k < buffers_[j].cells.size(); ++k) {
        buffers_[j].cells[k] = Cell::of(at + k < values.size() ? values[at + k] : kNan);
        buffers_[j].marks[k] = Mark::Stored;
      }
    }
    std::size_t count = 1;
    for (DimId axis : entry.axes) count *= static_cast<std::size_t>(std::max<std::int64_t>(size(axis), 0));
    at += count;
  }
}

std::vector<long double> Interpreter::vector(BufferKind kind, BufferKind of) const {
  std::vector<long double> values;
  for (std::uint32_t i = 0; i < buffers_.size(); ++i) {
    if (module_.buffers[i].kind != (is_point(kind) ? kind : of)) continue;
    for (std::uint32_t j = 0; j < buffers_.size(); ++j) {
      if (!is_slice(module_, i, j, kind)) continue;
      for (const Cell& cell : buffers_[j].cells) values.push_back(cell.real);
    }
  }
  return values;
}

Outcome Interpreter::call(std::string_view function, const std::vector<Cell>& arguments) {
  const Function* found = module_.find_function(function);
  if (!found) return {.error = fmt::format("there is no function @{}", function)};
  for (std::uint32_t i = 0; i < buffers_.size(); ++i) {
    const BufferKind kind = module_.buffers[i].kind;
    const bool scratch = kind == BufferKind::Work || kind == BufferKind::Scratch || kind == BufferKind::Output || kind == BufferKind::Gradient ||
                         kind == BufferKind::Product;
    if (scratch) allocate({i});
  }
  for (const auto& [buffer, cells] : given_) {
    allocate(buffer);
    Contents& contents = buffers_[buffer.index];
    for (std::size_t i = 0; i < std::min(cells.size(), contents.cells.size()); ++i) {
      contents.cells[i] = cells[i];
      contents.marks[i] = Mark::Filled;
    }
  }
  return run(*found, arguments);
}

Outcome Interpreter::run(const Function& function, const std::vector<Cell>& arguments) {
  outcome_ = {};
  body_ = &function.body;
  Frame frame(function.body.values.size());
  const Block& top = function.body.block;
  if (arguments.size() != top.arguments.size()) return {.error = "wrong number of arguments"};
  for (std::size_t i = 0; i < arguments.size(); ++i) frame[top.arguments[i].index] = arguments[i];
  block(top, frame);
  for (ValueId id : top.yields) outcome_.results.push_back(frame[id.index]);
  return std::move(outcome_);
}

std::vector<std::vector<std::int64_t>> Interpreter::cells(SpaceId space,
                                                          const std::vector<std::int64_t>& parameters) const {
  const Space& entry = module_.space(space);
  std::int64_t list = 0;
  for (std::size_t i = 0; i < entry.parameters.size(); ++i) list = list * size(entry.parameters[i]) + parameters[i];
  const Cells& built = spaces_[space.index];
  return built.built ? built.lists[static_cast<std::size_t>(list)] : std::vector<std::vector<std::int64_t>>{};
}

void Interpreter::build(SpaceId space) {
  const Space& entry = module_.space(space);
  Cells built;
  std::vector<std::int64_t> outer;
  std::vector<std::int64_t> inner;
  for (DimId dim : entry.parameters) outer.push_back(size(dim));
  for (DimId dim : entry.dims) inner.push_back(size(dim));
  const Body* function_body = body_;
  if (entry.predicate) body_ = &*entry.predicate;
  for_each_tuple(outer, [&](const std::vector<std::int64_t>& parameters) {
    auto& list = built.lists.emplace_back();
    auto key = [&](std::size_t i, const std::vector<std::int64_t>& cell) {
      std::size_t at = 0;
      for (std::size_t axis = 0; axis < inner.size(); ++axis) {
        at = at * static_cast<std::size_t>(inner[axis]) + static_cast<std::size_t>(cell[axis]);
      }
      return buffers_[entry.by[i].index].cells[at].whole;
    };
    for_each_tuple(inner, [&](const std::vector<std::int64_t>& indices) {
      if (failed()) return;
      if (entry.predicate) {
        Frame frame(entry.predicate->values.size());
        const Block& test = entry.predicate->block;
        for (std::size_t i = 0; i < parameters.size(); ++i) frame[test.arguments[i].index] = Cell::of(parameters[i]);
        for (std::size_t i = 0; i < indices.size(); ++i) {
          frame[test.arguments[parameters.size() + i].index] = Cell::of(indices[i]);
        }
        block(test, frame);
        if (frame[test.yields[0].index].whole == 0) return;
      }
      for (std::size_t i = 0; i < parameters.size() && i < entry.by.size(); ++i) {
        if (key(i, indices) != parameters[i]) return;
      }
      list.push_back(indices);
    });
    for (std::size_t i = parameters.empty() ? entry.by.size() : 0; i-- > 0;) {
      std::stable_sort(list.begin(), list.end(), [&](const auto& a, const auto& b) { return key(i, a) < key(i, b); });
    }
    built.starts.push_back(built.total);
    built.total += static_cast<std::int64_t>(list.size());
  });
  body_ = function_body;
  built.built = true;
  spaces_[space.index] = std::move(built);
}

}  // namespace lacuna::ir
