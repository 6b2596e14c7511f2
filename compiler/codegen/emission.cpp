#include "compiler/codegen/emission.h"

namespace lacuna::codegen {

using ir::Scalar;
using ir::ValueId;

Emission::Emission(const ir::Module& module, const Layout& layout, const Target& target, llvm::Module& code)
    : module_(module), layout_(layout), target_(target), code_(code), builder_(code.getContext()), b_(builder_, target) {}

void Emission::block(const ir::Block& block) {
  for (const Instruction& each : block.body) instruction(each);
}

void Emission::keep_run(ValueId from, ValueId to) {
  const auto found = run_.find(from);
  if (found == run_.end()) return;
  Value* run = found->second;
  run_[to] = run;
}

bool Emission::is_vector(ValueId id) const {
  if (axis_ == LaneAxis::Rows) return varying_[id.index];
  return axis_ == LaneAxis::Draws && stages_[id.index] == ir::Stage::Draw;
}

Value* Emission::widen(Value* value, bool to_vector) {
  return to_vector ? b_.splat(value, lanes_) : value;
}

Value* Emission::widened(ValueId id) {
  return widen(get(id), is_vector(id));
}

llvm::Type* Emission::type_of(ir::Type type, bool vector) const {
  llvm::LLVMContext& context = code_.getContext();
  llvm::Type* element = llvm::Type::getInt64Ty(context);
  if (type.scalar == Scalar::Real) element = llvm::Type::getDoubleTy(context);
  if (type.scalar == Scalar::Bool) element = llvm::Type::getInt1Ty(context);
  return vector && lanes_ > 1 ? llvm::FixedVectorType::get(element, lanes_) : element;
}

llvm::AllocaInst* Emission::slot(llvm::Type* type, const char* name) {
  llvm::IRBuilder<> at_entry(entry_, entry_->begin());
  return at_entry.CreateAlloca(type, nullptr, name);
}

llvm::BasicBlock* Emission::new_block(const char* name) {
  return llvm::BasicBlock::Create(code_.getContext(), name, function_);
}

Value* Emission::frame_field(FrameField field) {
  const unsigned key = ~static_cast<unsigned>(field);
  if (auto known = header_cache_.find(key); known != header_cache_.end()) return known->second;
  llvm::IRBuilder<> at_entry(entry_);
  Value* address = at_entry.CreateConstGEP1_64(at_entry.getPtrTy(), function_->getArg(0), static_cast<unsigned>(field));
  return header_cache_[key] = at_entry.CreateLoad(at_entry.getPtrTy(), address);
}

Value* Emission::header_pointer(unsigned slot) {
  return builder_.CreateConstGEP1_64(builder_.getInt64Ty(), frame_field(FrameField::Bound), slot);
}

Value* Emission::header(unsigned slot) {
  if (stage_ == ir::Stage::Data) return builder_.CreateLoad(builder_.getInt64Ty(), header_pointer(slot));
  if (auto known = header_cache_.find(slot); known != header_cache_.end()) return known->second;
  Value* bound = frame_field(FrameField::Bound);
  llvm::IRBuilder<> at_entry(entry_);
  Value* address = at_entry.CreateConstGEP1_64(at_entry.getInt64Ty(), bound, slot);
  return header_cache_[slot] = at_entry.CreateLoad(at_entry.getInt64Ty(), address);
}

void Emission::set_header(unsigned slot, Value* value) {
  builder_.CreateStore(value, header_pointer(slot));
}

Value* Emission::size(ir::DimId dim) {
  return header(layout_.dim(dim));
}

Value* Emission::evaluate(const ir::SizeExpr& size_expr) {
  Value* total = constant(0);
  for (const ir::SizeTerm& term : size_expr.terms) {
    Value* product = constant(term.coefficient);
    for (ir::DimId dim : term.dims) product = builder_.CreateMul(product, size(dim));
    total = builder_.CreateAdd(total, product);
  }
  return total;
}

Value* Emission::elements(const ir::Buffer& buffer) {
  return evaluate(ir::SizeExpr::product(buffer.axes));
}

void Emission::count_up(Value* begin, Value* end, Value* step, const std::function<void(Value*)>& body) {
  llvm::BasicBlock* before = builder_.GetInsertBlock();
  llvm::BasicBlock* inside = new_block("loop");
  llvm::BasicBlock* after = new_block("after");
  builder_.CreateCondBr(builder_.CreateICmpSLT(begin, end), inside, after);
  builder_.SetInsertPoint(inside);
  llvm::PHINode* i = builder_.CreatePHI(builder_.getInt64Ty(), 2);
  i->addIncoming(begin, before);
  body(i);
  Value* next = builder_.CreateNSWAdd(i, step);
  i->addIncoming(next, builder_.GetInsertBlock());
  builder_.CreateCondBr(builder_.CreateICmpSLT(next, end), inside, after);
  after->moveAfter(builder_.GetInsertBlock());
  builder_.SetInsertPoint(after);
}

void Emission::when(Value* condition, const std::function<void()>& body) {
  llvm::BasicBlock* inside = new_block("then");
  llvm::BasicBlock* after = new_block("endif");
  builder_.CreateCondBr(condition, inside, after);
  builder_.SetInsertPoint(inside);
  body();
  builder_.CreateBr(after);
  after->moveAfter(builder_.GetInsertBlock());
  builder_.SetInsertPoint(after);
}

}  // namespace lacuna::codegen
