// Binding of data: memory for what bind makes, lists of cells, conditions on data.
#include "compiler/codegen/emitter.h"
#include "compiler/codegen/listed_inputs.h"
#include "compiler/ir/infer.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::BufferKind;
using ir::Op;

Value* Emitter::allocate_bytes(Value* bytes) {
  Value* offset = header(layout_.used());
  Value* padded =
      builder_.CreateAnd(builder_.CreateAdd(bytes, constant(kPadding + kAlignment - 1)), constant(-kAlignment));
  set_header(layout_.used(), builder_.CreateAdd(offset, padded));
  Value* start = builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound), offset);
  builder_.CreateMemSet(start, builder_.getInt8(0), padded, llvm::MaybeAlign(kAlignment));
  return offset;
}

void Emitter::allocate(ir::BufferId id) {
  allocated_[id.index] = true;
  const ir::Buffer& buffer = module_.buffer(id);
  Value* count = constant(1);
  for (std::size_t i = 0; i < buffer.axes.size(); ++i) {
    Value* extent = size(buffer.axes[i]);
    if (const int fill = fill_of(buffer); i == 0 && fill > 0)
      extent = builder_.CreateAnd(builder_.CreateAdd(extent, constant(fill - 1)), constant(-fill));
    count = builder_.CreateMul(count, extent);
  }
  // A function of stage data that ran before, compiled apart from this one, may have done it.
  when(builder_.CreateICmpEQ(header(layout_.buffer(id)), constant(0)), [&] {
    set_header(layout_.buffer(id), allocate_bytes(builder_.CreateMul(count, constant(element_bytes(buffer.element)))));
  });
}

namespace {

// Whether the size of a dimension waits for a list of cells that has not been built.
bool waits(const ir::Module& module, ir::DimId id, const std::vector<bool>& built) {
  const ir::Dim& dim = module.dim(id);
  if (dim.kind == ir::Dim::Kind::Cells) return !built[dim.cells.index];
  if (dim.kind != ir::Dim::Kind::Derived) return false;
  bool found = false;
  dim.for_each_source([&](ir::DimId other) { found = found || waits(module, other, built); });
  return found;
}

}  // namespace

// Memory that a function of stage data gives: to what it is the first to write. Functions may be compiled apart, so what those
// before it do is read from them: the spaces that they build are there.
void Emitter::begin_binding(const ir::Function& function) {
  built_.assign(module_.spaces.size(), false);
  allocated_.assign(module_.buffers.size(), true);
  std::vector<bool> written(module_.buffers.size(), false);
  for (const ir::Function& each : module_.functions) {
    if (each.stage != ir::Stage::Data) continue;
    const bool own = each.name == function.name;
    ir::for_each_instruction(each.body.block, [&](const Instruction& instruction) {
      if (instruction.op == ir::Op::BuildSpace && !own) built_[instruction.space.index] = true;
      if (!ir::has(instruction.op, ir::Effect) || !instruction.buffer.valid() || written[instruction.buffer.index]) return;
      written[instruction.buffer.index] = true;
      if (own) allocated_[instruction.buffer.index] = false;
    });
    if (own) break;
  }
  allocate_known();
}

// Gives memory to every data buffer whose size is known and that has none.
void Emitter::allocate_known() {
  for (std::uint32_t i = 0; i < module_.buffers.size(); ++i) {
    const ir::Buffer& buffer = module_.buffers[i];
    if (buffer.kind != BufferKind::Data || allocated_[i]) continue;
    bool ready = true;
    for (ir::DimId dim : buffer.axes) ready = ready && !waits(module_, dim, built_);
    if (ready) allocate({i});
  }
}

Value* Emitter::derived_size(const ir::Dim& dim) {
  Value* size = evaluate(dim.size);
  if (dim.rule == ir::Dim::Rule::Sum) return size;
  Value* other = evaluate(dim.other);
  if (dim.rule == ir::Dim::Rule::Quotient) return integer_arithmetic(ir::Op::IDiv, size, other);
  return integer_arithmetic(dim.rule == ir::Dim::Rule::Least ? ir::Op::IMin : ir::Op::IMax, size, other);
}

// Sizes that follow from the number of cells, in the order of declaration.
void Emitter::update_sizes(ir::SpaceId space) {
  for (std::uint32_t i = 0; i < module_.dims.size(); ++i) {
    const ir::Dim& dim = module_.dims[i];
    if (dim.kind == ir::Dim::Kind::Cells && dim.cells == space)
      set_header(layout_.dim({i}), header(layout_.cells(space)));
    if (dim.kind == ir::Dim::Kind::Derived && !waits(module_, {i}, built_))
      set_header(layout_.dim({i}), derived_size(dim));
  }
}

// Coordinates are listed axis by axis, in memory for every cell there could be.
void Emitter::build_space(const Instruction& each) {
  const ir::SpaceId id = each.space;
  const ir::Space& space = module_.space(id);
  Value* most = evaluate(ir::SizeExpr::product(ir::bounding_dims(space)));
  Value* lists = evaluate(ir::SizeExpr::product(space.parameters));
  Value* start_bytes = builder_.CreateMul(builder_.CreateAdd(lists, constant(1)), constant(8));
  set_header(layout_.starts(id), allocate_bytes(start_bytes));
  if (const ir::BufferId input = listed_by(module_, space); input.valid()) {
    llvm::AllocaInst* bound = slot(builder_.getInt64Ty(), "most");
    builder_.CreateStore(most, bound);
    when(is_listed(input), [&] { builder_.CreateStore(listed_count(input), bound); });
    most = builder_.CreateLoad(builder_.getInt64Ty(), bound);
  }
  Value* list_bytes = builder_.CreateMul(most, constant(4));
  for (std::size_t axis = 0; axis < space.dims.size(); ++axis) {
    set_header(layout_.coordinates(id, axis), allocate_bytes(list_bytes));
  }
  if (space.by.empty()) {
    list_in_order(id, lists);
  } else {
    list_by_keys(id, lists);
  }
  built_[id.index] = true;
  update_sizes(id);
  allocate_known();
}

Value* Emitter::starts_of(ir::SpaceId id) {
  return builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound), header(layout_.starts(id)));
}

// One list behind the other, in row-major order.
void Emitter::list_in_order(ir::SpaceId id, Value* lists) {
  llvm::AllocaInst* count = slot(builder_.getInt64Ty(), "cells");
  builder_.CreateStore(constant(0), count);
  auto begin_list = [&] {
    Value* number = list_number(id, {cell_.begin(), cell_.begin() + parameter_count(id)});
    builder_.CreateStore(builder_.CreateLoad(builder_.getInt64Ty(), count),
                         builder_.CreateGEP(builder_.getInt64Ty(), starts_of(id), number));
  };
  over_cells_of(id, 0, begin_list, [&] {
    Value* at = builder_.CreateLoad(builder_.getInt64Ty(), count);
    write_cell(id, at);
    builder_.CreateStore(builder_.CreateAdd(at, constant(1)), count);
  });
  Value* total = builder_.CreateLoad(builder_.getInt64Ty(), count);
  set_header(layout_.cells(id), total);
  builder_.CreateStore(total, builder_.CreateGEP(builder_.getInt64Ty(), starts_of(id), lists));
}

// Segments, by counting: how many cells each list has, where it starts, then every cell to its list. The list that is
// meant is the value of the keys, so the parameters are not looped over. Keys out of range belong to no list.
void Emitter::list_by_keys(ir::SpaceId id, Value* lists) {
  llvm::Type* whole = builder_.getInt64Ty();
  Value* starts = starts_of(id);  // zeroed
  auto add = [&](Value* place, Value* value) {
    Value* before = builder_.CreateLoad(whole, place);
    builder_.CreateStore(builder_.CreateAdd(before, value), place);
    return before;
  };
  over_cells_of(id, parameter_count(id), {}, [&] {
    within_keys(id, [&](Value* list) { add(builder_.CreateGEP(whole, starts, list), constant(1)); });
  });
  llvm::AllocaInst* count = slot(whole, "cells");
  builder_.CreateStore(constant(0), count);
  count_up(constant(0), lists, constant(1), [&](Value* list) {
    Value* place = builder_.CreateGEP(whole, starts, list);
    Value* cells = builder_.CreateLoad(whole, place);
    builder_.CreateStore(add(count, cells), place);
  });
  over_cells_of(id, parameter_count(id), {}, [&] {
    within_keys(id, [&](Value* list) { write_cell(id, add(builder_.CreateGEP(whole, starts, list), constant(1))); });
  });
  // Each entry is now the end of its list: the start of the next.
  count_up(constant(0), lists, constant(1), [&](Value* i) {
    Value* list = builder_.CreateSub(lists, i);
    Value* place = builder_.CreateGEP(whole, starts, list);
    Value* before = builder_.CreateGEP(whole, starts, builder_.CreateSub(list, constant(1)));
    builder_.CreateStore(builder_.CreateLoad(whole, before), place);
  });
  builder_.CreateStore(constant(0), starts);
  set_header(layout_.cells(id), builder_.CreateLoad(whole, count));
}

void Emitter::within_keys(ir::SpaceId id, const std::function<void(Value*)>& action) {
  const ir::Space& space = module_.space(id);
  std::vector<Value*> keys;
  Value* inside = builder_.getTrue();
  for (std::size_t i = 0; i < space.by.size(); ++i) {
    const ir::Buffer& buffer = module_.buffer(space.by[i]);
    Value* number = constant(0);
    for (std::size_t axis = 0; axis < space.dims.size(); ++axis) {
      number = builder_.CreateAdd(builder_.CreateMul(number, size(space.dims[axis])), cell_[axis]);
    }
    const Place where{builder_.CreateGEP(stored_type(buffer.element), base(space.by[i]), number), nullptr, false};
    keys.push_back(read(where, buffer.element, false));
    inside = builder_.CreateAnd(inside, builder_.CreateICmpULT(keys.back(), size(space.parameters[i])));
  }
  when(inside, [&] { action(list_number(id, keys)); });
}

std::ptrdiff_t Emitter::parameter_count(ir::SpaceId id) const {
  return static_cast<std::ptrdiff_t>(module_.space(id).parameters.size());
}

// Loops over parameters and indices from `axis` on, and calls `action` where the predicate, which is written in place,
// holds. `cell_` has what is looped over.
void Emitter::over_cells_of(ir::SpaceId id, std::ptrdiff_t axis, const Body& begin_list, const Body& action) {
  const ir::Space& space = module_.space(id);
  const std::ptrdiff_t parameters = parameter_count(id);
  if (axis == parameters && begin_list) begin_list();
  if (const ir::BufferId input = listed_by(module_, space); axis == parameters && input.valid()) {
    when(is_listed(input), [&] { over_listed(id, input, action); });
    when(builder_.CreateNot(is_listed(input)), [&] { over_axes_of(id, axis, begin_list, action); });
    return;
  }
  over_axes_of(id, axis, begin_list, action);
}

// The same, whatever form the inputs have.
void Emitter::over_axes_of(ir::SpaceId id, std::ptrdiff_t axis, const Body& begin_list, const Body& action) {
  const ir::Space& space = module_.space(id);
  const std::ptrdiff_t parameters = parameter_count(id);
  if (axis == parameters + static_cast<std::ptrdiff_t>(space.dims.size())) return where_holds(id, action);
  const auto number = static_cast<std::size_t>(axis < parameters ? axis : axis - parameters);
  const ir::DimId dim = axis < parameters ? space.parameters[number] : space.dims[number];
  count_up(constant(0), size(dim), constant(1), [&](Value* i) {
    cell_.push_back(i);
    over_cells_of(id, axis + 1, begin_list, action);
    cell_.pop_back();
  });
}

// Runs over the listed cells that belong to what `cell_` has so far, in order: the same cells as a loop over all that
// the predicate would refuse but for these.
void Emitter::over_listed(ir::SpaceId id, ir::BufferId input, const Body& action) {
  const ir::Space& space = module_.space(id);
  const std::size_t outer = cell_.size();
  Value* first = constant(0);
  const std::vector<ir::DimId>& axes = module_.buffer(input).axes;
  for (std::size_t i = 0; i < outer; ++i) first = builder_.CreateAdd(builder_.CreateMul(first, size(axes[i])), cell_[i]);
  Value* width = constant(1);
  for (const ir::DimId dim : space.dims) width = builder_.CreateMul(width, size(dim));
  first = builder_.CreateMul(first, width);
  Value* begin = listed_position(input, first);
  Value* end = listed_position(input, builder_.CreateAdd(first, width));
  count_up(begin, end, constant(1), [&](Value* position) {
    Value* rest = builder_.CreateSub(listed_number(input, position), first);
    std::vector<Value*> indices(space.dims.size());
    for (std::size_t axis = indices.size(); axis-- > 0;) {
      indices[axis] = builder_.CreateURem(rest, size(space.dims[axis]));
      rest = builder_.CreateUDiv(rest, size(space.dims[axis]));
    }
    cell_.insert(cell_.end(), indices.begin(), indices.end());
    where_holds(id, action);
    cell_.resize(outer);
  });
}

void Emitter::where_holds(ir::SpaceId id, const Body& action) {
  const ir::Space& space = module_.space(id);
  if (!space.predicate) return action();
  const ir::Body* outer = body_;
  std::vector<Value*> outer_values = std::move(values_);
  body_ = &*space.predicate;
  values_.assign(body_->values.size(), nullptr);
  const auto& arguments = body_->block.arguments;
  const std::size_t left_out = arguments.size() - cell_.size();  // parameters that the keys decide
  for (std::size_t i = 0; i < cell_.size(); ++i) set(arguments[left_out + i], cell_[i]);
  block(body_->block);
  Value* holds = get(body_->block.yields[0]);
  values_ = std::move(outer_values);
  body_ = outer;
  when(holds, action);
}

void Emitter::write_cell(ir::SpaceId id, Value* at) {
  const ir::Space& space = module_.space(id);
  const std::size_t first = cell_.size() - space.dims.size();
  for (std::size_t axis = 0; axis < space.dims.size(); ++axis) {
    Value* list = builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound),
                                     header(layout_.coordinates(id, axis)));
    Value* number = builder_.CreateTrunc(cell_[first + axis], builder_.getInt32Ty());
    builder_.CreateStore(number, builder_.CreateGEP(builder_.getInt32Ty(), list, at));
  }
}

// Leaves the function with 1 and the check's number and index operands.
void Emitter::check(const Instruction& each) {
  const int number = checks_.at(&each);
  // Without a place to say so, conditions are not tested.
  Value* failure = frame_field(FrameField::Failure);
  Value* fails = builder_.CreateAnd(builder_.CreateNot(get(each.operands[0])), builder_.CreateIsNotNull(failure));
  when(fails, [&] {
    builder_.CreateStore(constant(number), failure);
    for (std::size_t i = 1; i < each.operands.size(); ++i) {
      builder_.CreateStore(get(each.operands[i]), builder_.CreateConstGEP1_64(builder_.getInt64Ty(), failure, i));
    }
    builder_.CreateRet(builder_.getInt32(1));
    builder_.SetInsertPoint(new_block("unreached"));
  });
}

}  // namespace lacuna::codegen
