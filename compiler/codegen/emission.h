// A function of LLVM being written: what of the IR's function is there already, over what lanes run, where code goes.
//
//   needs    a verified module, its layout, the target, and LLVM's module
//   leaves   values by their number in the IR; the frame's fields, sizes, stack slots, counted loops, conditions
//   shown by test/unit/codegen/module_test.cpp
//
// A value of the IR becomes a scalar, or a vector where lanes run over rows or draws and the value differs between
// lanes. Reals are double, ints and indices i64, bools i1. What loops carry is kept in stack slots, which LLVM turns
// into registers.
//
// Each layer of an emitter derives from the one below: Emission, Operations, Loops, Tiles, Emitter. Blocks within
// loops come back to the top through `instruction`.
#pragma once
#include <functional>
#include <map>
#include <vector>

#include <llvm/IR/Module.h>

#include "compiler/codegen/lanes.h"
#include "compiler/codegen/layout.h"
#include "compiler/ir/module.h"

namespace lacuna::codegen {

using llvm::Value;

// Over what the lanes of vectors run.
enum class LaneAxis { None, Rows, Draws };

class Emission {
 protected:
  using Instruction = ir::Instruction;
  using Body = std::function<void()>;

  Emission(const ir::Module& module, const Layout& layout, const Target& target, llvm::Module& code);
  virtual ~Emission() = default;

  virtual void instruction(const Instruction& each) = 0;
  void block(const ir::Block& block);

  Value* get(ir::ValueId id) const { return values_[id.index]; }
  void set(ir::ValueId id, Value* value) { values_[id.index] = value; }
  // `id` with as many lanes as its place needs.
  Value* widened(ir::ValueId id);
  Value* widen(Value* value, bool to_vector);
  bool is_vector(ir::ValueId id) const;
  void keep_run(ir::ValueId from, ir::ValueId to);
  llvm::Type* type_of(ir::Type type, bool vector) const;
  Value* constant(std::int64_t value) const { return b_.ir.getInt64(static_cast<std::uint64_t>(value)); }

  Value* frame_field(FrameField field);
  Value* header(unsigned slot);
  void set_header(unsigned slot, Value* value);
  Value* size(ir::DimId dim);
  Value* evaluate(const ir::SizeExpr& size);
  Value* elements(const ir::Buffer& buffer);

  llvm::AllocaInst* slot(llvm::Type* type, const char* name);
  llvm::BasicBlock* new_block(const char* name);
  // while (i < end) body(i), i from begin in steps.
  void count_up(Value* begin, Value* end, Value* step, const std::function<void(Value*)>& body);
  void when(Value* condition, const Body& body);

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
  std::map<unsigned, Value*> header_cache_;  // draw stage: what the header says never changes
  bool inlines_ = true;                      // in loops
  bool inlines_once_ = true;  // outside of them: a call costs little beside several draws, or many rows
  int depth_ = 0;             // of loops around the current place

  LaneAxis axis_ = LaneAxis::None;
  unsigned lanes_ = 1;
  Value* mask_ = nullptr;                     // lanes that count; null: all
  std::vector<bool> varying_;                 // lanes over rows: values that differ between lanes
  ir::ValueId row_{};                         // lanes over rows: the index or position whose lanes follow each other
  std::map<ir::ValueId, Value*> first_lane_;  // values that are this plus the lane's number
  std::map<ir::ValueId, Value*> run_;         // of these, those that are so only if this holds

 private:
  Value* header_pointer(unsigned slot);
};

}  // namespace lacuna::codegen
