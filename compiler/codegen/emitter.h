// One function of the IR becoming one function of LLVM.
//
//   needs    a verified module, its layout, and a function of it
//   leaves   `i32 name(ptr frame)`: 0, or 1 when a check failed (the frame's `failure` says which)
//   shown by test/unit/codegen/module_test.cpp
//
// The top of the layers (emission.h): chooses which operation writes an instruction, and how each loop runs. It also writes
// what only functions of stage data have: memory for what bind makes, lists of cells, conditions on data.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "compiler/codegen/emit_tiles.h"

namespace lacuna::codegen {

class Emitter final : public Tiles {
 public:
  Emitter(const ir::Module& module, const Layout& layout, const Target& target, llvm::Module& code);

  // `fast`: a function in which time is spent, which inlines what others call, and may be long for it.
  // Lanes over draws: parameters, gradients, work and results are [element][draw] with `draws` lanes.
  llvm::Function* emit(const ir::Function& function, const std::string& name, unsigned draws = 1, bool fast = true);
  // i64 name(ptr bound): the bytes of workspace that the function emitted last takes.
  llvm::Function* emit_work_size(const std::string& name);

 private:
  // emitter.cpp
  void begin(const ir::Function& function, const std::string& name);
  void finish(const ir::Function& function);
  void number_checks();
  void instruction(const Instruction& each) override;
  void follow_first_lane(const Instruction& each);
  void loop(const Instruction& each);

  // emit_space.cpp
  void begin_binding(const ir::Function& function);
  void allocate(ir::BufferId buffer);
  void allocate_known();
  // Offset of fresh zeroed memory in the bound model.
  Value* allocate_bytes(Value* bytes);
  Value* derived_size(const ir::Dim& dim);
  void update_sizes(ir::SpaceId space);
  void build_space(const Instruction& each);
  Value* starts_of(ir::SpaceId space);
  std::ptrdiff_t parameter_count(ir::SpaceId space) const;
  void list_in_order(ir::SpaceId space, Value* lists);
  void list_by_keys(ir::SpaceId space, Value* lists);
  void within_keys(ir::SpaceId space, const std::function<void(Value*)>& action);
  void over_cells_of(ir::SpaceId space, std::ptrdiff_t axis, const Body& begin_list, const Body& action);
  void over_axes_of(ir::SpaceId space, std::ptrdiff_t axis, const Body& begin_list, const Body& action);
  void over_listed(ir::SpaceId space, ir::BufferId input, const Body& action);
  void where_holds(ir::SpaceId space, const Body& action);
  void write_cell(ir::SpaceId space, Value* at);
  void check(const Instruction& each);

  std::vector<bool> allocated_;  // data buffers that bind has given memory
  std::vector<bool> built_;      // spaces whose cells are listed
  std::vector<Value*> cell_;     // parameters and indices of the cell that is tested
  // The number of each check: how many stand before it in the module's functions.
  std::map<const Instruction*, int> checks_;
};

}  // namespace lacuna::codegen
