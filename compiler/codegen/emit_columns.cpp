// Inner loops of the rows of a tile (emit_tiles.cpp) whose columns have the lanes: all rows side by side, or one after the other, and
// their sums across lanes.
#include <llvm/Analysis/VectorUtils.h>

#include <algorithm>
#include <bit>

#include "compiler/codegen/emit_tiles.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::Op;
using ir::ValueId;

// Runs `body` with the columns of an inner loop in the lanes.
void Tiles::in_lanes_of_columns(const Instruction& inner, const Body& body) {
  ++depth_;
  axis_ = LaneAxis::Rows;
  lanes_ = row_lanes(inner);
  const ValueId row_before = row_;
  mark_varying(inner);
  aligned_rows_ = true;
  open_shadows(inner.blocks.front());
  body();
  close_shadows();
  varying_.assign(varying_.size(), false);
  first_lane_.clear();
  padded_.clear();
  row_ = row_before;
  axis_ = LaneAxis::None;
  lanes_ = 1;
  --depth_;
}

// Where the loop adds to rows of arrays that the cells' first index names, tiles whose rows agree in it have a loop of their own.
void Tiles::columns_in_lanes(const Instruction& inner, const RowValues& rows) {
  const ir::Block& body = inner.blocks.front();
  const bool in_order = std::any_of(body.body.begin(), body.body.end(), [&](const Instruction& each) { return stays_in_order(body, each); });
  if (!in_order || !inner.results.empty()) return columns_of_rows(inner, rows);
  Value* agree = builder_.CreateICmpEQ(rows.front().at(in_order_), rows.back().at(in_order_));
  const auto together = [&](bool all) {
    rows_agree_ = all;
    columns_of_rows(inner, rows);
    rows_agree_ = false;
  };
  either_way(agree, [&] { together(true); }, [&] { together(false); });
}

void Tiles::columns_of_rows(const Instruction& inner, const RowValues& rows) {
  std::vector<std::vector<Value*>> sums(inner.results.size());
  in_lanes_of_columns(inner, [&] {
    std::vector<std::vector<Accumulator>> reduced(rows.size());
    for (auto& each : reduced) {
      for (ir::Reducer reducer : inner.reducers) each.push_back(start(reducer, true, true));
    }
    row_steps(inner, [&] { column(inner.blocks.front(), rows, reduced); });
    for (const auto& row : reduced) {
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i].push_back(of_row(row[i]));
    }
  });
  for (std::size_t i = 0; i < sums.size(); ++i) keep_rows(inner.results[i], across_rows(inner.reducers[i], std::move(sums[i])));
}

// One row after the other: each one's sums keep their lanes, in memory, until all rows have theirs.
void Tiles::columns_by_row(const Instruction& each, const Instruction& inner, const std::set<ValueId>& captured, Value* first) {
  const auto rows = static_cast<std::uint64_t>(rows_of_tile_);
  std::vector<llvm::AllocaInst*> sums(inner.results.size(), nullptr);
  count_up(constant(0), constant(rows_of_tile_), constant(1), [&](Value* row) {
    scratch_row_ = row;
    set_row(each, builder_.CreateAdd(first, row));
    fetch(captured, row);
    in_lanes_of_columns(inner, [&] {
      std::vector<Accumulator> reduced;
      for (ir::Reducer reducer : inner.reducers) reduced.push_back(start(reducer, true, true));
      row_steps(inner, [&] {
        block(inner.blocks.front());
        reduce_all(reduced, inner.blocks.front().yields);
      });
      for (std::size_t i = 0; i < sums.size(); ++i) {
        Value* sum = of_row(reduced[i]);
        sums[i] = slot(llvm::ArrayType::get(sum->getType(), rows), "sums");
        builder_.CreateStore(sum, builder_.CreateGEP(sum->getType(), sums[i], row));
      }
    });
  });
  for (std::size_t i = 0; i < sums.size(); ++i) {
    llvm::Type* type = sums[i]->getAllocatedType()->getArrayElementType();
    std::vector<Value*> all;
    for (std::uint64_t row = 0; row < rows; ++row) all.push_back(builder_.CreateLoad(type, builder_.CreateConstGEP1_64(type, sums[i], row)));
    keep_rows(inner.results[i], across_rows(inner.reducers[i], std::move(all)));
  }
}

// What a row has for `across_rows`: the lanes of one register where they can be brought together with other rows' lanes, else the
// result.
Value* Tiles::of_row(const Accumulator& accumulator) {
  const ir::Reducer reducer = accumulator.reducer;
  const bool pairs = std::has_single_bit(static_cast<unsigned>(rows_of_tile_)) && std::has_single_bit(lanes_) && ir::operand_letter(reducer) != 'b';
  if (!pairs || reducer == ir::Reducer::SumLog || reducer == ir::Reducer::LogSumExp) return result(accumulator, true);
  Value* own = result(accumulator, false);
  while (Lanes::count(own) > static_cast<unsigned>(target_.lanes())) own = combined(reducer, half_of(own, 1, false), half_of(own, 1, true));
  return own;
}

// Each row's reduction across its own lanes: a vector with one lane for each row. Two vectors at a time share the steps in which
// halves of their rows' lanes are brought together, so that no step leaves lanes unused; the order is that of one row.
Value* Tiles::across_rows(ir::Reducer reducer, std::vector<Value*> all) {
  if (Lanes::count(all.front()) == 1) return joined(all);
  for (unsigned rows = 1; Lanes::count(all.front()) > rows;) {
    std::vector<Value*> met;
    for (std::size_t k = 0; k < all.size(); k += 2) {
      if (all.size() == 1) {
        met.push_back(combined(reducer, half_of(all[0], rows, false), half_of(all[0], rows, true)));
        continue;
      }
      Value* low = llvm::concatenateVectors(builder_, {half_of(all[k], rows, false), half_of(all[k + 1], rows, false)});
      Value* high = llvm::concatenateVectors(builder_, {half_of(all[k], rows, true), half_of(all[k + 1], rows, true)});
      met.push_back(combined(reducer, low, high));
    }
    if (all.size() > 1) rows *= 2;
    all = std::move(met);
  }
  return all.size() == 1 ? all.front() : llvm::concatenateVectors(builder_, all);
}

Value* Tiles::joined(const std::vector<Value*>& scalars) {
  Value* all = llvm::PoisonValue::get(llvm::FixedVectorType::get(scalars.front()->getType(), static_cast<unsigned>(scalars.size())));
  for (std::size_t i = 0; i < scalars.size(); ++i) all = builder_.CreateInsertElement(all, scalars[i], i);
  return all;
}

// Of each of `rows` equal stretches of lanes one half.
Value* Tiles::half_of(Value* vector, unsigned rows, bool upper) {
  const unsigned whole = Lanes::count(vector) / rows, half = whole / 2;
  llvm::SmallVector<int> lanes;
  for (unsigned row = 0; row < rows; ++row) {
    for (unsigned i = 0; i < half; ++i) lanes.push_back(static_cast<int>(row * whole + (upper ? half : 0) + i));
  }
  return builder_.CreateShuffleVector(vector, lanes);
}

}  // namespace lacuna::codegen
