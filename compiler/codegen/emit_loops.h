// Loops and branches: one iteration after the other, or side by side in the lanes of vectors.
//
//   needs    operations, and the schedule of each loop
//   leaves   its results; no lanes over rows are left behind a loop
//   shown by test/unit/codegen/module_test.cpp
#pragma once
#include "compiler/codegen/emit_operations.h"

namespace lacuna::analysis {
struct LinearScan;
}

namespace lacuna::codegen {

class Loops : public Operations {
 protected:
  using Operations::Operations;

  // emit_loop.cpp
  void for_loop(const Instruction& each);
  void scan_loop(const Instruction& each);
  void branch(const Instruction& each);
  struct Range {
    Value* begin;
    Value* end;
  };
  // Runs `body` for each cell of the loop's domain, with its indices set.
  void over_domain(const Instruction& each, const Body& body);
  void bind_cell(const Instruction& each, Value* position);
  Range cells_of(const Instruction& each);
  // What this call's part has of a loop's iterations.
  Range part_of(const Instruction& each, Range all);
  // The number of the list that belongs to the given parameters of a space.
  Value* list_number(ir::SpaceId space, const std::vector<Value*>& parameters);
  std::size_t space_parameters(const Instruction& each) const;
  std::vector<Accumulator> start_all(const Instruction& each);

  // emit_rows.cpp
  bool runs_by_rows(const Instruction& each);
  unsigned row_lanes(const Instruction& each) const;
  void mark_varying(const Instruction& each);
  void row_loop(const Instruction& each);
  bool is_plain_log_sum_exp(const Instruction& each) const;

  // emit_steps.cpp
  void follow(ir::ValueId id, Value* first);
  // Steps through the last axis, or the cells, a vector at a time.
  void row_steps(const Instruction& each, const Body& body);

  // emit_scan.cpp
  void row_scan(const Instruction& each, const analysis::LinearScan& linear);

  bool has_parts_ = false;  // the function shares its rows with others
  // Results of loops that a loop around them adds up with its own accumulator.
  std::map<ir::ValueId, Accumulator> within_;

 private:
  // emit_loop.cpp
  void over_dims(const Instruction& each, std::size_t axis, const Body& body);
  void over_cells(const Instruction& each, const Body& body);
  struct Through {
    const Instruction* loop = nullptr;
    std::size_t reduction = 0;
  };
  std::vector<Through> reduced_within(const Instruction& each) const;
  Accumulator start_within(const Instruction& inner, ir::Reducer reducer);
  void branch_by_mask(const Instruction& each, Value* condition);

  // emit_rows.cpp
  Value* log_sum_exp_twice(const Instruction& each);
  void find_varying(const ir::Block& block);
  bool differs(const Instruction& each) const;

  // emit_steps.cpp
  bool is_flat(const Instruction& each) const;
  Value* first_lanes(Value* wanted, bool once);
  void vectors(const Instruction& each, Range range, const std::function<void(Value*)>& step);
  void find_run(const Instruction& each, Value* position, Value* end);

  // emit_scan.cpp
  struct Carried;
  struct Affine;
  struct LinearSteps;
  std::vector<Carried> start_carried(const Instruction& each);
  void emit_part(const ir::Block& block, const analysis::LinearScan& linear, bool dependent);
  void emit_part_of_branch(const Instruction& each, const analysis::LinearScan& linear, bool dependent);
  Affine affine(ir::ValueId id, const Carried& of, const LinearSteps& steps);
  Affine either(ir::ValueId condition, const Affine& yes, const Affine& no, const Carried& of,
                const LinearSteps& steps);
  bool is_first_step(ir::ValueId condition, const LinearSteps& steps) const;
  Value* compose(const Affine& form, const Carried& of, bool descending);
  Value* steps_back(Value* vector, unsigned by, Value* fill, bool descending);
  Value* powers(Value* m, bool descending);
  Value* last_lane(const Carried& of, const Instruction& each);
};

}  // namespace lacuna::codegen
