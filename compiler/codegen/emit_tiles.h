// Loops that take several rows at a time.
//
//   needs    a loop that `rows_at_a_time` takes
//   leaves   its results, as the loop row by row would, but for the order of sums
//   shown by test/unit/codegen/module_test.cpp
#pragma once
#include <map>
#include <set>
#include <span>
#include <vector>

#include "compiler/codegen/emit_loops.h"

namespace lacuna::codegen {

class Tiles : public Loops {
 protected:
  using Loops::Loops;

  int rows_at_a_time(const Instruction& each) const;
  void tile_loop(const Instruction& each);

 private:
  using RowValues = std::vector<std::map<ir::ValueId, Value*>>;  // by row of a tile

  // emit_tiles.cpp
  bool serves_all_rows(const Instruction& each) const;
  void mark_by_row(const ir::Block& block);
  void set_row(const Instruction& each, Value* row);
  void tile(const Instruction& each, Value* first, const std::vector<Accumulator>& reduced);
  void fetch(const std::set<ir::ValueId>& wanted, Value* row);
  struct StretchValues;
  std::vector<std::span<const Instruction>> stretches_of(const ir::Block& body) const;
  bool stands_in_lanes(const Instruction& each) const;
  void reduce_all(const std::vector<Accumulator>& reduced, const std::vector<ir::ValueId>& yields);
  void in_lanes_of_rows(const Body& body);
  void set_rows(const Instruction& each, Value* first);
  void fetch_rows(const std::set<ir::ValueId>& wanted);
  void keep_rows(ir::ValueId id, Value* value);
  struct RowOfStretch {
    Value* number = nullptr;
    std::map<ir::ValueId, Value*> values;
    std::map<ir::ValueId, std::pair<Value*, Value*>> products;
  };
  bool stands_abreast(std::span<const Instruction> stretch) const;
  void in_row(RowOfStretch& row, const Body& body);
  void rows_in_lanes(const Instruction& each, std::span<const Instruction> stretch, Value* first,
                     const std::set<ir::ValueId>& used_later);
  void row_by_row(const Instruction& each, std::span<const Instruction> stretch, Value* first,
                  const std::set<ir::ValueId>& used_later);
  llvm::Type* row_type(ir::ValueId id) const;
  Value* row_slot(ir::ValueId id, Value* row);
  void for_all_rows(const Instruction& each, const Instruction& inner, Value* first);
  std::vector<std::vector<Value*>> columns_of_draws(const Instruction& inner, const RowValues& rows);
  bool differs_by_row(const Instruction& each) const;
  void column(const ir::Block& body, const RowValues& rows, const std::vector<std::vector<Accumulator>>& reduced);
  struct Held {
    Place place;
    Value* index;  // of the row
    Value* sum;
  };
  std::map<const Instruction*, std::vector<Held>> hold(const ir::Block& body, const RowValues& rows);
  void add_held(const Instruction& each, std::vector<Held>& held, std::size_t row);
  bool stays_in_order(const ir::Block& body, const Instruction& each) const;
  bool adds_alone(const ir::Block& body, const Instruction& each) const;
  bool shares_element(const ir::Block& body, const Instruction& each) const;
  bool in_one_tile(const Instruction& each) const;

  // emit_columns.cpp: inner loops whose columns have the lanes
  Value* across_rows(ir::Reducer reducer, std::vector<Value*> all);
  Value* joined(const std::vector<Value*>& scalars);
  Value* half_of(Value* vector, unsigned rows, bool upper);
  void columns_in_lanes(const Instruction& inner, const RowValues& rows);
  void columns_of_rows(const Instruction& inner, const RowValues& rows);
  void in_lanes_of_columns(const Instruction& inner, const Body& body);
  void columns_by_row(const Instruction& each, const Instruction& inner, const std::set<ir::ValueId>& captured, Value* first);
  Value* of_row(const Accumulator& accumulator);

  std::vector<bool> by_row_;                            // values that differ between the rows of a tile
  std::map<ir::ValueId, llvm::AllocaInst*> row_slots_;  // what its stretches keep for each row
  bool rows_agree_ = false;                             // all rows of the tile have one first index
  ir::ValueId in_order_{};                              // the first index of cells in order, where there are more
};

}  // namespace lacuna::codegen
