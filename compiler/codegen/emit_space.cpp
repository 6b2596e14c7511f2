// Binding of data: memory for what bind makes, lists of cells, conditions on data.
#include "compiler/codegen/emitter.h"
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
    if (i == 0 && buffer.tile > 0)
      extent = builder_.CreateAnd(builder_.CreateAdd(extent, constant(buffer.tile - 1)), constant(-buffer.tile));
    count = builder_.CreateMul(count, extent);
  }
  set_header(layout_.buffer(id), allocate_bytes(builder_.CreateMul(count, constant(element_bytes(buffer.element)))));
}

namespace {

// Whether the size of a dimension waits for a list of cells that has not been built.
bool waits(const ir::Module& module, ir::DimId id, const std::vector<bool>& built) {
  const ir::Dim& dim = module.dim(id);
  if (dim.kind == ir::Dim::Kind::Cells) return !built[dim.cells.index];
  if (dim.kind != ir::Dim::Kind::Derived) return false;
  for (const ir::SizeTerm& term : dim.size.terms) {
    for (ir::DimId other : term.dims) {
      if (waits(module, other, built)) return true;
    }
  }
  return false;
}

}  // namespace

// Gives memory to every data buffer whose size is known and that has none.
void Emitter::allocate_known() {
  built_.resize(module_.spaces.size(), false);
  for (std::uint32_t i = 0; i < module_.buffers.size(); ++i) {
    const ir::Buffer& buffer = module_.buffers[i];
    if (buffer.kind != BufferKind::Data || allocated_[i]) continue;
    bool ready = true;
    for (ir::DimId dim : buffer.axes) ready = ready && !waits(module_, dim, built_);
    if (ready) allocate({i});
  }
}

// Sizes that follow from the number of cells, in the order of declaration.
void Emitter::update_sizes(ir::SpaceId space) {
  for (std::uint32_t i = 0; i < module_.dims.size(); ++i) {
    const ir::Dim& dim = module_.dims[i];
    if (dim.kind == ir::Dim::Kind::Cells && dim.cells == space)
      set_header(layout_.dim({i}), header(layout_.cells(space)));
    if (dim.kind == ir::Dim::Kind::Derived && !waits(module_, {i}, built_))
      set_header(layout_.dim({i}), evaluate(dim.size));
  }
}

// Coordinates are listed axis by axis in memory for every cell there could be, then moved together.
void Emitter::build_space(const Instruction& each) {
  const ir::SpaceId id = each.space;
  const ir::Space& space = module_.space(id);
  std::vector<ir::DimId> all = space.parameters;
  all.insert(all.end(), space.dims.begin(), space.dims.end());
  Value* most = evaluate(ir::SizeExpr::product(all));
  Value* lists = evaluate(ir::SizeExpr::product(space.parameters));
  Value* start_bytes = builder_.CreateMul(builder_.CreateAdd(lists, constant(1)), constant(8));
  set_header(layout_.starts(id), allocate_bytes(start_bytes));
  Value* list_bytes = builder_.CreateMul(most, constant(4));
  for (std::size_t axis = 0; axis < space.dims.size(); ++axis) {
    set_header(layout_.coordinates(id, axis), allocate_bytes(list_bytes));
  }
  llvm::AllocaInst* count = slot(builder_.getInt64Ty(), "cells");
  builder_.CreateStore(constant(0), count);
  list_cells(id, 0, count);
  Value* total = builder_.CreateLoad(builder_.getInt64Ty(), count);
  set_header(layout_.cells(id), total);
  Value* starts = builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound), header(layout_.starts(id)));
  builder_.CreateStore(total, builder_.CreateGEP(builder_.getInt64Ty(), starts, lists));
  built_[id.index] = true;
  update_sizes(id);
  allocate_known();
}

// Loops over parameters, then over the indices; the predicate's body is written in place.
void Emitter::list_cells(ir::SpaceId id, std::size_t axis, llvm::AllocaInst* count) {
  const ir::Space& space = module_.space(id);
  const std::size_t parameters = space.parameters.size();
  if (axis == parameters) {  // a list begins
    Value* starts =
        builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound), header(layout_.starts(id)));
    Value* number = list_number(id, {cell_.begin(), cell_.begin() + static_cast<std::ptrdiff_t>(parameters)});
    builder_.CreateStore(builder_.CreateLoad(builder_.getInt64Ty(), count),
                         builder_.CreateGEP(builder_.getInt64Ty(), starts, number));
  }
  if (axis == parameters + space.dims.size()) return append_cell(id, count);
  const ir::DimId dim = axis < parameters ? space.parameters[axis] : space.dims[axis - parameters];
  count_up(constant(0), size(dim), constant(1), [&](Value* i) {
    cell_.push_back(i);
    list_cells(id, axis + 1, count);
    cell_.pop_back();
  });
}

void Emitter::append_cell(ir::SpaceId id, llvm::AllocaInst* count) {
  const ir::Space& space = module_.space(id);
  auto append = [&] {
    Value* at = builder_.CreateLoad(builder_.getInt64Ty(), count);
    for (std::size_t axis = 0; axis < space.dims.size(); ++axis) {
      Value* list = builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound),
                                       header(layout_.coordinates(id, axis)));
      Value* number = builder_.CreateTrunc(cell_[space.parameters.size() + axis], builder_.getInt32Ty());
      builder_.CreateStore(number, builder_.CreateGEP(builder_.getInt32Ty(), list, at));
    }
    builder_.CreateStore(builder_.CreateAdd(at, constant(1)), count);
  };
  if (!space.predicate) return append();
  const ir::Body* outer = body_;
  std::vector<Value*> outer_values = std::move(values_);
  body_ = &*space.predicate;
  values_.assign(body_->values.size(), nullptr);
  for (std::size_t i = 0; i < cell_.size(); ++i) set(body_->block.arguments[i], cell_[i]);
  block(body_->block);
  Value* holds = get(body_->block.yields[0]);
  values_ = std::move(outer_values);
  body_ = outer;
  when(holds, append);
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
