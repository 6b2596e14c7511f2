// The steps of a loop over rows: whole vectors along its last axis, or along a list of cells.
//
// The last vector may be short, so lanes behind the end are masked. Where a loop does little but load, add and store, and
// where it runs over the columns of a row, its whole vectors are written without the mask, and the last one behind them. Not so
// where code shall be short.
#include <numeric>

#include "compiler/codegen/emit_loops.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::Op;
using ir::ValueId;

namespace {

constexpr int kLightInstructions = 24;

// Whether the block may be written twice: short, and without functions that are long when inlined.
bool is_light(const ir::Instruction& loop) {
  if (loop.op != Op::For || !loop.operands.empty()) return false;
  int count = 0;
  bool light = true;
  for (ir::Reducer reducer : loop.reducers) light = light && reducer == ir::Reducer::Sum;
  ir::for_each_instruction(loop.blocks.front(), [&](const ir::Instruction& each) {
    ++count;
    const bool arithmetic = each.op == Op::Add || each.op == Op::Sub || each.op == Op::Mul || each.op == Op::Neg ||
                            each.op == Op::Fma || each.op == Op::Select || each.op == Op::Constant;
    light = light && (arithmetic || each.op == Op::Load || each.op == Op::Store || each.op == Op::Accumulate);
  });
  return light && count <= kLightInstructions;
}

}  // namespace

// Whether all axes of the loop can be stepped through as one: its indices serve only to reach elements of arrays over
// exactly these axes.
bool Loops::is_flat(const Instruction& each) const {
  const ir::Domain& domain = each.domain;
  if (domain.space.valid() || domain.dims.size() < 2) return false;
  const auto& indices = each.blocks.front().arguments;
  bool flat = true;
  ir::for_each_instruction(each.blocks.front(), [&](const Instruction& inner) {
    const bool stores = inner.op == Op::Store || inner.op == Op::Accumulate;
    const bool used = std::any_of(inner.operands.begin(), inner.operands.end(), [&](ValueId id) {
      return std::find(indices.begin(), indices.end(), id) != indices.end();
    });
    if (!used) return;
    flat = flat && (inner.op == Op::Load || stores) &&
           std::equal(inner.operands.begin(), inner.operands.end() - (stores ? 1 : 0), indices.begin(), indices.end());
    flat = flat && module_.buffer(inner.buffer).axes == domain.dims && module_.buffer(inner.buffer).tile == 0;
  });
  return flat;
}

void Loops::follow(ValueId id, Value* first) {
  llvm::SmallVector<std::uint64_t> numbers(lanes_);
  std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
  Value* lane = llvm::ConstantDataVector::get(code_.getContext(), llvm::ArrayRef<std::uint64_t>(numbers));
  set(id, builder_.CreateAdd(builder_.CreateVectorSplat(lanes_, first), lane));
  first_lane_[id] = first;
  row_ = id;
}

void Loops::row_steps(const Instruction& each, const Body& body) {
  const auto& arguments = each.blocks.front().arguments;
  const std::size_t axes = each.domain.dims.size();
  if (each.domain.space.valid()) {
    const Range range = cells_of(each);
    return vectors(each, range, [&](Value* first) {
      bind_cell(each, first);
      if (axes == 1) find_run(each, first, range.end);
      if (each.domain.position) follow(arguments[axes], first);
      body();
    });
  }
  auto along_last = [&](Value* end) {
    const Range all{constant(0), end};
    vectors(each, axes == 1 ? part_of(each, all) : all, [&](Value* first) {
      follow(arguments[axes - 1], first);
      body();
    });
  };
  if (is_flat(each)) {
    for (std::size_t axis = 0; axis + 1 < axes; ++axis) set(arguments[axis], constant(0));
    return along_last(evaluate(ir::SizeExpr::product(each.domain.dims)));
  }
  std::function<void(std::size_t)> outer = [&](std::size_t axis) {
    if (axis + 1 == axes) return along_last(size(each.domain.dims[axis]));
    count_up(constant(0), size(each.domain.dims[axis]), constant(1), [&](Value* i) {
      set(arguments[axis], i);
      outer(axis + 1);
    });
  };
  outer(0);
}

// The first `wanted` lanes. Once a call, and in short code, their numbers are bytes: whole ones would fill a line of the cache in
// every function.
Value* Loops::first_lanes(Value* wanted, bool once) {
  constexpr std::uint64_t kMost = 127;
  const bool narrow = (once || masks_all_) && lanes_ >= 8 && lanes_ <= kMost;
  if (narrow) wanted = builder_.CreateTrunc(builder_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, wanted, constant(kMost)), builder_.getInt8Ty());
  llvm::SmallVector<llvm::Constant*> numbers;
  for (unsigned lane = 0; lane < lanes_; ++lane) numbers.push_back(llvm::ConstantInt::get(wanted->getType(), lane));
  return builder_.CreateICmpSLT(llvm::ConstantVector::get(numbers), builder_.CreateVectorSplat(lanes_, wanted));
}

// `step(first)` for every vector of the range, with the mask of its lanes.
void Loops::vectors(const Instruction& each, Range range, const std::function<void(Value*)>& step) {
  Value* count = builder_.CreateSub(range.end, range.begin);
  const std::int64_t lanes = lanes_;
  auto masked = [&](Value* first, Value* is_whole, bool once) {
    mask_ = tail_ = first_lanes(builder_.CreateSub(range.end, first), once);
    is_whole_ = is_whole;
    step(first);
    mask_ = tail_ = nullptr;
  };
  // A function of parts has many rows: the mask is nothing beside what each step waits for.
  const bool light = is_light(each);
  masks_all_ = short_code() || (light && has_parts_ && target_.avx512);
  const bool short_columns = depth_ > 1 && each.op == Op::For && !each.domain.space.valid();
  if (!masks_all_ && (light || short_columns)) {
    Value* whole = builder_.CreateAdd(range.begin, builder_.CreateAnd(count, constant(-lanes)));
    count_up(range.begin, whole, constant(lanes), step);
    return when(builder_.CreateICmpSLT(whole, range.end), [&] { masked(whole, builder_.getFalse(), depth_ == 1); });
  }
  Value* last = builder_.CreateAnd(builder_.CreateSub(count, constant(1)), constant(-lanes));
  Value* both = builder_.CreateAdd(builder_.CreateAdd(range.begin, range.begin), last);
  count_up(range.begin, range.end, constant(lanes), [&](Value* at) {
    Value* first = each.domain.descending ? builder_.CreateSub(both, at) : at;
    masked(first, builder_.CreateICmpSLE(builder_.CreateAdd(first, constant(lanes)), range.end), false);
  });
}

// Cells come in order, so those of a vector follow each other if the last is as far from the first as lanes are. Then
// what they index lies together, although some other cells are masked.
void Loops::find_run(const Instruction& each, Value* position, Value* end) {
  const ValueId index = each.blocks.front().arguments[0];
  Value* last = builder_.CreateAdd(position, constant(lanes_ - 1));
  Value* behind = builder_.CreateSub(end, constant(1));
  last = builder_.CreateSelect(builder_.CreateICmpSLT(behind, last), behind, last);
  Value* list = builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound),
                                   header(layout_.coordinates(each.domain.space, 0)));
  auto cell = [&](Value* at) {
    const Place where{builder_.CreateGEP(builder_.getInt32Ty(), list, at), nullptr, false};
    return read(where, ir::Type::index_of(each.domain.dims[0]), false);
  };
  Value* first_cell = cell(position);
  Value* distance = builder_.CreateSub(cell(last), first_cell);
  run_[index] = builder_.CreateICmpEQ(distance, builder_.CreateSub(last, position));
  first_lane_[index] = first_cell;
}

}  // namespace lacuna::codegen
