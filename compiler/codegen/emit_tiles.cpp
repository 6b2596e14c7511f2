// Several rows at a time where their inner loops have the same columns: with lanes over draws, so that one load of each
// latent and one load and store of each slope serve all rows of a tile; with lanes over the columns, so that what waits
// for one row's sums leaves the others room.
//
// The body falls into stretches: inner loops, which run once for all rows, and what stands between them, which runs in a
// loop over the rows. A value that is used in a later stretch is kept in a stack array, one element for each row; scratch
// buffers are there once for each row.
#include <algorithm>

#include "compiler/codegen/emitter.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::Op;
using ir::ValueId;

namespace {

constexpr int kRowsOfDraws = 8;

}  // namespace

// An inner loop whose iterations are the same for every row, of nothing but arithmetic, loads and sums.
bool Emitter::serves_all_rows(const Instruction& each) const {
  if (each.op != Op::For || each.domain.space.valid() || each.domain.dims.empty()) return false;
  if (axis_ == LaneAxis::None && each.schedule.lanes != ir::Lanes::Rows) return false;
  const auto& body = each.blocks.front().body;
  return std::all_of(body.begin(), body.end(), [&](const Instruction& inner) {
    const bool own = inner.op == Op::Store && module_.buffer(inner.buffer).kind == ir::BufferKind::Scratch;
    return inner.blocks.empty() && (own || inner.op != Op::Store) && inner.op != Op::Kernel && inner.op != Op::Check;
  });
}

// How many rows a loop takes at a time; 0: it goes another way.
int Emitter::rows_at_a_time(const Instruction& each) const {
  if (stage_ != ir::Stage::Draw || depth_ > 1 || space_parameters(each) > 0) return 0;
  if (!each.domain.space.valid() && each.domain.dims.size() != 1) return 0;
  const bool by_rows = each.schedule.lanes == ir::Lanes::Rows;
  int rows = 0;
  if (axis_ == LaneAxis::Draws && by_rows && each.schedule.tile % kRowsOfDraws == 0) rows = kRowsOfDraws;
  if (axis_ == LaneAxis::None && each.schedule.lanes == ir::Lanes::None) rows = each.schedule.tile;
  if (rows < 2 || each.schedule.tile == 0) return 0;
  const auto& body = each.blocks.front().body;
  const bool shares = std::any_of(body.begin(), body.end(), [&](const Instruction& inner) { return serves_all_rows(inner); });
  return shares ? rows : 0;
}

void Emitter::tile_loop(const Instruction& each) {
  rows_of_tile_ = rows_at_a_time(each);
  mark_varying(each);
  by_row_ = varying_;
  mark_by_row(each.blocks.front());
  varying_.assign(varying_.size(), false);
  row_ = each.domain.space.valid() ? each.blocks.front().arguments.back() : each.blocks.front().arguments[0];
  const std::vector<Accumulator> reduced = start_all(each);
  const Range range =
      each.domain.space.valid() ? cells_of(each) : part_of(each, {constant(0), size(each.domain.dims[0])});
  Value* count = builder_.CreateSub(range.end, range.begin);
  Value* left = builder_.CreateSRem(count, constant(rows_of_tile_));
  Value* whole = builder_.CreateSub(range.end, left);
  count_up(range.begin, whole, constant(rows_of_tile_), [&](Value* first) { tile(each, first, reduced); });
  row_slots_.clear();
  scratch_row_ = constant(0);
  count_up(whole, range.end, constant(1), [&](Value* row) {
    set_row(each, row);
    block(each.blocks.front());
    for (std::size_t i = 0; i < reduced.size(); ++i) reduce(reduced[i], each.blocks.front().yields[i]);
  });
  scratch_row_ = nullptr;
  rows_of_tile_ = 0;
  for (std::size_t i = 0; i < reduced.size(); ++i) set(each.results[i], result(reduced[i], false));
}

// What differs between rows because it comes from a row's own scratch.
void Emitter::mark_by_row(const ir::Block& block) {
  for (const Instruction& each : block.body) {
    bool marked = each.op == Op::Scan;
    marked = marked || (each.op == Op::Load && module_.buffer(each.buffer).kind == ir::BufferKind::Scratch);
    for (ValueId id : each.operands) marked = marked || by_row_[id.index];
    for (const ir::Block& inner : each.blocks) {
      mark_by_row(inner);
      for (ValueId id : inner.yields) marked = marked || by_row_[id.index];
    }
    for (ValueId id : each.results) by_row_[id.index] = by_row_[id.index] || marked;
  }
}

// The indices, and the position, of one row.
void Emitter::set_row(const Instruction& each, Value* row) {
  const auto& arguments = each.blocks.front().arguments;
  if (!each.domain.space.valid()) return set(arguments[0], row);
  bind_cell(each, row);
  if (each.domain.position) set(arguments[each.domain.dims.size()], row);
}

void Emitter::tile(const Instruction& each, Value* first, const std::vector<Accumulator>& reduced) {
  const ir::Block& body = each.blocks.front();
  std::vector<std::span<const Instruction>> stretches;
  for (std::size_t i = 0; i < body.body.size();) {
    std::size_t end = i + 1;
    if (!serves_all_rows(body.body[i])) {
      while (end < body.body.size() && !serves_all_rows(body.body[end])) ++end;
    }
    stretches.emplace_back(body.body.data() + i, end - i);
    i = end;
  }
  std::set<ValueId> later(body.yields.begin(), body.yields.end());
  std::vector<std::set<ValueId>> used_later(stretches.size());
  for (std::size_t i = stretches.size(); i-- > 0;) {
    used_later[i] = later;
    for (const Instruction& inner : stretches[i]) ir::for_each_use(inner, [&](ValueId id) { later.insert(id); });
  }
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    if (serves_all_rows(stretches[i].front())) {
      for_all_rows(each, stretches[i].front(), first);
    } else {
      row_by_row(each, stretches[i], first, used_later[i]);
    }
  }
  count_up(constant(0), constant(rows_of_tile_), constant(1), [&](Value* row) {
    set_row(each, builder_.CreateAdd(first, row));
    fetch(std::set<ValueId>(body.yields.begin(), body.yields.end()), row);
    for (std::size_t i = 0; i < reduced.size(); ++i) reduce(reduced[i], body.yields[i]);
  });
}

// Takes what earlier stretches kept for a row.
void Emitter::fetch(const std::set<ValueId>& wanted, Value* row) {
  for (ValueId id : wanted) {
    if (!row_slots_.contains(id)) continue;
    set(id, builder_.CreateLoad(row_type(id), row_slot(id, row)));
    products_.erase(id);  // its factors are not here
  }
}

void Emitter::row_by_row(const Instruction& each, std::span<const Instruction> stretch, Value* first,
                         const std::set<ValueId>& used_later) {
  std::set<ValueId> captured, made;
  for (const Instruction& inner : stretch) {
    ir::for_each_use(inner, [&](ValueId id) { captured.insert(id); });
    made.insert(inner.results.begin(), inner.results.end());
  }
  std::erase_if(captured, [&](ValueId id) { return made.contains(id); });
  count_up(constant(0), constant(rows_of_tile_), constant(1), [&](Value* row) {
    scratch_row_ = row;
    set_row(each, builder_.CreateAdd(first, row));
    fetch(captured, row);
    for (const Instruction& inner : stretch) instruction(inner);
    for (ValueId id : made) {
      if (used_later.contains(id)) builder_.CreateStore(widened(id), row_slot(id, row));
    }
  });
}

llvm::Type* Emitter::row_type(ValueId id) const {
  return type_of(body_->type(id), is_vector(id));
}

// The element of one row in the stack array of a value.
Value* Emitter::row_slot(ValueId id, Value* row) {
  llvm::AllocaInst*& memory = row_slots_[id];
  if (memory == nullptr) {
    memory = slot(llvm::ArrayType::get(row_type(id), static_cast<std::uint64_t>(rows_of_tile_)), "rows");
  }
  return builder_.CreateGEP(row_type(id), memory, row);
}

// One inner loop for all rows: what all rows share is computed once, the rest row after row.
void Emitter::for_all_rows(const Instruction& each, const Instruction& inner, Value* first) {
  std::set<ValueId> captured;
  ir::for_each_use(inner, [&](ValueId id) { captured.insert(id); });
  std::vector<std::map<ValueId, Value*>> rows(static_cast<std::size_t>(rows_of_tile_));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Value* number = constant(static_cast<std::int64_t>(row));
    set_row(each, builder_.CreateAdd(first, number));
    for (ValueId id : each.blocks.front().arguments) rows[row][id] = get(id);
    for (ValueId id : captured) {
      if (!row_slots_.contains(id)) continue;
      rows[row][id] = builder_.CreateLoad(row_type(id), row_slot(id, number));
      products_.erase(id);
    }
  }
  const std::vector<std::vector<Value*>> results =
      axis_ == LaneAxis::Draws ? columns_of_draws(inner, rows) : columns_in_lanes(inner, rows);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t i = 0; i < inner.results.size(); ++i) {
      const ValueId id = inner.results[i];
      Value* kept = widen(results[row][i], is_vector(id));
      builder_.CreateStore(kept, row_slot(id, constant(static_cast<std::int64_t>(row))));
    }
  }
}

std::vector<std::vector<Value*>> Emitter::columns_of_draws(const Instruction& inner, const RowValues& rows) {
  std::vector<std::vector<Accumulator>> reduced;
  for (std::size_t row = 0; row < rows.size(); ++row) reduced.push_back(start_all(inner));
  over_domain(inner, [&] { column(inner.blocks.front(), rows, reduced); });
  std::vector<std::vector<Value*>> results(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const Accumulator& each : reduced[row]) results[row].push_back(result(each, false));
  }
  return results;
}

std::vector<std::vector<Value*>> Emitter::columns_in_lanes(const Instruction& inner, const RowValues& rows) {
  ++depth_;
  axis_ = LaneAxis::Rows;
  lanes_ = row_lanes(inner);
  const ValueId row_before = row_;
  mark_varying(inner);
  aligned_rows_ = true;
  open_shadows(inner.blocks.front());
  std::vector<std::vector<Accumulator>> reduced(rows.size());
  for (auto& each : reduced) {
    for (ir::Reducer reducer : inner.reducers) each.push_back(start(reducer, true, true));
  }
  row_steps(inner, [&] { column(inner.blocks.front(), rows, reduced); });
  std::vector<std::vector<Value*>> results(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const Accumulator& each : reduced[row]) results[row].push_back(result(each, true));
  }
  close_shadows();
  varying_.assign(varying_.size(), false);
  first_lane_.clear();
  padded_.clear();
  row_ = row_before;
  axis_ = LaneAxis::None;
  lanes_ = 1;
  --depth_;
  return results;
}

bool Emitter::differs_by_row(const Instruction& each) const {
  const bool effect = each.op == Op::Accumulate || each.op == Op::Store;
  const bool own = each.op == Op::Load && module_.buffer(each.buffer).kind == ir::BufferKind::Scratch;
  return effect || own ||
         std::any_of(each.operands.begin(), each.operands.end(), [&](ValueId id) { return by_row_[id.index]; });
}

// One column, or one vector of columns, for all rows.
void Emitter::column(const ir::Block& body, const RowValues& rows, const std::vector<std::vector<Accumulator>>& reduced) {
  for (const auto& [id, value] : rows[0]) set(id, value);
  for (const Instruction& each : body.body) {
    if (!differs_by_row(each)) instruction(each);
  }
  std::map<const Instruction*, Value*> sums;
  std::map<const Instruction*, Place> places;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    scratch_row_ = constant(static_cast<std::int64_t>(row));
    for (const auto& [id, value] : rows[row]) set(id, value);
    for (const Instruction& each : body.body) {
      if (!differs_by_row(each)) continue;
      if (each.op == Op::Load && in_one_tile(each)) {
        if (row == 0) places[&each] = place(each.buffer, each.operands, each.operands.size());
        Place where = places[&each];
        const ir::Type type = module_.buffer(each.buffer).element;
        where.pointer = builder_.CreateConstGEP1_64(stored_type(type), where.pointer, row);
        set(each.result(), read(where, type, false));
      } else if (shares_element(each)) {
        Value*& sum = sums[&each];
        const ir::Buffer& buffer = module_.buffer(each.buffer);
        if (row == 0) places[&each] = place(each.buffer, each.operands, each.operands.size() - 1);
        sum = plus(row == 0 ? read(places[&each], buffer.element, true) : sum, each.operands.back());
        if (row + 1 == rows.size()) write(places[&each], buffer.element, b_.splat(sum, lanes_));
      } else {
        instruction(each);
      }
    }
    for (std::size_t i = 0; i < reduced[row].size(); ++i) reduce(reduced[row][i], body.yields[i]);
  }
}

// Lanes over draws: whether all rows add to one element.
bool Emitter::shares_element(const Instruction& each) const {
  return axis_ == LaneAxis::Draws && each.op == Op::Accumulate &&
         std::none_of(each.operands.begin(), each.operands.end() - 1, [&](ValueId id) { return by_row_[id.index]; });
}

// Lanes over draws: whether the rows of a tile lie next to each other in a tile of the matrix.
bool Emitter::in_one_tile(const Instruction& each) const {
  const ir::Buffer& buffer = module_.buffer(each.buffer);
  if (axis_ != LaneAxis::Draws || buffer.tile == 0 || buffer.tile % rows_of_tile_ != 0) return false;
  if (each.operands.size() < 2 || each.operands[0] != row_) return false;
  return std::none_of(each.operands.begin() + 1, each.operands.end(), [&](ValueId id) { return by_row_[id.index]; });
}

}  // namespace lacuna::codegen
