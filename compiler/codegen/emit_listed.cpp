// Inputs that are a list of cells: finding a cell.
#include "compiler/codegen/emit_operations.h"
#include "compiler/codegen/listed_inputs.h"

namespace lacuna::codegen {

Value* Operations::is_listed(ir::BufferId id) {
  return builder_.CreateICmpSLT(header(layout_.presence(id)), constant(0));
}

// The block of a listed input: how many cells, then their numbers.
Value* Operations::list_of(ir::BufferId id) {
  Value* offset = builder_.CreateNeg(header(layout_.presence(id)));
  return builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound), offset);
}

Value* Operations::listed_count(ir::BufferId id) {
  return builder_.CreateLoad(builder_.getInt64Ty(), list_of(id));
}

Value* Operations::listed_number(ir::BufferId id, Value* position) {
  Value* place = builder_.CreateGEP(builder_.getInt64Ty(), list_of(id), builder_.CreateAdd(position, constant(1)));
  return builder_.CreateLoad(builder_.getInt64Ty(), place);
}

// The first position in the list whose number is not below `number`, by bisection; the list's length if there is none.
Value* Operations::listed_position(ir::BufferId id, Value* number) {
  llvm::Type* whole = builder_.getInt64Ty();
  llvm::AllocaInst* low = slot(whole, "low");
  llvm::AllocaInst* high = slot(whole, "high");
  builder_.CreateStore(constant(0), low);
  builder_.CreateStore(listed_count(id), high);
  llvm::BasicBlock* test = new_block("bisect");
  llvm::BasicBlock* step = new_block("halve");
  llvm::BasicBlock* after = new_block("found");
  builder_.CreateBr(test);
  builder_.SetInsertPoint(test);
  Value* from = builder_.CreateLoad(whole, low);
  Value* to = builder_.CreateLoad(whole, high);
  builder_.CreateCondBr(builder_.CreateICmpSLT(from, to), step, after);
  builder_.SetInsertPoint(step);
  Value* middle = builder_.CreateLShr(builder_.CreateAdd(from, to), constant(1));
  Value* below = builder_.CreateICmpSLT(listed_number(id, middle), number);
  builder_.CreateStore(builder_.CreateSelect(below, builder_.CreateAdd(middle, constant(1)), from), low);
  builder_.CreateStore(builder_.CreateSelect(below, to, middle), high);
  builder_.CreateBr(test);
  builder_.SetInsertPoint(after);
  return from;
}

// Where the element with this row-major number is: there in an array, at its place in a list (0 if it is not listed).
Value* Operations::element_number(ir::BufferId id, Value* number) {
  if (stage_ != ir::Stage::Data || !may_be_listed(module_, id)) return number;
  llvm::AllocaInst* chosen = slot(builder_.getInt64Ty(), "element");
  builder_.CreateStore(number, chosen);
  when(is_listed(id), [&] {
    Value* position = listed_position(id, number);
    Value* inside = builder_.CreateICmpSLT(position, listed_count(id));
    builder_.CreateStore(builder_.CreateSelect(inside, position, constant(0)), chosen);
  });
  return builder_.CreateLoad(builder_.getInt64Ty(), chosen);
}

// Presence of the element with this number; true exactly where it is listed.
Value* Operations::presence_of(ir::BufferId id, Value* number) {
  llvm::AllocaInst* here = slot(builder_.getInt1Ty(), "here");
  builder_.CreateStore(builder_.getFalse(), here);
  when(is_listed(id), [&] {
    Value* position = listed_position(id, number);
    when(builder_.CreateICmpSLT(position, listed_count(id)), [&] {
      builder_.CreateStore(builder_.CreateICmpEQ(listed_number(id, position), number), here);
    });
  });
  when(builder_.CreateNot(is_listed(id)), [&] {
    if (const ir::Type type = module_.buffer(id).element; type == ir::Type::real()) {
      Value* value = read({builder_.CreateGEP(stored_type(type), base(id), number), nullptr, false}, type, false);
      builder_.CreateStore(builder_.CreateFCmpORD(value, value), here);
      return;
    }
    Value* bytes =
        builder_.CreateGEP(builder_.getInt8Ty(), frame_field(FrameField::Bound), header(layout_.presence(id)));
    const Place where{builder_.CreateGEP(builder_.getInt8Ty(), bytes, number), nullptr, false};
    builder_.CreateStore(read(where, ir::Type::boolean(), false), here);
  });
  return builder_.CreateLoad(builder_.getInt1Ty(), here);
}

}  // namespace lacuna::codegen
