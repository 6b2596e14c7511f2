#include "compiler/ir/body_verifier.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/infer.h"
#include "compiler/ir/stages.h"
#include "compiler/ir/walk.h"

namespace lacuna::ir {
namespace {

std::string_view name_of(Scalar scalar) {
  constexpr std::string_view names[] = {"real", "int", "bool", "index"};
  return names[static_cast<std::size_t>(scalar)];
}

bool fits(char letter, Type type) {
  switch (letter) {
    case 'r':
      return type.scalar == Scalar::Real;
    case 'i':
      return type.scalar == Scalar::Int;
    case 'b':
      return type.scalar == Scalar::Bool;
    case 'x':
      return type.scalar == Scalar::Index;
    case 'n':
      return type.scalar != Scalar::Real;
    default:
      return true;
  }
}

}  // namespace

BodyVerifier::BodyVerifier(Subject subject, std::vector<std::string>& mistakes)
    : subject_(std::move(subject)),
      mistakes_(mistakes),
      visible_(subject_.body.values.size()),
      defined_(subject_.body.values.size()) {}

void BodyVerifier::wrong(const Instruction& each, std::string_view what) {
  mistakes_.push_back(fmt::format("{}: `{}`: {}", subject_.where, info(each.op).mnemonic, what));
  sound_ = false;
}

void BodyVerifier::run() {
  // First what may be read at all, then, on a sound body, what depends on stages.
  block(subject_.body.block);
  if (!sound_) return;
  stages_ = stages_of(subject_.module, subject_.body, subject_.stage);
  for_each_instruction(subject_.body.block, [&](const Instruction& each) {
    if (each.op != Op::If || stages_[each.operands[0].index] != Stage::Draw) return;
    for (const Block& inner : each.blocks) {
      for_each_instruction(inner, [&](const Instruction& nested) {
        const bool effect = has(nested.op, Effect) && nested.op != Op::Accumulate;
        if (effect) wrong(nested, "stands under a condition of stage draw");
      });
    }
  });
}

void BodyVerifier::define(ValueId id, std::vector<ValueId>& scope, const Instruction* by) {
  if (id.index >= defined_.size() || defined_[id.index]) {
    mistakes_.push_back(fmt::format("{}: {}a value is defined twice, or not in the table", subject_.where,
                                    by ? fmt::format("`{}`: ", info(by->op).mnemonic) : ""));
    sound_ = false;
    return;
  }
  defined_[id.index] = visible_[id.index] = true;
  scope.push_back(id);
}

void BodyVerifier::block(const Block& block) {
  std::vector<ValueId> scope;
  for (ValueId id : block.arguments) define(id, scope, nullptr);
  for (const Instruction& each : block.body) {
    instruction(each);
    for (ValueId id : each.results) define(id, scope, &each);
  }
  for (ValueId id : block.yields) {
    if (visible(id)) continue;
    mistakes_.push_back(fmt::format("{}: a block yields a value that is not visible there", subject_.where));
    sound_ = false;
  }
  for (ValueId id : scope) visible_[id.index] = false;
}

bool BodyVerifier::operands_hold(const Instruction& each) {
  const bool hold = std::all_of(each.operands.begin(), each.operands.end(), [&](ValueId id) { return visible(id); });
  if (!hold) wrong(each, "uses a value that is not visible here");
  return hold;
}

void BodyVerifier::instruction(const Instruction& each) {
  if (!operands_hold(each)) return;
  const std::size_t blocks = each.op == Op::If ? 2 : has(each.op, Structured) ? 1 : 0;
  if (each.blocks.size() != blocks) return wrong(each, "has the wrong number of blocks");
  if (subject_.predicate && has(each.op, Effect)) wrong(each, "has an effect, in a predicate");
  switch (each.op) {
    case Op::Size:
    case Op::ToIndex:
      if (each.dim.index >= subject_.module.dims.size()) return wrong(each, "of no dimension");
      break;
    case Op::WithJacobian:
    case Op::SiteScale:
      if (subject_.stage == Stage::Data) wrong(each, "at the stage of data");
      break;
    case Op::Load:
    case Op::Present:
    case Op::Store:
    case Op::Accumulate:
    case Op::Fill:
      memory(each);
      break;
    case Op::BuildSpace:
    case Op::Check:
      binding(each);
      break;
    case Op::Kernel:
      kernel(each);
      break;
    case Op::For:
    case Op::Scan:
      return loop(each);
    case Op::If:
      branch(each);
      break;
    default:
      break;
  }
  signature(each);
}

void BodyVerifier::signature(const Instruction& each) {
  const std::string_view letters = info(each.op).operands;
  if (letters.find('*') == std::string_view::npos && each.op != Op::Fill) {
    if (letters.size() != each.operands.size()) {
      return wrong(each, fmt::format("takes {} operands, has {}", letters.size(), each.operands.size()));
    }
    for (std::size_t i = 0; i < letters.size(); ++i) {
      if (fits(letters[i], type(each.operands[i]))) continue;
      wrong(each, fmt::format("operand {} is {}", i + 1, name_of(type(each.operands[i]).scalar)));
    }
  }
  if (each.op == Op::Select && type(each.operands[1]) != type(each.operands[2]))
    wrong(each, "two types to select from");
  results(each);
}

void BodyVerifier::results(const Instruction& each) {
  if (!sound_) return;
  const std::vector<Type> types = result_types(subject_.module, subject_.body, each);
  bool same = types.size() == each.results.size();
  for (std::size_t i = 0; same && i < types.size(); ++i) {
    same = each.results[i].index < subject_.body.values.size() && type(each.results[i]) == types[i];
  }
  if (!same) wrong(each, "its results have other types than the operation gives");
}

void BodyVerifier::subscripts(const Instruction& each, std::size_t count) {
  const Buffer& buffer = subject_.module.buffer(each.buffer);
  if (count != buffer.axes.size()) {
    return wrong(each, fmt::format("@{} has {} axes, not {}", buffer.name, buffer.axes.size(), count));
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (type(each.operands[i]) == Type::index_of(buffer.axes[i])) continue;
    wrong(each, fmt::format("axis {} of @{} is {}, its subscript is not", i + 1, buffer.name,
                            subject_.module.dim(buffer.axes[i]).name));
  }
}

void BodyVerifier::memory(const Instruction& each) {
  if (each.buffer.index >= subject_.module.buffers.size()) return wrong(each, "of no buffer");
  const Buffer& buffer = subject_.module.buffer(each.buffer);
  if (each.op == Op::Load || each.op == Op::Present) {
    subscripts(each, each.operands.size());
    if (each.op == Op::Present && !buffer.optional) wrong(each, fmt::format("@{} is not optional", buffer.name));
    if (subject_.stage == Stage::Data && stage_of(buffer.kind) == Stage::Draw) {
      wrong(each, fmt::format("@{} is not known when data are bound", buffer.name));
    }
    return;
  }
  if (each.operands.empty()) return wrong(each, "has nothing to write");
  const std::size_t count = each.operands.size() - 1;
  if (each.op == Op::Fill ? count != 0 : false) return wrong(each, "takes one operand");
  if (each.op != Op::Fill) subscripts(each, count);
  if (type(each.operands.back()) != buffer.element) wrong(each, fmt::format("@{} has another type", buffer.name));
  if (each.op == Op::Accumulate && buffer.element.scalar != Scalar::Real && buffer.element.scalar != Scalar::Int) {
    wrong(each, fmt::format("@{} cannot be added to", buffer.name));
  }
  written(each);
  if (each.op == Op::Store && buffer.kind != BufferKind::Scratch) own_element(each);
  if (each.op == Op::Fill && !loops_.empty()) wrong(each, "stands in a loop");
}

void BodyVerifier::written(const Instruction& each) {
  const Buffer& buffer = subject_.module.buffer(each.buffer);
  const bool in_data = buffer.kind == BufferKind::Data;
  const bool in_draw = buffer.kind == BufferKind::Work || buffer.kind == BufferKind::Scratch ||
                       buffer.kind == BufferKind::Output || buffer.kind == BufferKind::Gradient ||
                       buffer.kind == BufferKind::Product || buffer.kind == BufferKind::Given;
  if (subject_.stage == Stage::Data ? !in_data : !in_draw) {
    wrong(each, fmt::format("@{} is not written at this stage", buffer.name));
  }
}

// Iterations of the enclosing loops write different elements: every index of every loop (or its position) is a
// subscript. Computed subscripts are taken on trust here; the interpreter checks that no element is stored twice.
void BodyVerifier::own_element(const Instruction& each) {
  auto is_subscript = [&](ValueId id) {
    return std::find(each.operands.begin(), each.operands.end() - 1, id) != each.operands.end() - 1;
  };
  for (std::size_t i = 0; i + 1 < each.operands.size(); ++i) {
    const bool argument = std::any_of(loops_.begin(), loops_.end(), [&](const Loop& loop) {
      return std::find(loop.indices.begin(), loop.indices.end(), each.operands[i]) != loop.indices.end();
    });
    if (!argument) return;
  }
  for (const Loop& loop : loops_) {
    const std::size_t dims = loop.instruction->domain.dims.size();
    const bool position = loop.instruction->domain.position && is_subscript(loop.indices.back());
    auto within_position = [&](ValueId id) {  // of a list that belongs to this index
      return std::any_of(loops_.begin(), loops_.end(), [&](const Loop& inner) {
        const auto& lists = inner.instruction->operands;
        return inner.instruction->domain.position && is_subscript(inner.indices.back()) &&
               std::find(lists.begin(), lists.end(), id) != lists.end();
      });
    };
    const bool all = std::all_of(loop.indices.begin(), loop.indices.begin() + static_cast<std::ptrdiff_t>(dims),
                                 [&](ValueId id) { return is_subscript(id) || within_position(id); });
    if (!position && !all) wrong(each, "iterations would store to the same element");
  }
}

void BodyVerifier::binding(const Instruction& each) {
  if (subject_.stage != Stage::Data) wrong(each, "stands in a function of stage draw");
  if (each.op == Op::BuildSpace) {
    if (each.space.index >= subject_.module.spaces.size()) wrong(each, "of no space");
    return;
  }
  if (each.operands.empty() || type(each.operands[0]) != Type::boolean()) wrong(each, "operand 1 should be bool");
  if (each.site >= static_cast<int>(subject_.module.sites.size())) wrong(each, "of no site");
}

void BodyVerifier::kernel(const Instruction& each) {
  const std::string ranks = std::string(info(each.kernel).results) + std::string(info(each.kernel).operands);
  bool holds = ranks.size() == each.buffers.size() && loops_.empty();
  for (std::size_t i = 0; holds && i < ranks.size(); ++i) {
    holds = each.buffers[i].index < subject_.module.buffers.size();
    if (!holds) break;
    const Buffer& buffer = subject_.module.buffer(each.buffers[i]);
    holds = buffer.axes.size() == static_cast<std::size_t>(ranks[i] - '0') && buffer.element == Type::real();
  }
  if (!holds) wrong(each, "its buffers do not fit the kernel, or it stands in a loop");
}

void BodyVerifier::loop(const Instruction& each) {
  const Domain& domain = each.domain;
  const bool over_space = domain.space.valid();
  if (over_space && domain.space.index >= subject_.module.spaces.size()) return wrong(each, "over no space");
  if (!over_space && domain.position) return wrong(each, "only cells of a space have a position");
  const Space* space = over_space ? &subject_.module.space(domain.space) : nullptr;
  if (space && space->dims != domain.dims) return wrong(each, "its dimensions are not those of its space");
  if (domain.dims.empty()) return wrong(each, "over no dimension");
  for (DimId dim : domain.dims) {
    if (dim.index >= subject_.module.dims.size()) return wrong(each, "over no dimension");
  }
  const std::size_t parameters = space ? space->parameters.size() : 0;
  if (each.operands.size() < parameters) return wrong(each, "the space needs more parameters");
  for (std::size_t i = 0; i < parameters; ++i) {
    if (type(each.operands[i]) != Type::index_of(space->parameters[i]))
      wrong(each, "a parameter of the space is another index");
  }
  if (each.op == Op::For && (each.operands.size() != parameters || domain.descending)) {
    return wrong(each, "carries nothing and has no order");
  }
  carried(each, parameters);
  if (!sound_) return;
  loop_block(each);
  if (each.op == Op::For) races(each);
}

void BodyVerifier::carried(const Instruction& each, std::size_t parameters) {
  const Block& body = each.blocks.front();
  const std::size_t carried = each.operands.size() - parameters;
  const std::size_t indices = each.domain.dims.size() + (each.domain.position ? 1 : 0);
  if (body.arguments.size() != indices + carried) return wrong(each, "its block has the wrong number of arguments");
  if (body.yields.size() != carried + each.reducers.size())
    return wrong(each, "its block yields too much or too little");
  auto is = [&](ValueId id, Type wanted) { return id.index < subject_.body.values.size() && type(id) == wanted; };
  bool holds = true;
  for (std::size_t i = 0; i < each.domain.dims.size(); ++i) {
    holds = holds && is(body.arguments[i], Type::index_of(each.domain.dims[i]));
  }
  if (each.domain.position) {
    const DimId cells = cells_of(subject_.module, each.domain.space);
    holds = holds && cells.valid() && is(body.arguments[indices - 1], Type::index_of(cells));
  }
  for (std::size_t i = 0; i < carried; ++i) {
    const Type wanted = type(each.operands[parameters + i]);
    holds = holds && is(body.arguments[indices + i], wanted) && is(body.yields[i], wanted);
  }
  for (std::size_t i = 0; i < each.reducers.size(); ++i) {
    holds = holds && is(body.yields[carried + i], type_of(each.reducers[i]));
  }
  if (!holds) wrong(each, "arguments, carried values or reductions have the wrong types");
}

void BodyVerifier::loop_block(const Instruction& each) {
  const Block& body = each.blocks.front();
  const std::size_t indices = each.domain.dims.size() + (each.domain.position ? 1 : 0);
  loops_.push_back({&each, {body.arguments.begin(), body.arguments.begin() + static_cast<std::ptrdiff_t>(indices)}});
  block(body);
  loops_.pop_back();
  results(each);
}

// Within a `for`, an element that is stored may be loaded only by the iteration that stored it, and what is added to
// not at all.
void BodyVerifier::races(const Instruction& each) {
  std::vector<const Instruction*> writes;
  for_each_instruction(each.blocks.front(), [&](const Instruction& inner) {
    if (inner.op != Op::Store && inner.op != Op::Accumulate) return;
    if (subject_.module.buffer(inner.buffer).kind != BufferKind::Scratch) writes.push_back(&inner);
  });
  for_each_instruction(each.blocks.front(), [&](const Instruction& inner) {
    if (inner.op != Op::Load) return;
    for (const Instruction* write : writes) {
      if (write->buffer != inner.buffer) continue;
      const bool own = write->op == Op::Store && std::equal(inner.operands.begin(), inner.operands.end(),
                                                            write->operands.begin(), write->operands.end() - 1);
      if (!own)
        wrong(inner, fmt::format("@{} is written by other iterations", subject_.module.buffer(inner.buffer).name));
    }
  });
}

void BodyVerifier::branch(const Instruction& each) {
  if (each.operands.size() != 1 || type(each.operands[0]) != Type::boolean()) return wrong(each, "takes one bool");
  block(each.blocks[0]);
  block(each.blocks[1]);
  const auto& yes = each.blocks[0].yields;
  const auto& no = each.blocks[1].yields;
  const bool same =
      yes.size() == no.size() && std::equal(yes.begin(), yes.end(), no.begin(),
                                            [&](ValueId a, ValueId b) { return sound_ && type(a) == type(b); });
  if (!same) wrong(each, "its blocks yield different types");
}

}  // namespace lacuna::ir
