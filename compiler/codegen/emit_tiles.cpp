// Several rows at a time where their inner loops have the same columns: with lanes over draws, so that one load of each
// latent and one load and store of each slope serve all rows of a tile; with lanes over the columns, so that what waits
// for one row's sums leaves the others room.
//
// The body falls into stretches: inner loops, and what stands between them. That is arithmetic in the lanes of a vector of rows
// where it can be (not under lanes over draws, which fill vectors by themselves), else a loop over the rows. Inner loops run once
// for all rows; those that call functions under lanes over columns run row after row, since the functions keep the pipelines busy.
// A value that is used in a later stretch is kept in a stack array, one element for each row; scratch buffers are there once for
// each row.
#include <algorithm>

#include "compiler/codegen/emit_tiles.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::Op;
using ir::ValueId;

namespace {

constexpr int kRowsOfDraws = 8;
constexpr int kRowsAbreast = 2;

}  // namespace

// An inner loop whose iterations are the same for every row, of nothing but arithmetic, loads and sums.
bool Tiles::serves_all_rows(const Instruction& each) const {
  if (each.op != Op::For || each.domain.space.valid() || each.domain.dims.empty()) return false;
  if (axis_ == LaneAxis::None && each.schedule.lanes != ir::Lanes::Rows) return false;
  const auto& body = each.blocks.front().body;
  return std::all_of(body.begin(), body.end(), [&](const Instruction& inner) {
    const bool own = inner.op == Op::Store && module_.buffer(inner.buffer).kind == ir::BufferKind::Scratch;
    return inner.blocks.empty() && (own || inner.op != Op::Store) && inner.op != Op::Kernel && inner.op != Op::Check;
  });
}

// How many rows a loop takes at a time; 0: it goes another way.
int Tiles::rows_at_a_time(const Instruction& each) const {
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

void Tiles::tile_loop(const Instruction& each) {
  rows_of_tile_ = rows_at_a_time(each);
  mark_varying(each);
  by_row_ = varying_;
  mark_by_row(each.blocks.front());
  varying_.assign(varying_.size(), false);
  row_ = each.domain.space.valid() ? each.blocks.front().arguments.back() : each.blocks.front().arguments[0];
  if (each.domain.dims.size() > 1 && module_.space(each.domain.space).by.empty()) in_order_ = each.blocks.front().arguments[0];
  const bool wide = axis_ == LaneAxis::None;
  std::vector<Accumulator> reduced;
  if (wide) {
    in_lanes_of_rows([&] {
      for (ir::Reducer reducer : each.reducers) reduced.push_back(start(reducer, true, true));
    });
  } else {
    reduced = start_all(each);
  }
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
    if (!wide) return reduce_all(reduced, each.blocks.front().yields);
    // A row by itself takes the first lane.
    llvm::SmallVector<llvm::Constant*> first(static_cast<std::size_t>(rows_of_tile_), builder_.getFalse());
    first[0] = builder_.getTrue();
    mask_ = llvm::ConstantVector::get(first);
    in_lanes_of_rows([&] { reduce_all(reduced, each.blocks.front().yields); });
    mask_ = nullptr;
  });
  scratch_row_ = nullptr;
  in_order_ = {};
  std::vector<Value*> results;
  for (const Accumulator& accumulator : reduced) results.push_back(result(accumulator, wide));
  rows_of_tile_ = 0;
  for (std::size_t i = 0; i < reduced.size(); ++i) set(each.results[i], results[i]);
}

void Tiles::reduce_all(const std::vector<Accumulator>& reduced, const std::vector<ValueId>& yields) {
  for (std::size_t i = 0; i < reduced.size(); ++i) reduce(reduced[i], yields[i]);
}

// `body` with the rows of a tile as the lanes of vectors.
void Tiles::in_lanes_of_rows(const Body& body) {
  axis_ = LaneAxis::Rows;
  lanes_ = static_cast<unsigned>(rows_of_tile_);
  varying_ = by_row_;
  aligned_rows_ = false;
  body();
  varying_.assign(varying_.size(), false);
  first_lane_.clear();
  padded_.clear();
  axis_ = LaneAxis::None;
  lanes_ = 1;
}

// What differs between rows because it comes from a row's own scratch.
void Tiles::mark_by_row(const ir::Block& block) {
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
void Tiles::set_row(const Instruction& each, Value* row) {
  const auto& arguments = each.blocks.front().arguments;
  if (!each.domain.space.valid()) return set(arguments[0], row);
  bind_cell(each, row);
  if (each.domain.position) set(arguments[each.domain.dims.size()], row);
}

// The body in stretches of one kind: an inner loop, what can stand in the lanes of rows, and what cannot.
std::vector<std::span<const ir::Instruction>> Tiles::stretches_of(const ir::Block& body) const {
  std::vector<std::span<const Instruction>> stretches;
  for (std::size_t i = 0; i < body.body.size();) {
    std::size_t end = i + 1;
    const bool loop = serves_all_rows(body.body[i]), wide = stands_in_lanes(body.body[i]);
    while (!loop && end < body.body.size() && !serves_all_rows(body.body[end]) && stands_in_lanes(body.body[end]) == wide) ++end;
    stretches.emplace_back(body.body.data() + i, end - i);
    i = end;
  }
  return stretches;
}

// Arithmetic, and reads of what rows do not write.
bool Tiles::stands_in_lanes(const Instruction& each) const {
  if (axis_ != LaneAxis::None || !each.blocks.empty() || each.results.size() != 1) return false;
  if (each.op == Op::Load) return module_.buffer(each.buffer).kind != ir::BufferKind::Scratch;
  return each.op != Op::Kernel && each.op != Op::Check && each.op != Op::Present;
}

void Tiles::tile(const Instruction& each, Value* first, const std::vector<Accumulator>& reduced) {
  const ir::Block& body = each.blocks.front();
  const std::vector<std::span<const Instruction>> stretches = stretches_of(body);
  std::set<ValueId> later(body.yields.begin(), body.yields.end());
  std::vector<std::set<ValueId>> used_later(stretches.size());
  for (std::size_t i = stretches.size(); i-- > 0;) {
    used_later[i] = later;
    for (const Instruction& inner : stretches[i]) ir::for_each_use(inner, [&](ValueId id) { later.insert(id); });
  }
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    if (serves_all_rows(stretches[i].front())) {
      for_all_rows(each, stretches[i].front(), first);
    } else if (stands_in_lanes(stretches[i].front())) {
      rows_in_lanes(each, stretches[i], first, used_later[i]);
    } else {
      row_by_row(each, stretches[i], first, used_later[i]);
    }
  }
  const std::set<ValueId> yielded(body.yields.begin(), body.yields.end());
  if (axis_ == LaneAxis::None) {
    return in_lanes_of_rows([&] {
      set_rows(each, first);
      fetch_rows(yielded);
      reduce_all(reduced, body.yields);
    });
  }
  count_up(constant(0), constant(rows_of_tile_), constant(1), [&](Value* row) {
    set_row(each, builder_.CreateAdd(first, row));
    fetch(yielded, row);
    reduce_all(reduced, body.yields);
  });
}

// The indices, and the positions, of all rows of a tile.
void Tiles::set_rows(const Instruction& each, Value* first) {
  const auto& arguments = each.blocks.front().arguments;
  if (!each.domain.space.valid()) return follow(arguments[0], first);
  bind_cell(each, first);
  if (each.domain.position) follow(arguments[each.domain.dims.size()], first);
}

// Takes what earlier stretches kept, of all rows.
void Tiles::fetch_rows(const std::set<ValueId>& wanted) {
  for (ValueId id : wanted) {
    const auto found = row_slots_.find(id);
    if (found == row_slots_.end()) continue;
    llvm::Type* element = found->second->getAllocatedType()->getArrayElementType();
    products_.erase(id);  // its factors are not here
    if (!by_row_[id.index]) {
      set(id, builder_.CreateLoad(element, found->second));
      continue;
    }
    const ir::Type type = body_->type(id);
    const bool bits = element->isIntegerTy(1);  // bytes in memory
    Value* all = builder_.CreateLoad(llvm::FixedVectorType::get(bits ? builder_.getInt8Ty() : element, lanes_), found->second);
    set(id, bits ? from_stored(all, type) : all);
  }
}

// Keeps a value of all rows for later stretches.
void Tiles::keep_rows(ValueId id, Value* value) {
  value = b_.splat(value, static_cast<unsigned>(rows_of_tile_));
  const ir::Type type = body_->type(id);
  builder_.CreateStore(type.scalar == ir::Scalar::Bool ? to_stored(value, type) : value, row_slot(id, constant(0)));
}

// What a stretch uses from before it, and what it makes.
struct Tiles::StretchValues {
  explicit StretchValues(std::span<const Instruction> stretch) {
    for (const Instruction& inner : stretch) {
      ir::for_each_use(inner, [&](ValueId id) { captured.insert(id); });
      made.insert(inner.results.begin(), inner.results.end());
    }
    std::erase_if(captured, [&](ValueId id) { return made.contains(id); });
  }
  std::set<ValueId> captured, made;
};

void Tiles::rows_in_lanes(const Instruction& each, std::span<const Instruction> stretch, Value* first,
                            const std::set<ValueId>& used_later) {
  const StretchValues values(stretch);
  in_lanes_of_rows([&] {
    set_rows(each, first);
    fetch_rows(values.captured);
    for (const Instruction& inner : stretch) instruction(inner);
  });
  for (ValueId id : values.made) {
    if (used_later.contains(id)) keep_rows(id, get(id));
  }
}

// Takes what earlier stretches kept for a row.
void Tiles::fetch(const std::set<ValueId>& wanted, Value* row) {
  for (ValueId id : wanted) {
    if (!row_slots_.contains(id)) continue;
    set(id, builder_.CreateLoad(row_type(id), row_slot(id, row)));
    products_.erase(id);  // its factors are not here
  }
}

void Tiles::row_by_row(const Instruction& each, std::span<const Instruction> stretch, Value* first,
                         const std::set<ValueId>& used_later) {
  const StretchValues values(stretch);
  const int abreast = stands_abreast(stretch) ? kRowsAbreast : 1;
  count_up(constant(0), constant(rows_of_tile_), constant(abreast), [&](Value* first_row) {
    std::vector<RowOfStretch> rows(static_cast<std::size_t>(abreast));
    for (std::size_t k = 0; k < rows.size(); ++k) {
      rows[k].number = builder_.CreateAdd(first_row, constant(static_cast<std::int64_t>(k)));
      in_row(rows[k], [&] {
        set_row(each, builder_.CreateAdd(first, rows[k].number));
        fetch(values.captured, rows[k].number);
      });
      for (ValueId id : each.blocks.front().arguments) rows[k].values[id] = get(id);
      for (ValueId id : values.captured) rows[k].values[id] = get(id);
    }
    for (const Instruction& inner : stretch) {
      for (RowOfStretch& row : rows) {
        in_row(row, [&] { instruction(inner); });
        for (ValueId id : inner.results) row.values[id] = get(id);
      }
    }
    for (RowOfStretch& row : rows) {
      in_row(row, [&] {
        for (ValueId id : values.made) {
          if (used_later.contains(id)) builder_.CreateStore(widened(id), row_slot(id, row.number));
        }
      });
    }
  });
}

// Whether rows go through a stretch together, instruction by instruction: what one waits for then leaves the other room. Under lanes
// over draws; where rows are lanes a vector of two registers does the same.
bool Tiles::stands_abreast(std::span<const Instruction> stretch) const {
  return axis_ == LaneAxis::Draws && inlines_ && std::all_of(stretch.begin(), stretch.end(), [](const Instruction& each) { return each.blocks.empty(); });
}

void Tiles::in_row(RowOfStretch& row, const Body& body) {
  scratch_row_ = row.number;
  for (const auto& [id, value] : row.values) set(id, value);
  std::swap(products_, row.products);
  body();
  std::swap(products_, row.products);
}

llvm::Type* Tiles::row_type(ValueId id) const {
  return type_of(body_->type(id), is_vector(id));
}

// The element of one row in the stack array of a value.
Value* Tiles::row_slot(ValueId id, Value* row) {
  llvm::AllocaInst*& memory = row_slots_[id];
  if (memory == nullptr) {
    memory = slot(llvm::ArrayType::get(row_type(id), static_cast<std::uint64_t>(rows_of_tile_)), "rows");
    memory->setAlignment(llvm::Align(kAlignment));  // it is read and written as a vector too
  }
  return builder_.CreateGEP(row_type(id), memory, row);
}

// One inner loop for all rows: what all rows share is computed once, the rest row after row.
void Tiles::for_all_rows(const Instruction& each, const Instruction& inner, Value* first) {
  std::set<ValueId> captured;
  ir::for_each_use(inner, [&](ValueId id) { captured.insert(id); });
  if (axis_ == LaneAxis::None && ir::has_functions(inner.blocks.front())) return columns_by_row(each, inner, captured, first);
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
  if (axis_ == LaneAxis::None) return columns_in_lanes(inner, rows);
  const std::vector<std::vector<Value*>> results = columns_of_draws(inner, rows);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t i = 0; i < inner.results.size(); ++i) {
      const ValueId id = inner.results[i];
      Value* kept = widen(results[row][i], is_vector(id));
      builder_.CreateStore(kept, row_slot(id, constant(static_cast<std::int64_t>(row))));
    }
  }
}

std::vector<std::vector<Value*>> Tiles::columns_of_draws(const Instruction& inner, const RowValues& rows) {
  std::vector<std::vector<Accumulator>> reduced;
  for (std::size_t row = 0; row < rows.size(); ++row) reduced.push_back(start_all(inner));
  over_domain(inner, [&] { column(inner.blocks.front(), rows, reduced); });
  std::vector<std::vector<Value*>> results(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const Accumulator& each : reduced[row]) results[row].push_back(result(each, false));
  }
  return results;
}

bool Tiles::differs_by_row(const Instruction& each) const {
  const bool effect = each.op == Op::Accumulate || each.op == Op::Store;
  const bool own = each.op == Op::Load && module_.buffer(each.buffer).kind == ir::BufferKind::Scratch;
  return effect || own ||
         std::any_of(each.operands.begin(), each.operands.end(), [&](ValueId id) { return by_row_[id.index]; });
}

// One column, or one vector of columns, for all rows.
void Tiles::column(const ir::Block& body, const RowValues& rows, const std::vector<std::vector<Accumulator>>& reduced) {
  for (const auto& [id, value] : rows[0]) set(id, value);
  for (const Instruction& each : body.body) {
    if (!differs_by_row(each)) instruction(each);
  }
  std::map<const Instruction*, Value*> sums;
  std::map<const Instruction*, Place> places;
  std::map<const Instruction*, std::vector<Held>> held = hold(body, rows);
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
      } else if (shares_element(body, each)) {
        Value*& sum = sums[&each];
        const ir::Buffer& buffer = module_.buffer(each.buffer);
        if (row == 0) places[&each] = place(each.buffer, each.operands, each.operands.size() - 1);
        sum = plus(row == 0 ? read(places[&each], buffer.element, true) : sum, each.operands.back());
        if (row + 1 == rows.size()) write(places[&each], buffer.element, b_.splat(sum, lanes_));
      } else if (const auto found = held.find(&each); found != held.end()) {
        add_held(each, found->second, row);
      } else {
        instruction(each);
      }
    }
    for (std::size_t i = 0; i < reduced[row].size(); ++i) reduce(reduced[row][i], body.yields[i]);
  }
}

// What rows of a tile add to elements of their own row of an array, read for all of them before any is written: rows of one list
// come in order, so those that add to the same elements follow each other, and hand the sums on in registers. A sum that went
// through memory would be there only after a store and a load.
std::map<const ir::Instruction*, std::vector<Tiles::Held>> Tiles::hold(const ir::Block& body, const RowValues& rows) {
  std::map<const Instruction*, std::vector<Held>> held;
  for (const Instruction& each : body.body) {
    if (!stays_in_order(body, each) || shares_element(body, each)) continue;
    std::vector<Held> all;
    for (const auto& values : rows) {
      for (const auto& [id, value] : values) set(id, value);
      Held one{place(each.buffer, each.operands, each.operands.size() - 1), get(in_order_), nullptr};
      if (one.place.index != nullptr || !(one.place.contiguous || axis_ == LaneAxis::Draws)) break;
      one.sum = read(one.place, module_.buffer(each.buffer).element, true);
      all.push_back(one);
    }
    if (all.size() == rows.size()) held[&each] = std::move(all);
  }
  return held;
}

void Tiles::add_held(const Instruction& each, std::vector<Held>& held, std::size_t row) {
  Held& one = held[row];
  if (row > 0) {
    Value* same = builder_.CreateICmpEQ(one.index, held[row - 1].index);
    one.sum = builder_.CreateSelect(builder_.CreateVectorSplat(lanes_, same), held[row - 1].sum, one.sum);
  }
  one.sum = plus(one.sum, each.operands.back());
  write(one.place, module_.buffer(each.buffer).element, one.sum);
}

// Whether nothing else in the block touches the array that the instruction adds to.
bool Tiles::adds_alone(const ir::Block& body, const Instruction& each) const {
  return std::count_if(body.body.begin(), body.body.end(), [&](const Instruction& other) {
           return (other.op == Op::Load || other.op == Op::Store || other.op == Op::Accumulate) && other.buffer == each.buffer;
         }) == 1;
}

// Whether the instruction adds to the row of an array that the loop's first index names.
bool Tiles::stays_in_order(const ir::Block& body, const Instruction& each) const {
  if (each.op != Op::Accumulate || !in_order_.valid() || each.operands[0] != in_order_) return false;
  return adds_alone(body, each) &&
         std::none_of(each.operands.begin() + 1, each.operands.end() - 1, [&](ValueId id) { return by_row_[id.index]; });
}

// Whether all rows add to one element, or to as many as there are columns side by side.
bool Tiles::shares_element(const ir::Block& body, const Instruction& each) const {
  if (each.op != Op::Accumulate || !adds_alone(body, each)) return false;
  const auto indices = std::span(each.operands).first(each.operands.size() - 1);
  if (axis_ == LaneAxis::Rows && (indices.empty() || !first_lane_.contains(indices.back()))) return false;
  return std::none_of(indices.begin(), indices.end(), [&](ValueId id) { return by_row_[id.index] && !(rows_agree_ && id == in_order_); });
}

// Lanes over draws: whether the rows of a tile lie next to each other in a tile of the matrix.
bool Tiles::in_one_tile(const Instruction& each) const {
  const ir::Buffer& buffer = module_.buffer(each.buffer);
  if (axis_ != LaneAxis::Draws || buffer.tile == 0 || buffer.tile % rows_of_tile_ != 0) return false;
  if (each.operands.size() < 2 || each.operands[0] != row_) return false;
  return std::none_of(each.operands.begin() + 1, each.operands.end(), [&](ValueId id) { return by_row_[id.index]; });
}

}  // namespace lacuna::codegen
