// What one instruction without blocks becomes: arithmetic, calls, memory, and the sums of loops.
//
//   needs    the values of its operands, and what the loops around it say of lanes
//   leaves   its result, and what it writes
//   shown by test/unit/codegen/module_test.cpp
#pragma once
#include <set>
#include <utility>

#include "compiler/codegen/emission.h"

namespace lacuna::codegen {

// A reduction under way: one stack slot, two for logsumexp (largest, sum) and sum_log (mantissa, exponent).
struct Accumulator {
  ir::Reducer reducer;
  bool vector;
  llvm::AllocaInst* first = nullptr;
  llvm::AllocaInst* second = nullptr;
};

class Operations : public Emission {
 protected:
  using Emission::Emission;

  // emit_arithmetic.cpp
  Value* arithmetic(const Instruction& each);
  Value* integer_arithmetic(ir::Op op, Value* x, Value* y);

  // Code of which there is less and which takes a little longer, where masks cost little.
  bool short_code() const { return !inlines_ && target_.avx512; }

  // emit_memory.cpp
  struct Place {
    Value* pointer = nullptr;  // of the element, or of the first lane's
    Value* index = nullptr;    // vector of element numbers from `pointer` when lanes are scattered
    bool contiguous = false;   // lanes are neighbours in memory
    int tile = 0;              // with it: only so many lanes are, and the next so many begin `stride` elements further on
    Value* stride = nullptr;
    Value* run = nullptr;      // with both: lanes are neighbours if this holds, else scattered, and different elements
    bool own = false;          // written and read by this iteration alone; padded
    bool bound = false;        // of bound data, which nothing writes while it is read
  };
  Value* base(ir::BufferId buffer);
  Place place(ir::BufferId buffer, const std::vector<ir::ValueId>& at, std::size_t count);
  llvm::Type* stored_type(ir::Type type) const;
  Value* from_stored(Value* stored, ir::Type type);
  Value* to_stored(Value* value, ir::Type type);
  Value* read(const Place& place, ir::Type type, bool outside);
  void write(const Place& place, ir::Type type, Value* value);
  void either_way(Value* condition, const Body& yes, const Body& no);
  void load(const Instruction& each);
  void present(const Instruction& each);
  void store(const Instruction& each);
  void accumulate(const Instruction& each);
  // `sum` plus the value of `id`; a product that was just written is added with one rounding.
  Value* plus(Value* sum, ir::ValueId id);
  void fill(const Instruction& each);

  // emit_shadows.cpp
  struct Shadow {
    ir::BufferId buffer;
    Value* memory;  // [element][lane]
  };
  void open_shadows(const ir::Block& block);
  void close_shadows();

  // emit_reduction.cpp
  // `across_lanes`: lanes end in one value, so a reduction may bring them together as it goes.
  Accumulator start(ir::Reducer reducer, bool vector, bool across_lanes = false);
  void reduce(const Accumulator& accumulator, ir::ValueId value);
  Value* result(const Accumulator& accumulator, bool across_lanes);
  Value* combined(ir::Reducer reducer, Value* a, Value* b);
  Value* across(ir::Reducer reducer, Value* vector);

  // emit_listed.cpp: inputs that may be lists of cells (listed_inputs.h), in functions of stage data.
  Value* is_listed(ir::BufferId id);
  Value* listed_count(ir::BufferId id);
  Value* listed_number(ir::BufferId id, Value* position);
  Value* listed_position(ir::BufferId id, Value* number);

  std::vector<Value*> bases_;      // of buffers, at the function's entry
  std::vector<WorkRequest> work_;
  Value* work_used_ = nullptr;     // bytes handed out so far
  Value* with_jacobian_ = nullptr;
  std::map<ir::ValueId, std::pair<Value*, Value*>> products_;  // values that are a product, and its factors
  std::vector<Shadow> shadows_;    // of what lanes add to one element, all of them in one loop

  // What loops tell memory.
  Value* tail_ = nullptr;          // the mask of the loop's last vector, where `mask_` may be it
  bool masks_all_ = false;         // each vector is taken as the last
  Value* is_whole_ = nullptr;      // every lane of this vector counts
  bool aligned_rows_ = false;      // vectors of rows begin at multiples of the lanes
  bool prefetches_ = false;        // in the last of a row's loops over columns
  std::set<const Value*> padded_;  // lanes over rows: read from data, 0 behind the last row
  int rows_of_tile_ = 0;           // of the loop that takes several rows at a time; 0: none does
  Value* scratch_row_ = nullptr;   // whose scratch is meant; null: there is one

 private:
  // emit_arithmetic.cpp
  Value* site_scale(Value* site);
  Value* comparison(ir::Op op, Value* x, Value* y);
  Value* conversion(const Instruction& each, Value* x);

  // emit_call.cpp: what is not inlined, as a function of the module, or lane by lane.
  Value* draw(ir::Op op, std::vector<Value*> operands);
  bool is_shared(ir::Op op) const;
  Value* called(ir::Op op, const std::vector<Value*>& operands);

  // emit_memory.cpp
  // A place in an array of `element` that is laid out as the buffer.
  Place place_in(Value* start, llvm::Type* element, ir::BufferId buffer, const std::vector<ir::ValueId>& at,
                 std::size_t count);
  Value* linear(const ir::Buffer& buffer, const std::vector<ir::ValueId>& at, std::size_t count, bool first_lane);
  Value* rest_size(const ir::Buffer& buffer);
  Value* in_tile(const ir::Buffer& buffer, Value* first, Value* rest);
  bool tile_is_lanes(const ir::Buffer& buffer) const;
  bool by_draw(const ir::Buffer& buffer) const;
  bool is_padded(const Instruction& each) const;
  Value* scratch_stride(const ir::Buffer& buffer);
  void whole_or_tail(const Body& whole, const Body& tail);
  static Place one_way(const Place& place, bool contiguous);
  void prefetch_next_rows(const Instruction& each);
  Value* read_tiles(const Place& place, llvm::Type* element, llvm::Align align);
  void scatter_add(const Place& place, Value* value);
  void add_to(const Place& place, const ir::Buffer& buffer, ir::ValueId added);
  Value* work_memory(const ir::SizeExpr& elements, std::int64_t bytes);

  // emit_shadows.cpp
  llvm::FixedVectorType* shadow_type() const;
  std::vector<Value*> pieces(Value* value, unsigned lanes);
  std::pair<Value*, Value*> masked_factors(ir::ValueId added);
  void add_to_shadow(const Shadow& shadow, const Instruction& each);

  // emit_reduction.cpp
  void reduce_log_sum_exp(const Accumulator& accumulator, Value* value);
  void reduce_sum_log(const Accumulator& accumulator, Value* value);
  void add_logs(const Accumulator& accumulator, Value* x);

  // emit_listed.cpp
  Value* list_of(ir::BufferId id);
  Value* element_number(ir::BufferId id, Value* number);
  Value* presence_of(ir::BufferId id, Value* number);

  llvm::GlobalVariable* one_ = nullptr;  // 1, where some function multiplies by scales
};

}  // namespace lacuna::codegen
