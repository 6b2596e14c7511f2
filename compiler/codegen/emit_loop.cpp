// Loops one iteration after the other, and branches.
#include <algorithm>

#include "compiler/codegen/emit_loops.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::ValueId;

std::size_t Loops::space_parameters(const Instruction& each) const {
  return each.domain.space.valid() ? module_.space(each.domain.space).parameters.size() : 0;
}

std::vector<Accumulator> Loops::start_all(const Instruction& each) {
  const ir::Block& body = each.blocks.front();
  const std::size_t carried = body.yields.size() - each.reducers.size();
  std::vector<Accumulator> all;
  for (std::size_t i = 0; i < each.reducers.size(); ++i) {
    const bool vector = is_vector(body.yields[carried + i]) || is_vector(each.results[carried + i]);
    all.push_back(start(each.reducers[i], vector));
  }
  return all;
}

void Loops::for_loop(const Instruction& each) {
  const ir::Block& body = each.blocks.front();
  const std::vector<Through> through = reduced_within(each);
  std::vector<Accumulator> reduced;
  for (std::size_t i = 0; i < each.reducers.size(); ++i) {
    const Instruction* inner = through[i].loop;
    if (inner == nullptr) {
      const auto outer = within_.find(each.results[i]);
      const bool vector = is_vector(body.yields[i]) || is_vector(each.results[i]);
      reduced.push_back(outer != within_.end() ? outer->second : start(each.reducers[i], vector));
    } else {
      reduced.push_back(start_within(*inner, inner->reducers[through[i].reduction]));
      within_[body.yields[i]] = reduced.back();
    }
  }
  over_domain(each, [&] {
    block(body);
    for (std::size_t i = 0; i < reduced.size(); ++i) {
      if (through[i].loop == nullptr) reduce(reduced[i], body.yields[i]);
    }
  });
  for (std::size_t i = 0; i < reduced.size(); ++i) {
    if (through[i].loop != nullptr) within_.erase(body.yields[i]);
    if (within_.contains(each.results[i])) continue;  // the loop around has it
    const bool rows = through[i].loop != nullptr && axis_ == LaneAxis::None && reduced[i].vector;
    set(each.results[i], result(reduced[i], rows));
  }
}

// For each reduction of a loop: the loop in its block, if one is, whose own reduction is all that it adds up. Then one
// accumulator serves both, and lanes come together once, behind the outer loop.
std::vector<Loops::Through> Loops::reduced_within(const Instruction& each) const {
  const ir::Block& body = each.blocks.front();
  std::vector<Through> found(each.reducers.size());
  std::map<ValueId, int> uses;
  for (ValueId id : body.yields) ++uses[id];
  for (const Instruction& inner : body.body) ir::for_each_use(inner, [&](ValueId id) { ++uses[id]; });
  for (const Instruction& inner : body.body) {
    if (inner.op != ir::Op::For || inner.operands.empty() || is_plain_log_sum_exp(inner)) continue;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto at = std::find(inner.results.begin(), inner.results.end(), body.yields[i]);
      if (at == inner.results.end() || uses[body.yields[i]] != 1) continue;
      const auto reduction = static_cast<std::size_t>(at - inner.results.begin());
      const ir::Reducer own = inner.reducers[reduction];
      const bool same = own == each.reducers[i] && own != ir::Reducer::LogSumExp;
      const bool logs = own == ir::Reducer::SumLog && each.reducers[i] == ir::Reducer::Sum;
      if (same || logs) found[i] = {&inner, reduction};
    }
  }
  return found;
}

// An accumulator as the inner loop would start it.
Accumulator Loops::start_within(const Instruction& inner, ir::Reducer reducer) {
  const bool rows = runs_by_rows(inner);
  if (!rows) return start(reducer, axis_ == LaneAxis::Draws);
  lanes_ = row_lanes(inner);
  const Accumulator started = start(reducer, true, true);
  lanes_ = 1;
  return started;
}

// What is carried stays in stack slots between iterations.
void Loops::scan_loop(const Instruction& each) {
  const ir::Block& body = each.blocks.front();
  const std::size_t carried = body.yields.size() - each.reducers.size();
  const std::size_t first_argument = body.arguments.size() - carried;
  const std::size_t first_start = each.operands.size() - carried;
  std::vector<llvm::AllocaInst*> slots;
  for (std::size_t i = 0; i < carried; ++i) {
    const ValueId argument = body.arguments[first_argument + i];
    const bool vector = is_vector(argument);
    slots.push_back(slot(type_of(body_->type(argument), vector), "carried"));
    builder_.CreateStore(widen(get(each.operands[first_start + i]), vector), slots.back());
  }
  const std::vector<Accumulator> reduced = start_all(each);
  over_domain(each, [&] {
    for (std::size_t i = 0; i < carried; ++i) {
      set(body.arguments[first_argument + i], builder_.CreateLoad(slots[i]->getAllocatedType(), slots[i]));
    }
    block(body);
    std::vector<Value*> next;
    for (std::size_t i = 0; i < carried; ++i) {
      next.push_back(widen(get(body.yields[i]), is_vector(body.arguments[first_argument + i])));
    }
    for (std::size_t i = 0; i < carried; ++i) {
      Value* kept = next[i];
      if (mask_ != nullptr && Lanes::count(kept) > 1) {
        kept = b_.select(mask_, kept, get(body.arguments[first_argument + i]));
      }
      builder_.CreateStore(kept, slots[i]);
    }
    for (std::size_t i = 0; i < reduced.size(); ++i) reduce(reduced[i], body.yields[carried + i]);
  });
  for (std::size_t i = 0; i < carried; ++i) {
    set(each.results[i], builder_.CreateLoad(slots[i]->getAllocatedType(), slots[i]));
  }
  for (std::size_t i = 0; i < reduced.size(); ++i) set(each.results[carried + i], result(reduced[i], false));
}

void Loops::over_domain(const Instruction& each, const Body& body) {
  if (each.domain.space.valid()) {
    over_cells(each, body);
  } else {
    over_dims(each, 0, body);
  }
}

void Loops::over_dims(const Instruction& each, std::size_t axis, const Body& body) {
  if (axis == each.domain.dims.size()) return body();
  Value* count = size(each.domain.dims[axis]);
  const bool whole = axis > 0 || each.domain.dims.size() > 1;
  const Range range = whole ? Range{constant(0), count} : part_of(each, {constant(0), count});
  Value* last = each.domain.descending ? builder_.CreateSub(count, constant(1)) : nullptr;
  count_up(range.begin, range.end, constant(1), [&](Value* i) {
    set(each.blocks.front().arguments[axis], last ? builder_.CreateSub(last, i) : i);
    over_dims(each, axis + 1, body);
  });
}

Value* Loops::list_number(ir::SpaceId space, const std::vector<Value*>& parameters) {
  Value* number = constant(0);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    number = builder_.CreateAdd(builder_.CreateMul(number, size(module_.space(space).parameters[i])), parameters[i]);
  }
  return number;
}

// The call's arguments are the number of the part and how many there are; parts begin where tiles do.
Loops::Range Loops::part_of(const Instruction& each, Range all) {
  if (each.schedule.parts == 0) return all;
  constexpr std::int64_t kUnit = 64;
  Value* arguments = frame_field(FrameField::Arguments);
  auto argument = [&](unsigned number) {
    Value* address = builder_.CreateConstGEP1_64(builder_.getInt64Ty(), arguments, number);
    return builder_.CreateLoad(builder_.getInt64Ty(), address);
  };
  auto least = [&](Value* a) { return builder_.CreateSelect(builder_.CreateICmpSLT(a, all.end), a, all.end); };
  Value *part = argument(0), *parts = argument(1);
  Value* share = builder_.CreateSDiv(builder_.CreateAdd(all.end, builder_.CreateSub(parts, constant(1))), parts);
  share = builder_.CreateAnd(builder_.CreateAdd(share, constant(kUnit - 1)), constant(-kUnit));
  Value* begin = builder_.CreateMul(part, share);
  return {least(begin), least(builder_.CreateAdd(begin, share))};
}

Loops::Range Loops::cells_of(const Instruction& each) {
  const ir::SpaceId space = each.domain.space;
  const std::size_t parameters = space_parameters(each);
  if (parameters == 0) return part_of(each, {constant(0), header(layout_.cells(space))});
  std::vector<Value*> given;
  for (std::size_t i = 0; i < parameters; ++i) given.push_back(get(each.operands[i]));
  Value* starts =
      builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound), header(layout_.starts(space)));
  Value* first = builder_.CreateGEP(builder_.getInt64Ty(), starts, list_number(space, given));
  Value* second = builder_.CreateConstGEP1_64(builder_.getInt64Ty(), first, 1);
  return {builder_.CreateLoad(builder_.getInt64Ty(), first), builder_.CreateLoad(builder_.getInt64Ty(), second)};
}

// Sets the indices, and the position, of the cell (or, with lanes over rows, of as many as there are lanes).
void Loops::bind_cell(const Instruction& each, Value* position) {
  const auto& arguments = each.blocks.front().arguments;
  const ir::Type index = ir::Type::index_of(each.domain.dims.empty() ? ir::DimId{} : each.domain.dims[0]);
  for (std::size_t axis = 0; axis < each.domain.dims.size(); ++axis) {
    Value* list = builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound),
                                     header(layout_.coordinates(each.domain.space, axis)));
    Place where{builder_.CreateGEP(builder_.getInt32Ty(), list, position), nullptr, is_vector(arguments[axis])};
    where.bound = stage_ == ir::Stage::Draw;
    set(arguments[axis], read(where, index, false));
  }
}

void Loops::over_cells(const Instruction& each, const Body& body) {
  const Range range = cells_of(each);
  Value* last = builder_.CreateSub(builder_.CreateAdd(range.begin, range.end), constant(1));
  count_up(range.begin, range.end, constant(1), [&](Value* i) {
    Value* position = each.domain.descending ? builder_.CreateSub(last, i) : i;
    bind_cell(each, position);
    if (each.domain.position) set(each.blocks.front().arguments[each.domain.dims.size()], position);
    body();
  });
}

void Loops::branch(const Instruction& each) {
  Value* condition = get(each.operands[0]);
  if (Lanes::count(condition) > 1) return branch_by_mask(each, condition);
  std::vector<llvm::AllocaInst*> slots;
  for (ValueId id : each.results) slots.push_back(slot(type_of(body_->type(id), is_vector(id)), "chosen"));
  llvm::BasicBlock* sides[] = {new_block("yes"), new_block("no")};
  llvm::BasicBlock* after = new_block("chosen");
  builder_.CreateCondBr(condition, sides[0], sides[1]);
  const bool inlines_once = inlines_once_;
  for (int side = 0; side < 2; ++side) {
    builder_.SetInsertPoint(sides[side]);
    inlines_once_ = inlines_once && !(side == 1 && get(each.operands[0]) == with_jacobian_);  // few leave the Jacobian out
    block(each.blocks[side]);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      builder_.CreateStore(widen(get(each.blocks[side].yields[i]), is_vector(each.results[i])), slots[i]);
    }
    builder_.CreateBr(after);
  }
  inlines_once_ = inlines_once;
  after->moveAfter(builder_.GetInsertBlock());
  builder_.SetInsertPoint(after);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    set(each.results[i], builder_.CreateLoad(slots[i]->getAllocatedType(), slots[i]));
  }
}

// Lanes go both ways: each side with its own lanes, the results selected.
void Loops::branch_by_mask(const Instruction& each, Value* condition) {
  Value* outer = mask_;
  auto side = [&](const ir::Block& side_block, Value* taken) {
    mask_ = outer != nullptr ? builder_.CreateAnd(outer, taken) : taken;
    block(side_block);
    mask_ = outer;
  };
  side(each.blocks[0], condition);
  side(each.blocks[1], builder_.CreateNot(condition));
  for (std::size_t i = 0; i < each.results.size(); ++i) {
    Value* yes = b_.splat(get(each.blocks[0].yields[i]), lanes_);
    Value* no = b_.splat(get(each.blocks[1].yields[i]), lanes_);
    set(each.results[i], b_.select(condition, yes, no));
  }
}

}  // namespace lacuna::codegen
