// The interpreter, instruction by instruction.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/ir/interpreter.h"

namespace lacuna::ir {

Cell Interpreter::rounded(Cell cell, Type type) const {
  if (precision_ == Precision::Double && type.scalar == Scalar::Real) cell.real = static_cast<double>(cell.real);
  return cell;
}

void Interpreter::block(const Block& block, Frame& frame) {
  for (const Instruction& each : block.body) {
    if (failed()) return;
    instruction(each, frame);
  }
}

void Interpreter::instruction(const Instruction& each, Frame& frame) {
  switch (each.op) {
    case Op::Constant: {
      Cell& result = frame[each.result().index];
      if (const double* real = std::get_if<double>(&each.literal)) result = Cell::of(static_cast<long double>(*real));
      if (const auto* whole = std::get_if<std::int64_t>(&each.literal)) result = Cell::of(*whole);
      if (const bool* truth = std::get_if<bool>(&each.literal)) result = Cell::of(*truth);
      return;
    }
    case Op::Size:
      frame[each.result().index] = Cell::of(size(each.dim));
      return;
    case Op::WithJacobian:
      frame[each.result().index] = Cell::of(jacobian_);
      return;
    case Op::SiteScale: {
      const auto site = static_cast<std::size_t>(frame[each.operands[0].index].whole);
      frame[each.result().index] = Cell::of(static_cast<long double>(site < scales_.size() ? scales_[site] : 1.0));
      return;
    }
    case Op::Load:
    case Op::Present:
      return load(each, frame);
    case Op::Store:
    case Op::Accumulate:
      return write(each, frame);
    case Op::Fill:
      return fill(each, frame);
    case Op::For:
    case Op::Scan:
      return loop(each, frame);
    case Op::If: {
      const Block& taken = each.blocks[frame[each.operands[0].index].whole != 0 ? 0 : 1];
      block(taken, frame);
      for (std::size_t i = 0; i < each.results.size(); ++i) {
        frame[each.results[i].index] = frame[taken.yields[i].index];
      }
      return;
    }
    case Op::BuildSpace:
      return build(each.space);
    case Op::Check:
      return check(each, frame);
    case Op::Kernel:
      return kernel(each);
    case Op::External:
      return external(each, frame);
    default:
      break;
  }
  std::vector<Cell> operands;
  for (ValueId id : each.operands) operands.push_back(frame[id.index]);
  frame[each.result().index] = rounded(evaluate(each.op, operands), body_->type(each.result()));
  if (each.op == Op::ToIndex) {
    const std::int64_t position = operands[0].whole;
    if (position < 0 || position >= size(each.dim)) {
      fail(fmt::format("index {} of {} is out of range", position, module_.dim(each.dim).name));
    }
  }
}

std::size_t Interpreter::element(const Instruction& each, const Frame& frame, std::size_t count) {
  const Buffer& buffer = module_.buffer(each.buffer);
  Contents& contents = buffers_[each.buffer.index];
  if (!contents.allocated) {
    if (buffer.kind == BufferKind::Data) {
      allocate(each.buffer);
    } else {
      fail(fmt::format("@{} is not given", buffer.name));
      return 0;
    }
  }
  std::size_t at = 0;
  for (std::size_t axis = 0; axis < count; ++axis) {
    const std::int64_t index = frame[each.operands[axis].index].whole;
    const std::int64_t extent = size(buffer.axes[axis]);
    if (index < 0 || index >= extent) {
      fail(fmt::format("@{}: index {} of axis {} is out of range", buffer.name, index, axis + 1));
      return 0;
    }
    at = at * static_cast<std::size_t>(extent) + static_cast<std::size_t>(index);
  }
  if (at >= contents.cells.size()) fail(fmt::format("@{} was given with another size", buffer.name));
  return at;
}

void Interpreter::load(const Instruction& each, Frame& frame) {
  const std::size_t at = element(each, frame, each.operands.size());
  if (failed()) return;
  const Contents& contents = buffers_[each.buffer.index];
  const bool here = contents.present.empty() || contents.present[at] != 0;
  Cell& result = frame[each.result().index];
  if (each.op == Op::Present) {
    result = Cell::of(here);
    return;
  }
  if (!here && gaps_) {
    const bool real = body_->type(each.result()).scalar == Scalar::Real;
    result = real ? Cell::of(std::numeric_limits<long double>::quiet_NaN()) : Cell{};
    return;
  }
  if (contents.marks[at] == Mark::Undefined) {
    return fail(fmt::format("@{}: element {} is read before it is written", module_.buffer(each.buffer).name, at));
  }
  if (!here) return fail(fmt::format("@{}: missing cell {} is read", module_.buffer(each.buffer).name, at));
  result = rounded(contents.cells[at], body_->type(each.result()));
}

void Interpreter::write(const Instruction& each, Frame& frame) {
  const std::size_t at = element(each, frame, each.operands.size() - 1);
  if (failed()) return;
  Contents& contents = buffers_[each.buffer.index];
  const Type type = module_.buffer(each.buffer).element;
  const Cell value = frame[each.operands.back().index];
  if (each.op == Op::Store) {
    const bool own = module_.buffer(each.buffer).kind == BufferKind::Scratch;
    if (contents.marks[at] == Mark::Stored && !own) {
      return fail(fmt::format("@{}: element {} is stored twice", module_.buffer(each.buffer).name, at));
    }
    contents.cells[at] = rounded(value, type);
    contents.marks[at] = Mark::Stored;
    return;
  }
  if (contents.marks[at] == Mark::Undefined) {
    return fail(fmt::format("@{}: element {} is added to before it is set", module_.buffer(each.buffer).name, at));
  }
  contents.cells[at].real += value.real;
  contents.cells[at].whole += value.whole;
  contents.cells[at] = rounded(contents.cells[at], type);
}

void Interpreter::fill(const Instruction& each, Frame& frame) {
  allocate(each.buffer);
  Contents& contents = buffers_[each.buffer.index];
  std::fill(contents.cells.begin(), contents.cells.end(), frame[each.operands[0].index]);
  std::fill(contents.marks.begin(), contents.marks.end(), Mark::Filled);
}

void Interpreter::check(const Instruction& each, const Frame& frame) {
  if (gaps_ || frame[each.operands[0].index].whole != 0) return;
  outcome_.failed_check = each.name;
  outcome_.site = each.site;
  for (std::size_t i = 1; i < each.operands.size(); ++i) outcome_.index.push_back(frame[each.operands[i].index].whole);
}

void Interpreter::external(const Instruction& each, Frame& frame) {
  const auto found = externals_.find(each.name);
  if (found == externals_.end()) return fail(fmt::format("there is no external function \"{}\"", each.name));
  std::vector<long double> operands;
  for (ValueId id : each.operands) operands.push_back(frame[id.index].real);
  frame[each.result().index] = rounded(Cell::of(found->second(operands)), Type::real());
}

void Interpreter::loop(const Instruction& each, Frame& frame) {
  const Domain& domain = each.domain;
  const Block& body = each.blocks.front();
  const std::size_t parameters = domain.space.valid() ? module_.space(domain.space).parameters.size() : 0;
  const std::size_t indices = domain.dims.size() + (domain.position ? 1 : 0);
  const std::size_t carried = each.results.size() - each.reducers.size();

  std::vector<std::vector<std::int64_t>> tuples;
  std::int64_t first = 0;
  if (domain.space.valid()) {
    const Cells& built = spaces_[domain.space.index];
    if (!built.built) return fail(fmt::format("@{} is not built", module_.space(domain.space).name));
    std::vector<std::int64_t> at;
    std::int64_t list = 0;
    for (std::size_t i = 0; i < parameters; ++i) {
      at.push_back(frame[each.operands[i].index].whole);
      list = list * size(module_.space(domain.space).parameters[i]) + at.back();
    }
    tuples = cells(domain.space, at);
    first = built.starts[static_cast<std::size_t>(list)];
  } else {
    std::int64_t total = 1;
    for (DimId dim : domain.dims) total *= std::max<std::int64_t>(size(dim), 0);
    for (std::int64_t flat = 0; flat < total; ++flat) {
      std::vector<std::int64_t> tuple(domain.dims.size());
      std::int64_t rest = flat;
      for (std::size_t axis = tuple.size(); axis-- > 0; rest /= size(domain.dims[axis])) {
        tuple[axis] = rest % size(domain.dims[axis]);
      }
      tuples.push_back(std::move(tuple));
    }
  }

  std::vector<Cell> carry;
  for (std::size_t i = 0; i < carried; ++i) carry.push_back(frame[each.operands[parameters + i].index]);
  std::vector<std::vector<Cell>> reduced(each.reducers.size());
  for (std::size_t i = 0; i < tuples.size() && !failed(); ++i) {
    const std::size_t at = domain.descending ? tuples.size() - 1 - i : i;
    for (std::size_t axis = 0; axis < domain.dims.size(); ++axis) {
      frame[body.arguments[axis].index] = Cell::of(tuples[at][axis]);
    }
    if (domain.position) frame[body.arguments[indices - 1].index] = Cell::of(first + static_cast<std::int64_t>(at));
    for (std::size_t k = 0; k < carried; ++k) frame[body.arguments[indices + k].index] = carry[k];
    block(body, frame);
    for (std::size_t k = 0; k < carried; ++k) carry[k] = frame[body.yields[k].index];
    for (std::size_t k = 0; k < reduced.size(); ++k) reduced[k].push_back(frame[body.yields[carried + k].index]);
  }
  for (std::size_t k = 0; k < carried; ++k) frame[each.results[k].index] = carry[k];
  for (std::size_t k = 0; k < reduced.size(); ++k) {
    const ValueId result = each.results[carried + k];
    frame[result.index] = rounded(reduce(each.reducers[k], reduced[k]), body_->type(result));
  }
}

}  // namespace lacuna::ir
