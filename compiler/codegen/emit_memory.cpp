// Buffers: where they are, and how scalars, whole vectors and scattered lanes are read, written and added.
#include <llvm/Analysis/VectorUtils.h>

#include "compiler/codegen/emit_operations.h"
#include "compiler/codegen/listed_inputs.h"

namespace lacuna::codegen {

using ir::BufferId;
using ir::BufferKind;
using ir::Scalar;
using ir::ValueId;

namespace {

// Elements that are not followed by padding: what the caller owns.
bool is_callers(BufferKind kind) {
  return kind != BufferKind::Input && kind != BufferKind::Data && kind != BufferKind::Work &&
         kind != BufferKind::Scratch;
}

constexpr std::int64_t kScratchUnit = 64;

FrameField vector_of(BufferKind kind) {
  switch (kind) {
    case BufferKind::Gradient:
      return FrameField::Gradient;
    case BufferKind::Direction:
      return FrameField::Direction;
    case BufferKind::Product:
      return FrameField::Product;
    default:
      return FrameField::Point;
  }
}

}  // namespace

bool Operations::by_draw(const ir::Buffer& buffer) const {
  return axis_ == LaneAxis::Draws && ir::stage_of(buffer.kind) == ir::Stage::Draw && buffer.kind != BufferKind::Shared;
}

Value* Operations::work_memory(const ir::SizeExpr& count, std::int64_t bytes) {
  work_.push_back({count, bytes});
  std::vector<Value*> sizes;
  for (const ir::SizeTerm& term : count.terms) {
    for (ir::DimId dim : term.dims) size(dim);  // known at the entry from here on
  }
  Value* work = frame_field(FrameField::Work);
  llvm::IRBuilder<>::InsertPointGuard guard(builder_);
  builder_.SetInsertPoint(entry_);
  if (work_used_ == nullptr) work_used_ = constant(0);
  Value* pointer = builder_.CreateGEP(builder_.getInt8Ty(), work, work_used_);
  Value* needed = builder_.CreateMul(evaluate(count), constant(bytes));
  needed = builder_.CreateAnd(builder_.CreateAdd(needed, constant(kPadding + kAlignment - 1)), constant(-kAlignment));
  work_used_ = builder_.CreateAdd(work_used_, needed);
  return pointer;
}

Value* Operations::base(BufferId id) {
  const ir::Buffer& buffer = module_.buffer(id);
  Value*& known = bases_[id.index];
  const std::int64_t copies = by_draw(buffer) ? lanes_ : 1;
  if (buffer.kind == BufferKind::Input || buffer.kind == BufferKind::Data) {
    Value* offset = header(layout_.buffer(id));
    if (stage_ == ir::Stage::Draw && known != nullptr) return known;
    Value* bound = frame_field(FrameField::Bound);
    if (stage_ == ir::Stage::Data) return builder_.CreateGEP(builder_.getInt8Ty(), bound, offset);
    llvm::IRBuilder<> at_entry(entry_);
    return known = at_entry.CreateGEP(at_entry.getInt8Ty(), bound, offset);
  }
  if (known != nullptr) return known;
  if (buffer.kind == BufferKind::Scratch) {
    ir::SizeExpr elements = ir::SizeExpr::product(buffer.axes);
    const std::int64_t rows = std::max(rows_of_tile_, 1);
    for (ir::SizeTerm& term : elements.terms) term.coefficient *= rows;
    elements.terms.push_back({rows * kScratchUnit, {}});
    return known = work_memory(elements, element_bytes(buffer.element) * lanes_);
  }
  if (buffer.kind == BufferKind::Work) {
    return known = work_memory(ir::SizeExpr::product(buffer.axes), element_bytes(buffer.element) * copies);
  }
  if (is_callers_array(buffer.kind)) {
    Value* outputs = frame_field(FrameField::Outputs);
    llvm::IRBuilder<> at_entry(entry_);
    return known = at_entry.CreateLoad(at_entry.getPtrTy(),
                                       at_entry.CreateConstGEP1_64(at_entry.getPtrTy(), outputs, layout_.output(id)));
  }
  const ir::SizeExpr offset = module_.offset(id);
  for (const ir::SizeTerm& term : offset.terms) {
    for (ir::DimId dim : term.dims) size(dim);
  }
  Value* start = frame_field(vector_of(buffer.kind));
  llvm::IRBuilder<>::InsertPointGuard guard(builder_);
  builder_.SetInsertPoint(entry_);
  Value* elements_before = builder_.CreateMul(evaluate(offset), constant(copies));
  return known = builder_.CreateGEP(builder_.getDoubleTy(), start, elements_before);
}

llvm::Type* Operations::stored_type(ir::Type type) const {
  llvm::LLVMContext& context = code_.getContext();
  switch (type.scalar) {
    case Scalar::Real:
      return llvm::Type::getDoubleTy(context);
    case Scalar::Int:
      return llvm::Type::getInt64Ty(context);
    case Scalar::Index:
      return llvm::Type::getInt32Ty(context);
    default:
      return llvm::Type::getInt8Ty(context);
  }
}

Value* Operations::from_stored(Value* stored, ir::Type type) {
  if (type.scalar == Scalar::Index) return builder_.CreateZExt(stored, Lanes::shaped(stored, builder_.getInt64Ty()));
  if (type.scalar == Scalar::Bool)
    return builder_.CreateICmpNE(stored, llvm::Constant::getNullValue(stored->getType()));
  return stored;
}

Value* Operations::to_stored(Value* value, ir::Type type) {
  llvm::Type* stored = Lanes::shaped(value, stored_type(type));
  if (type.scalar == Scalar::Index) return builder_.CreateTrunc(value, stored);
  if (type.scalar == Scalar::Bool) return builder_.CreateZExt(value, stored);
  return value;
}

// The elements of the other axes.
Value* Operations::rest_size(const ir::Buffer& buffer) {
  return evaluate(ir::SizeExpr::product({buffer.axes.begin() + 1, buffer.axes.end()}));
}

// In tiles of t: (first / t) t rest_size + rest t + first % t, where `rest` numbers the other axes.
Value* Operations::in_tile(const ir::Buffer& buffer, Value* first, Value* rest) {
  const unsigned lanes = std::max(Lanes::count(first), Lanes::count(rest));
  auto wide = [&](Value* value) { return b_.splat(value, lanes); };
  Value* start = builder_.CreateAnd(wide(first), wide(constant(-buffer.tile)));
  Value* within = builder_.CreateAnd(wide(first), wide(constant(buffer.tile - 1)));
  Value* offset = builder_.CreateMul(wide(rest), wide(constant(buffer.tile)));
  return builder_.CreateAdd(builder_.CreateMul(start, wide(rest_size(buffer))), builder_.CreateAdd(offset, within));
}

// The number of the element, row by row; scalar if `first_lane`, where lanes follow each other on the last axis.
Value* Operations::linear(const ir::Buffer& buffer, const std::vector<ValueId>& at, std::size_t count, bool first_lane) {
  Value* number = constant(0);
  const bool tiled = buffer.tile > 0 && count > 1;
  for (std::size_t i = tiled ? 1 : 0; i < count; ++i) {
    Value* index = get(at[i]);
    if (first_lane && Lanes::count(index) > 1) index = first_lane_.at(at[i]);
    const unsigned lanes = std::max(Lanes::count(index), Lanes::count(number));
    if (i > 0) number = builder_.CreateMul(number, b_.splat(size(buffer.axes[i]), Lanes::count(number)));
    number = builder_.CreateAdd(b_.splat(number, lanes), b_.splat(index, lanes));
  }
  if (!tiled) return number;
  Value* first = get(at[0]);
  return in_tile(buffer, first_lane && Lanes::count(first) > 1 ? first_lane_.at(at[0]) : first, number);
}

// Rows start at a multiple of the lanes, so that a vector is one row of a tile, or of several whole ones.
bool Operations::tile_is_lanes(const ir::Buffer& buffer) const {
  const int lanes = static_cast<int>(lanes_);
  return aligned_rows_ && buffer.tile > 0 && (buffer.tile % lanes == 0 || (lanes % buffer.tile == 0 && fill_of(buffer) % lanes == 0));
}

// Elements from one row's scratch to the next one's, which whole vectors at a row's end do not reach.
Value* Operations::scratch_stride(const ir::Buffer& buffer) {
  Value* padded = builder_.CreateAdd(elements(buffer), constant(kScratchUnit - 1));
  return builder_.CreateMul(builder_.CreateAnd(padded, constant(-kScratchUnit)), constant(by_draw(buffer) ? lanes_ : 1));
}

Operations::Place Operations::place(BufferId id, const std::vector<ValueId>& at, std::size_t count) {
  return place_in(base(id), stored_type(module_.buffer(id).element), id, at, count);
}

Operations::Place Operations::place_in(Value* start, llvm::Type* element, BufferId id, const std::vector<ValueId>& at,
                                 std::size_t count) {
  const ir::Buffer& buffer = module_.buffer(id);
  bool scattered = false, neighbours = false, in_tiles = false;
  Value* run = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    if (Lanes::count(get(at[i])) == 1) continue;
    const bool whole_tile = i == 0 && tile_is_lanes(buffer);
    const bool last = i + 1 == count && buffer.tile == 0;
    in_tiles = in_tiles || (whole_tile && buffer.tile < static_cast<int>(lanes_));
    ((last || whole_tile) && first_lane_.contains(at[i]) ? neighbours : scattered) = true;
    if (auto found = run_.find(at[i]); found != run_.end()) run = found->second;
  }
  if (scattered) return {start, linear(buffer, at, count, false), false};
  Value* number = linear(buffer, at, count, true);
  const bool own = buffer.kind == BufferKind::Scratch;  // each lane's, where lanes are not its elements
  const bool by_lane = by_draw(buffer) || (own && axis_ == LaneAxis::Rows && !neighbours);
  if (by_lane) number = builder_.CreateMul(number, constant(lanes_));
  if (own && scratch_row_ != nullptr)
    number = builder_.CreateAdd(number, builder_.CreateMul(scratch_row_, scratch_stride(buffer)));
  if (element == stored_type(buffer.element)) number = element_number(id, number);
  Place where{builder_.CreateGEP(element, start, number), nullptr, neighbours || by_lane};
  where.own = own;
  where.bound = stage_ == ir::Stage::Draw && (buffer.kind == BufferKind::Input || buffer.kind == BufferKind::Data);
  if (in_tiles) {
    where.tile = buffer.tile;
    where.stride = builder_.CreateMul(rest_size(buffer), constant(buffer.tile));
  }
  if (run != nullptr) {
    Value* first = builder_.CreateVectorSplat(lanes_, number);
    where.index = builder_.CreateSub(linear(buffer, at, count, false), first);
    where.run = run;
  }
  return where;
}

Operations::Place Operations::one_way(const Place& place, bool contiguous) {
  return {place.pointer, contiguous ? nullptr : place.index, contiguous};
}

void Operations::either_way(Value* condition, const std::function<void()>& yes, const std::function<void()>& no) {
  llvm::BasicBlock* sides[] = {new_block("yes"), new_block("no")};
  llvm::BasicBlock* after = new_block("either");
  builder_.CreateCondBr(condition, sides[0], sides[1]);
  builder_.SetInsertPoint(sides[0]);
  yes();
  builder_.CreateBr(after);
  builder_.SetInsertPoint(sides[1]);
  no();
  builder_.CreateBr(after);
  builder_.SetInsertPoint(after);
}

// A processor cannot hand what a masked store wrote to a load that follows soon; only the last vector needs the mask.
void Operations::whole_or_tail(const std::function<void()>& whole, const std::function<void()>& tail) {
  masks_all_ ? tail() : either_way(is_whole_, whole, tail);
}

Value* Operations::read(const Place& place, ir::Type type, bool outside) {
  llvm::Type* element = stored_type(type);
  if (place.run != nullptr) {
    llvm::AllocaInst* loaded = slot(type_of(type, true), "loaded");
    either_way(
        place.run, [&] { builder_.CreateStore(read(one_way(place, true), type, outside), loaded); },
        [&] { builder_.CreateStore(read(one_way(place, false), type, outside), loaded); });
    return builder_.CreateLoad(loaded->getAllocatedType(), loaded);
  }
  const llvm::Align align(static_cast<std::uint64_t>(element_bytes(type)));
  const auto whole = [&](llvm::Type* of) {
    llvm::LoadInst* load = builder_.CreateAlignedLoad(of, place.pointer, align);
    if (place.bound) load->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(code_.getContext(), {}));
    return from_stored(load, type);
  };
  if (!place.contiguous && place.index == nullptr) return whole(element);
  if (place.stride != nullptr) return from_stored(read_tiles(place, element, align), type);
  auto* vector = llvm::FixedVectorType::get(element, lanes_);
  if (place.index != nullptr) {
    Value* mask = mask_ != nullptr
                      ? mask_
                      : llvm::Constant::getAllOnesValue(llvm::FixedVectorType::get(builder_.getInt1Ty(), lanes_));
    Value* pointers = builder_.CreateGEP(element, place.pointer, place.index);
    return from_stored(builder_.CreateMaskedGather(vector, pointers, align, mask, llvm::Constant::getNullValue(vector)),
                       type);
  }
  if (outside && mask_ != nullptr && mask_ == tail_) {
    llvm::AllocaInst* loaded = slot(vector, "loaded");
    whole_or_tail([&] { builder_.CreateStore(builder_.CreateAlignedLoad(vector, place.pointer, align), loaded); },
                  [&] {
                    llvm::Constant* none = llvm::Constant::getNullValue(vector);
                    builder_.CreateStore(builder_.CreateMaskedLoad(vector, place.pointer, align, mask_, none), loaded);
                  });
    return from_stored(builder_.CreateLoad(vector, loaded), type);
  }
  if (outside && mask_ != nullptr) {
    return from_stored(
        builder_.CreateMaskedLoad(vector, place.pointer, align, mask_, llvm::Constant::getNullValue(vector)), type);
  }
  return whole(vector);
}

// One row of several tiles, joined in pairs.
Value* Operations::read_tiles(const Place& place, llvm::Type* element, llvm::Align align) {
  auto* part = llvm::FixedVectorType::get(element, static_cast<unsigned>(place.tile));
  std::vector<Value*> parts;
  for (unsigned lane = 0; lane < lanes_; lane += static_cast<unsigned>(place.tile)) {
    Value* distance = builder_.CreateMul(place.stride, constant(static_cast<std::int64_t>(parts.size())));
    parts.push_back(builder_.CreateAlignedLoad(part, builder_.CreateGEP(element, place.pointer, distance), align));
  }
  return llvm::concatenateVectors(builder_, parts);
}

void Operations::write(const Place& place, ir::Type type, Value* value) {
  if (place.run != nullptr) {
    return either_way(
        place.run, [&] { write(one_way(place, true), type, value); },
        [&] { write(one_way(place, false), type, value); });
  }
  const llvm::Align align(static_cast<std::uint64_t>(element_bytes(type)));
  Value* stored = to_stored(value, type);
  if (!place.contiguous && place.index == nullptr) {
    builder_.CreateAlignedStore(stored, place.pointer, align);
  } else if (place.index != nullptr) {
    Value* pointers = builder_.CreateGEP(stored_type(type), place.pointer, place.index);
    builder_.CreateMaskedScatter(stored, pointers, align, mask_);
  } else if (place.own) {  // nobody reads what lanes that do not count write
    builder_.CreateAlignedStore(stored, place.pointer, align);
  } else if (mask_ != nullptr && mask_ == tail_) {
    whole_or_tail([&] { builder_.CreateAlignedStore(stored, place.pointer, align); },
                  [&] { builder_.CreateMaskedStore(stored, place.pointer, align, mask_); });
  } else if (mask_ != nullptr) {
    builder_.CreateMaskedStore(stored, place.pointer, align, mask_);
  } else {
    builder_.CreateAlignedStore(stored, place.pointer, align);
  }
}

// Whether lanes behind the loop's last row read the zeros behind the elements.
bool Operations::is_padded(const Instruction& each) const {
  const ir::Buffer& buffer = module_.buffer(each.buffer);
  if (ir::stage_of(buffer.kind) != ir::Stage::Data || each.operands.empty() || each.operands[0] != row_) return false;
  if (!aligned_rows_ || buffer.axes[0] != body_->type(row_).dim) return false;
  return each.operands.size() == 1 || tile_is_lanes(buffer);
}

void Operations::load(const Instruction& each) {
  const ir::Buffer& buffer = module_.buffer(each.buffer);
  const Place where = place(each.buffer, each.operands, each.operands.size());
  // Behind a condition, lanes may lie before the buffer: of bound data something is there, of work nothing.
  const bool guarded = buffer.kind == BufferKind::Work && mask_ != tail_;
  Value* value = read(where, buffer.element, is_callers(buffer.kind) || guarded);
  // What stands behind an array of work may be a denormal number, with which arithmetic takes a hundred times as long.
  if (buffer.kind == BufferKind::Work && where.contiguous && mask_ != nullptr && mask_ == tail_ && buffer.element == ir::Type::real())
    value = builder_.CreateSelect(mask_, value, llvm::Constant::getNullValue(value->getType()));
  set(each.result(), value);
  if (axis_ == LaneAxis::Rows && is_padded(each)) padded_.insert(value);
  if (prefetches_ && where.contiguous && tile_is_lanes(buffer)) prefetch_next_rows(each);
}

// What the next vector of rows reads, behind the last use of this one: line after line, in whatever order it will be read.
void Operations::prefetch_next_rows(const Instruction& each) {
  constexpr std::int64_t kLine = 64;
  ir::Buffer whole = module_.buffer(each.buffer);
  whole.tile = std::max(whole.tile, static_cast<int>(lanes_));
  Value* rest = constant(0);
  for (std::size_t i = 1; i < each.operands.size(); ++i) {
    rest = builder_.CreateAdd(builder_.CreateMul(rest, size(whole.axes[i])), get(each.operands[i]));
  }
  Value* next_row = builder_.CreateAdd(first_lane_.at(each.operands[0]), constant(whole.tile));
  Value* number = in_tile(whole, next_row, rest);
  Value* next = builder_.CreateGEP(stored_type(whole.element), base(each.buffer), number);
  for (std::int64_t line = 0; line < static_cast<std::int64_t>(lanes_) * 8; line += kLine) {
    Value* address = builder_.CreateConstGEP1_64(builder_.getInt8Ty(), next, static_cast<std::uint64_t>(line));
    builder_.CreateIntrinsic(llvm::Intrinsic::prefetch, {address->getType()},
                             {address, builder_.getInt32(0), builder_.getInt32(3), builder_.getInt32(1)});
  }
}

// A real that is missing is NaN; of others, bytes say so.
void Operations::present(const Instruction& each) {
  const ir::Buffer& buffer = module_.buffer(each.buffer);
  if (stage_ == ir::Stage::Data && may_be_listed(module_, each.buffer))
    return set(each.result(), presence_of(each.buffer, linear(buffer, each.operands, each.operands.size(), false)));
  const bool real = buffer.element == ir::Type::real();
  Value* start = real ? base(each.buffer) : builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound), header(layout_.presence(each.buffer)));
  const Place where = place_in(start, real ? builder_.getDoubleTy() : builder_.getInt8Ty(), each.buffer, each.operands, each.operands.size());
  if (!real) return set(each.result(), read(where, ir::Type::boolean(), false));
  Value* value = read(where, buffer.element, false);
  set(each.result(), builder_.CreateFCmpORD(value, value));
}

void Operations::store(const Instruction& each) {
  const ir::Buffer& buffer = module_.buffer(each.buffer);
  const Place where = place(each.buffer, each.operands, each.operands.size() - 1);
  Value* value = get(each.operands.back());
  const bool vector = where.contiguous || where.index != nullptr;
  write(where, buffer.element, vector ? b_.splat(value, lanes_) : value);
}

Value* Operations::plus(Value* sum, ValueId id) {
  auto found = products_.find(id);
  if (found == products_.end() || !target_.fma) {
    Value* value = get(id);
    return b_.add(b_.splat(sum, Lanes::count(value)), b_.splat(value, Lanes::count(sum)));
  }
  auto [x, y] = found->second;
  const unsigned lanes = std::max({Lanes::count(sum), Lanes::count(x), Lanes::count(y)});
  return b_.fma(b_.splat(x, lanes), b_.splat(y, lanes), b_.splat(sum, lanes));
}

// Adds where no two lanes add to one element.
void Operations::add_to(const Place& place, const ir::Buffer& buffer, ValueId added) {
  Value* before = read(place, buffer.element, is_callers(buffer.kind));
  write(place, buffer.element, plus(before, added));
}

void Operations::accumulate(const Instruction& each) {
  const ir::Buffer& buffer = module_.buffer(each.buffer);
  const ValueId added = each.operands.back();
  const std::size_t axes = each.operands.size() - 1;
  const Place where = place(each.buffer, each.operands, axes);
  if (where.run != nullptr) {
    return either_way(
        where.run, [&] { add_to(one_way(where, true), buffer, added); },
        [&] { add_to(one_way(where, false), buffer, added); });
  }
  if (where.index != nullptr) return scatter_add(where, b_.splat(get(added), lanes_));
  if (axis_ != LaneAxis::Rows || where.contiguous) return add_to(where, buffer, added);
  // All lanes add to one element.
  for (const Shadow& shadow : shadows_) {
    if (shadow.buffer == each.buffer) return add_to_shadow(shadow, each);
  }
  Value* value = b_.splat(get(added), lanes_);
  if (mask_ != nullptr) value = b_.select(mask_, value, 0.0);
  Value* total = across(ir::Reducer::Sum, value);
  Value* before = builder_.CreateAlignedLoad(builder_.getDoubleTy(), where.pointer, llvm::Align(8));
  builder_.CreateAlignedStore(b_.add(before, total), where.pointer, llvm::Align(8));
}

// Two lanes may add to one element, so they go one after the other.
void Operations::scatter_add(const Place& place, Value* value) {
  llvm::AllocaInst* values = slot(value->getType(), "added");
  llvm::AllocaInst* numbers = slot(place.index->getType(), "numbers");
  Value* index = place.index;
  if (mask_ != nullptr) {
    value = b_.select(mask_, value, 0.0);
    index = b_.select(mask_, index, llvm::Constant::getNullValue(index->getType()));
  }
  builder_.CreateStore(value, values);
  builder_.CreateStore(index, numbers);
  for (unsigned lane = 0; lane < lanes_; ++lane) {
    Value* number =
        builder_.CreateLoad(builder_.getInt64Ty(), builder_.CreateConstGEP1_64(builder_.getInt64Ty(), numbers, lane));
    Value* added =
        builder_.CreateLoad(builder_.getDoubleTy(), builder_.CreateConstGEP1_64(builder_.getDoubleTy(), values, lane));
    Value* pointer = builder_.CreateGEP(builder_.getDoubleTy(), place.pointer, number);
    builder_.CreateStore(b_.add(builder_.CreateLoad(builder_.getDoubleTy(), pointer), added), pointer);
  }
}

void Operations::fill(const Instruction& each) {
  const ir::Buffer& buffer = module_.buffer(each.buffer);
  Value* start = base(each.buffer);
  Value* value = get(each.operands[0]);
  const std::int64_t copies = by_draw(buffer) ? lanes_ : 1;
  if (copies > 1) value = b_.splat(value, lanes_);
  llvm::Type* element = Lanes::shaped(value, stored_type(buffer.element));
  value = to_stored(value, buffer.element);
  const llvm::Align align(static_cast<std::uint64_t>(element_bytes(buffer.element)));
  auto one = [&](Value* i) { builder_.CreateAlignedStore(value, builder_.CreateGEP(element, start, i), align); };
  if (buffer.axes.empty()) return one(constant(0));
  Value* count = elements(buffer);
  const std::int64_t together = copies > 1 ? 1 : target_.lanes();
  Value* whole = builder_.CreateAnd(count, constant(-together));
  if (together > 1) {
    Value* vector = builder_.CreateVectorSplat(static_cast<unsigned>(together), value);
    count_up(constant(0), whole, constant(together), [&](Value* i) {
      builder_.CreateAlignedStore(vector, builder_.CreateGEP(element, start, i), align);
    });
  }
  count_up(together > 1 ? whole : constant(0), count, constant(1), one);
}

}  // namespace lacuna::codegen
