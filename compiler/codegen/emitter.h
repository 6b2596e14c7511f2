// One function of the IR becoming one function of LLVM.
//
//   needs    a verified module, its layout, and a function of it
//   leaves   `i32 name(ptr frame)`: 0, or 1 when a check failed (the frame's `failure` says which)
//   shown by test/unit/codegen/module_test.cpp
//
// A value of the IR becomes a scalar, or a vector where lanes run over rows or draws and the value differs between
// lanes. Reals are double, ints and indices i64, bools i1. What loops carry is kept in stack slots, which LLVM turns
// into registers. Families of operations have a file each: emit_arithmetic, emit_memory, emit_loop, emit_reduction,
// emit_space, emit_kernel.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <llvm/IR/Module.h>

#include "compiler/codegen/lanes.h"
#include "compiler/codegen/layout.h"
#include "compiler/ir/module.h"

namespace lacuna::analysis {
struct LinearScan;
}

namespace lacuna::codegen {

using llvm::Value;

// A reduction under way: one stack slot, two for logsumexp (largest, sum) and sum_log (mantissa, exponent).
struct Accumulator {
  ir::Reducer reducer;
  bool vector;
  llvm::AllocaInst* first = nullptr;
  llvm::AllocaInst* second = nullptr;
};

// Over what the lanes of vectors run.
enum class LaneAxis { None, Rows, Draws };

class Emitter {
 public:
  Emitter(const ir::Module& module, const Layout& layout, const Target& target, llvm::Module& code);

  // `fast`: a function in which time is spent, which inlines what others call, and may be long for it.
  // Lanes over draws: parameters, gradients, work and results are [element][draw] with `draws` lanes.
  llvm::Function* emit(const ir::Function& function, const std::string& name, unsigned draws = 1, bool fast = true);
  // i64 name(ptr bound): the bytes of workspace that the function emitted last takes.
  llvm::Function* emit_work_size(const std::string& name);

 private:
  using Instruction = ir::Instruction;

  // emitter.cpp
  void begin(const ir::Function& function, const std::string& name);
  void number_checks();
  void block(const ir::Block& block);
  void instruction(const Instruction& each);
  void follow_first_lane(const Instruction& each);
  void keep_run(ir::ValueId from, ir::ValueId to);
  Value* get(ir::ValueId id) const { return values_[id.index]; }
  void set(ir::ValueId id, Value* value) { values_[id.index] = value; }
  // `id` with as many lanes as its place needs.
  Value* widened(ir::ValueId id);
  Value* widen(Value* value, bool to_vector);
  bool is_vector(ir::ValueId id) const;
  llvm::Type* type_of(ir::Type type, bool vector) const;
  llvm::AllocaInst* slot(llvm::Type* type, const char* name);
  llvm::BasicBlock* new_block(const char* name);
  Value* constant(std::int64_t value) const { return b_.ir.getInt64(static_cast<std::uint64_t>(value)); }
  Value* frame_field(FrameField field);
  Value* header(unsigned slot);
  void set_header(unsigned slot, Value* value);
  Value* header_pointer(unsigned slot);
  Value* size(ir::DimId dim);
  Value* evaluate(const ir::SizeExpr& size);
  Value* elements(const ir::Buffer& buffer);
  // while (i < end) body(i), i from begin in steps.
  void count_up(Value* begin, Value* end, Value* step, const std::function<void(Value*)>& body);
  void when(Value* condition, const std::function<void()>& body);
  void finish(const ir::Function& function);

  // emit_arithmetic.cpp
  Value* arithmetic(const Instruction& each);
  Value* site_scale(Value* site);
  Value* integer_arithmetic(ir::Op op, Value* x, Value* y);
  Value* comparison(ir::Op op, Value* x, Value* y);
  Value* conversion(const Instruction& each, Value* x);
  // emit_call.cpp: what is not inlined, as a function of the module, or lane by lane.
  Value* draw(ir::Op op, std::vector<Value*> operands);
  bool is_shared(ir::Op op) const;
  // Code of which there is less and which takes a little longer, where masks cost little.
  bool short_code() const { return !inlines_ && target_.avx512; }
  Value* called(ir::Op op, const std::vector<Value*>& operands);

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
  // The same in an array of `element` that is laid out as the buffer.
  Place place_in(Value* start, llvm::Type* element, ir::BufferId buffer, const std::vector<ir::ValueId>& at,
                 std::size_t count);
  Value* linear(const ir::Buffer& buffer, const std::vector<ir::ValueId>& at, std::size_t count, bool first_lane);
  Value* rest_size(const ir::Buffer& buffer);
  Value* in_tile(const ir::Buffer& buffer, Value* first, Value* rest);
  bool tile_is_lanes(const ir::Buffer& buffer) const;
  llvm::Type* stored_type(ir::Type type) const;
  Value* from_stored(Value* stored, ir::Type type);
  Value* to_stored(Value* value, ir::Type type);
  Value* read(const Place& place, ir::Type type, bool outside);
  void either_way(Value* condition, const std::function<void()>& yes, const std::function<void()>& no);
  void whole_or_tail(const std::function<void()>& whole, const std::function<void()>& tail);
  static Place one_way(const Place& place, bool contiguous);
  void write(const Place& place, ir::Type type, Value* value);
  bool by_draw(const ir::Buffer& buffer) const;
  bool is_padded(const Instruction& each) const;
  Value* scratch_stride(const ir::Buffer& buffer);
  void load(const Instruction& each);
  void prefetch_next_rows(const Instruction& each);
  Value* read_tiles(const Place& place, llvm::Type* element, llvm::Align align);
  void present(const Instruction& each);
  void store(const Instruction& each);
  void accumulate(const Instruction& each);
  // `sum` plus the value of `id`; a product that was just written is added with one rounding.
  Value* plus(Value* sum, ir::ValueId id);
  void scatter_add(const Place& place, Value* value);
  void add_to(const Place& place, const ir::Buffer& buffer, ir::ValueId added);
  Value* work_memory(const ir::SizeExpr& elements, std::int64_t bytes);
  void fill(const Instruction& each);
  void kernel(const Instruction& each);
  void allocate(ir::BufferId buffer);
  void begin_binding(const ir::Function& function);
  void allocate_known();
  // Offset of fresh zeroed memory in the bound model.
  Value* allocate_bytes(Value* bytes);

  // emit_loop.cpp
  using Body = std::function<void()>;
  void loop(const Instruction& each);
  void for_loop(const Instruction& each);
  void scan_loop(const Instruction& each);
  // Runs `body` for each cell of the loop's domain, with its indices set.
  void over_domain(const Instruction& each, const Body& body);
  void over_dims(const Instruction& each, std::size_t axis, const Body& body);
  void over_cells(const Instruction& each, const Body& body);
  void bind_cell(const Instruction& each, Value* position);
  struct Range {
    Value* begin;
    Value* end;
  };
  Range cells_of(const Instruction& each);
  // What this call's part has of a loop's iterations.
  Range part_of(const Instruction& each, Range all);
  // The number of the list that belongs to the given parameters of a space.
  Value* list_number(ir::SpaceId space, const std::vector<Value*>& parameters);
  std::size_t space_parameters(const Instruction& each) const;
  std::vector<Accumulator> start_all(const Instruction& each);

  // emit_scan.cpp
  struct Carried;
  struct Affine;
  struct LinearSteps;
  void row_scan(const Instruction& each, const analysis::LinearScan& linear);
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
  struct Through {
    const Instruction* loop = nullptr;
    std::size_t reduction = 0;
  };
  std::vector<Through> reduced_within(const Instruction& each) const;
  Accumulator start_within(const Instruction& inner, ir::Reducer reducer);
  void branch(const Instruction& each);
  void branch_by_mask(const Instruction& each, Value* condition);

  // emit_tiles.cpp
  using RowValues = std::vector<std::map<ir::ValueId, Value*>>;  // by row of a tile
  bool serves_all_rows(const Instruction& each) const;
  int rows_at_a_time(const Instruction& each) const;
  void tile_loop(const Instruction& each);
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
  Value* across_rows(ir::Reducer reducer, std::vector<Value*> all);
  Value* joined(const std::vector<Value*>& scalars);
  Value* half_of(Value* vector, unsigned rows, bool upper);
  void row_by_row(const Instruction& each, std::span<const Instruction> stretch, Value* first,
                  const std::set<ir::ValueId>& used_later);
  llvm::Type* row_type(ir::ValueId id) const;
  Value* row_slot(ir::ValueId id, Value* row);
  void for_all_rows(const Instruction& each, const Instruction& inner, Value* first);
  std::vector<std::vector<Value*>> columns_of_draws(const Instruction& inner, const RowValues& rows);
  void columns_in_lanes(const Instruction& inner, const RowValues& rows);
  void columns_of_rows(const Instruction& inner, const RowValues& rows);
  void in_lanes_of_columns(const Instruction& inner, const Body& body);
  void columns_by_row(const Instruction& each, const Instruction& inner, const std::set<ir::ValueId>& captured, Value* first);
  Value* of_row(const Accumulator& accumulator);
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

  // emit_rows.cpp
  bool runs_by_rows(const Instruction& each);
  unsigned row_lanes(const Instruction& each) const;
  void mark_varying(const Instruction& each);
  void row_loop(const Instruction& each);

  // emit_steps.cpp
  bool is_flat(const Instruction& each) const;
  void follow(ir::ValueId id, Value* first);
  Value* first_lanes(Value* wanted, bool once);
  // Steps through the last axis, or the cells, a vector at a time.
  void row_steps(const Instruction& each, const Body& body);
  void vectors(const Instruction& each, Range range, const std::function<void(Value*)>& step);
  void find_run(const Instruction& each, Value* position, Value* end);
  bool is_plain_log_sum_exp(const Instruction& each) const;
  Value* log_sum_exp_twice(const Instruction& each);
  void find_varying(const ir::Block& block);
  bool differs(const Instruction& each) const;

  // emit_shadows.cpp
  struct Shadow {
    ir::BufferId buffer;
    Value* memory;  // [element][lane]
  };
  void open_shadows(const ir::Block& block);
  void close_shadows();
  llvm::FixedVectorType* shadow_type() const;
  std::vector<Value*> pieces(Value* value, unsigned lanes);
  std::pair<Value*, Value*> masked_factors(ir::ValueId added);
  void add_to_shadow(const Shadow& shadow, const Instruction& each);

  // emit_reduction.cpp
  // `across_lanes`: lanes end in one value, so a reduction may bring them together as it goes.
  Accumulator start(ir::Reducer reducer, bool vector, bool across_lanes = false);
  void reduce(const Accumulator& accumulator, ir::ValueId value);
  Value* result(const Accumulator& accumulator, bool across_lanes);
  Value* combined(ir::Reducer reducer, Value* a, Value* b);
  Value* across(ir::Reducer reducer, Value* vector);
  void reduce_log_sum_exp(const Accumulator& accumulator, Value* value);
  void reduce_sum_log(const Accumulator& accumulator, Value* value);
  void add_logs(const Accumulator& accumulator, Value* x);

  // emit_space.cpp
  void build_space(const Instruction& each);
  Value* starts_of(ir::SpaceId space);
  std::ptrdiff_t parameter_count(ir::SpaceId space) const;
  void list_in_order(ir::SpaceId space, Value* lists);
  void list_by_keys(ir::SpaceId space, Value* lists);
  void within_keys(ir::SpaceId space, const std::function<void(Value*)>& action);
  void over_cells_of(ir::SpaceId space, std::ptrdiff_t axis, const Body& begin_list, const Body& action);
  void over_axes_of(ir::SpaceId space, std::ptrdiff_t axis, const Body& begin_list, const Body& action);

  // Inputs that may be lists of cells (listed_inputs.h), in functions of stage data.
  Value* is_listed(ir::BufferId id);
  Value* list_of(ir::BufferId id);
  Value* listed_count(ir::BufferId id);
  Value* listed_number(ir::BufferId id, Value* position);
  Value* listed_position(ir::BufferId id, Value* number);
  Value* element_number(ir::BufferId id, Value* number);
  Value* presence_of(ir::BufferId id, Value* number);
  void over_listed(ir::SpaceId space, ir::BufferId input, const Body& action);
  void where_holds(ir::SpaceId space, const Body& action);
  void write_cell(ir::SpaceId space, Value* at);
  Value* follow(const ir::Dim& dim);
  void update_sizes(ir::SpaceId space);
  void check(const Instruction& each);

  const ir::Module& module_;
  const Layout& layout_;
  const Target& target_;
  llvm::Module& code_;
  llvm::IRBuilder<> builder_;
  Lanes b_;

  llvm::Function* function_ = nullptr;
  llvm::BasicBlock* entry_ = nullptr;  // stack slots, and what is computed once a call
  const ir::Body* body_ = nullptr;
  ir::Stage stage_ = ir::Stage::Draw;
  std::vector<ir::Stage> stages_;
  std::vector<Value*> values_;
  std::vector<bool> allocated_;  // data buffers that bind has given memory
  std::vector<bool> built_;      // spaces whose cells are listed
  std::vector<Value*> cell_;     // parameters and indices of the cell that is tested
  std::vector<Value*> bases_;    // of buffers, at the function's entry
  bool has_parts_ = false;    // the function shares its rows with others
  bool inlines_ = true;       // in loops
  bool inlines_once_ = true;  // outside of them: a call costs little beside several draws, or many rows
  LaneAxis axis_ = LaneAxis::None;
  unsigned lanes_ = 1;
  Value* mask_ = nullptr;                     // lanes that count; null: all
  Value* tail_ = nullptr;                     // the mask of the loop's last vector, where `mask_` may be it
  bool masks_all_ = false;                    // each vector is taken as the last
  Value* is_whole_ = nullptr;                 // every lane of this vector counts
  std::vector<bool> varying_;                 // lanes over rows: values that differ between lanes
  std::map<ir::ValueId, Value*> first_lane_;  // values that are this plus the lane's number
  int rows_of_tile_ = 0;                                // of the loop that takes several rows at a time; 0: none does
  std::vector<bool> by_row_;                            // there: values that differ between rows
  std::map<ir::ValueId, llvm::AllocaInst*> row_slots_;  // what its stretches keep for each row
  bool rows_agree_ = false;                             // all rows of the tile have one first index
  ir::ValueId in_order_{};                              // the first index of cells in order, where there are more
  Value* scratch_row_ = nullptr;                        // whose scratch is meant; null: there is one
  std::vector<Shadow> shadows_;  // of what lanes add to one element, all of them in one loop
  std::map<ir::ValueId, Value*> run_;         // of these, those that are so only if this holds
  // Results of loops that a loop around them adds up with its own accumulator.
  std::map<ir::ValueId, Accumulator> within_;
  ir::ValueId row_{};            // lanes over rows: the index or position whose lanes follow each other
  bool prefetches_ = false;        // in the last of a row's loops over columns
  std::set<const Value*> padded_;  // lanes over rows: read from data, 0 behind the last row
  std::map<ir::ValueId, std::pair<Value*, Value*>> products_;  // values that are a product, and its factors
  std::vector<WorkRequest> work_;
  Value* with_jacobian_ = nullptr;
  Value* work_used_ = nullptr;               // bytes handed out so far
  bool aligned_rows_ = false;                // vectors of rows begin at multiples of the lanes
  int depth_ = 0;                            // of loops around the current place
  std::map<unsigned, Value*> header_cache_;  // draw stage: what the header says never changes
  llvm::GlobalVariable* one_ = nullptr;      // 1, where some function multiplies by scales
  // The number of each check: how many stand before it in the module's functions.
  std::map<const Instruction*, int> checks_;
};

}  // namespace lacuna::codegen
