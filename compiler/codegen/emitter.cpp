#include "compiler/codegen/emitter.h"

#include <algorithm>

#include "compiler/ir/stages.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::BufferKind;
using ir::Op;
using ir::Scalar;
using ir::ValueId;

Emitter::Emitter(const ir::Module& module, const Layout& layout, const Target& target, llvm::Module& code)
    : module_(module),
      layout_(layout),
      target_(target),
      code_(code),
      builder_(code.getContext()),
      b_(builder_, target),
      allocated_(module.buffers.size(), false) {}

namespace {

bool has_parts(const ir::Function& function) {
  const auto& body = function.body.block.body;
  return std::any_of(body.begin(), body.end(), [](const ir::Instruction& each) { return each.schedule.parts > 0; });
}

}  // namespace

llvm::Function* Emitter::emit(const ir::Function& function, const std::string& name, unsigned draws, bool fast) {
  inlines_ = fast;
  has_parts_ = has_parts(function);
  inlines_once_ = fast && draws == 1 && !has_parts_;
  axis_ = draws > 1 ? LaneAxis::Draws : LaneAxis::None;
  lanes_ = draws;
  begin(function, name);
  if (stage_ == ir::Stage::Data) begin_binding(function);
  block(function.body.block);
  finish(function);
  if (!fast) function_->addFnAttr(llvm::Attribute::OptimizeForSize);
  return function_;
}

void Emitter::number_checks() {
  if (!checks_.empty()) return;
  int number = 0;
  for (const ir::Function& function : module_.functions) {
    ir::for_each_instruction(function.body.block, [&](const Instruction& each) {
      if (each.op == ir::Op::Check) checks_[&each] = number++;
    });
  }
}

void Emitter::begin(const ir::Function& function, const std::string& name) {
  llvm::LLVMContext& context = code_.getContext();
  auto* type = llvm::FunctionType::get(builder_.getInt32Ty(), {builder_.getPtrTy()}, false);
  function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, code_);
  function_->addParamAttr(0, llvm::Attribute::NoAlias);
  entry_ = llvm::BasicBlock::Create(context, "entry", function_);
  builder_.SetInsertPoint(new_block("body"));
  body_ = &function.body;
  stage_ = function.stage;
  stages_ = ir::stages_of(module_, function.body, function.stage);
  values_.assign(function.body.values.size(), nullptr);
  bases_.assign(module_.buffers.size(), nullptr);
  varying_.assign(function.body.values.size(), false);
  number_checks();
  header_cache_.clear();
  first_lane_.clear();
  run_.clear();
  products_.clear();
  shadows_.clear();
  within_.clear();
  work_.clear();
  work_used_ = nullptr;
  with_jacobian_ = nullptr;
  depth_ = 0;
  mask_ = nullptr;
  for (std::size_t i = 0; i < function.body.block.arguments.size(); ++i) {
    const ValueId id = function.body.block.arguments[i];
    Value* stored =
        builder_.CreateLoad(builder_.getInt64Ty(),
                            builder_.CreateConstGEP1_64(builder_.getInt64Ty(), frame_field(FrameField::Arguments), i));
    const ir::Type of = function.body.type(id);
    if (of.scalar == Scalar::Real) stored = builder_.CreateBitCast(stored, builder_.getDoubleTy());
    if (of.scalar == Scalar::Bool) stored = builder_.CreateICmpNE(stored, constant(0));
    set(id, stored);
  }
}

void Emitter::finish(const ir::Function& function) {
  Value* results = frame_field(FrameField::Results);
  const auto& yields = function.body.block.yields;
  for (std::size_t i = 0; i < yields.size(); ++i) {
    Value* value = get(yields[i]);
    if (axis_ == LaneAxis::Draws) value = widen(value, true);
    if (value->getType()->getScalarType()->isIntegerTy(1)) {
      value = builder_.CreateZExt(value, Lanes::shaped(value, builder_.getInt64Ty()));
    }
    builder_.CreateAlignedStore(value, builder_.CreateConstGEP1_64(builder_.getInt64Ty(), results, i * lanes_),
                                llvm::Align(8));
  }
  builder_.CreateRet(builder_.getInt32(0));
  llvm::IRBuilder<> at_entry(entry_);
  at_entry.CreateBr(entry_->getNextNode());
}

void Emitter::block(const ir::Block& block) {
  for (const Instruction& each : block.body) instruction(each);
}

void Emitter::instruction(const Instruction& each) {
  switch (each.op) {
    case Op::Load:
      return load(each);
    case Op::Present:
      return present(each);
    case Op::Store:
      return store(each);
    case Op::Accumulate:
      return accumulate(each);
    case Op::Fill:
      return fill(each);
    case Op::For:
    case Op::Scan:
      return loop(each);
    case Op::If:
      return branch(each);
    case Op::BuildSpace:
      return build_space(each);
    case Op::Check:
      return check(each);
    case Op::Kernel:
      return kernel(each);
    default:
      set(each.result(), arithmetic(each));
      if (each.op == Op::Mul) products_[each.result()] = {get(each.operands[0]), get(each.operands[1])};
      if (each.op == Op::IAdd || each.op == Op::ISub) follow_first_lane(each);
  }
}

// The lane's number plus something that all lanes share is still the first lane's value plus the lane's number.
void Emitter::follow_first_lane(const Instruction& each) {
  auto left = first_lane_.find(each.operands[0]);
  auto right = first_lane_.find(each.operands[1]);
  Value *a = get(each.operands[0]), *b = get(each.operands[1]);
  if (left != first_lane_.end() && Lanes::count(b) == 1) {
    Value* kept = left->second;
    first_lane_[each.result()] = each.op == Op::IAdd ? builder_.CreateAdd(kept, b) : builder_.CreateSub(kept, b);
    keep_run(each.operands[0], each.result());
  } else if (right != first_lane_.end() && Lanes::count(a) == 1 && each.op == Op::IAdd) {
    Value* kept = right->second;
    first_lane_[each.result()] = builder_.CreateAdd(a, kept);
    keep_run(each.operands[1], each.result());
  }
}

void Emitter::keep_run(ValueId from, ValueId to) {
  const auto found = run_.find(from);
  if (found == run_.end()) return;
  Value* run = found->second;
  run_[to] = run;
}

bool Emitter::is_vector(ValueId id) const {
  if (axis_ == LaneAxis::Rows) return varying_[id.index];
  return axis_ == LaneAxis::Draws && stages_[id.index] == ir::Stage::Draw;
}

Value* Emitter::widen(Value* value, bool to_vector) {
  return to_vector ? b_.splat(value, lanes_) : value;
}

Value* Emitter::widened(ValueId id) {
  return widen(get(id), is_vector(id));
}

llvm::Type* Emitter::type_of(ir::Type type, bool vector) const {
  llvm::LLVMContext& context = code_.getContext();
  llvm::Type* element = llvm::Type::getInt64Ty(context);
  if (type.scalar == Scalar::Real) element = llvm::Type::getDoubleTy(context);
  if (type.scalar == Scalar::Bool) element = llvm::Type::getInt1Ty(context);
  return vector && lanes_ > 1 ? llvm::FixedVectorType::get(element, lanes_) : element;
}

llvm::AllocaInst* Emitter::slot(llvm::Type* type, const char* name) {
  llvm::IRBuilder<> at_entry(entry_, entry_->begin());
  return at_entry.CreateAlloca(type, nullptr, name);
}

llvm::BasicBlock* Emitter::new_block(const char* name) {
  return llvm::BasicBlock::Create(code_.getContext(), name, function_);
}

Value* Emitter::frame_field(FrameField field) {
  const unsigned key = ~static_cast<unsigned>(field);
  if (auto known = header_cache_.find(key); known != header_cache_.end()) return known->second;
  llvm::IRBuilder<> at_entry(entry_);
  Value* address = at_entry.CreateConstGEP1_64(at_entry.getPtrTy(), function_->getArg(0), static_cast<unsigned>(field));
  return header_cache_[key] = at_entry.CreateLoad(at_entry.getPtrTy(), address);
}

Value* Emitter::header_pointer(unsigned slot) {
  return builder_.CreateConstGEP1_64(builder_.getInt64Ty(), frame_field(FrameField::Bound), slot);
}

Value* Emitter::header(unsigned slot) {
  if (stage_ == ir::Stage::Data) return builder_.CreateLoad(builder_.getInt64Ty(), header_pointer(slot));
  if (auto known = header_cache_.find(slot); known != header_cache_.end()) return known->second;
  Value* bound = frame_field(FrameField::Bound);
  llvm::IRBuilder<> at_entry(entry_);
  Value* address = at_entry.CreateConstGEP1_64(at_entry.getInt64Ty(), bound, slot);
  return header_cache_[slot] = at_entry.CreateLoad(at_entry.getInt64Ty(), address);
}

void Emitter::set_header(unsigned slot, Value* value) {
  builder_.CreateStore(value, header_pointer(slot));
}

llvm::Function* Emitter::emit_work_size(const std::string& name) {
  auto* type = llvm::FunctionType::get(builder_.getInt64Ty(), {builder_.getPtrTy()}, false);
  function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, code_);
  entry_ = new_block("entry");
  builder_.SetInsertPoint(entry_);
  header_cache_.clear();
  header_cache_[~static_cast<unsigned>(FrameField::Bound)] = function_->getArg(0);
  stage_ = ir::Stage::Data;
  Value* total = constant(0);
  for (const WorkRequest& request : work_) {
    Value* needed = builder_.CreateMul(evaluate(request.elements), constant(request.bytes));
    needed = builder_.CreateAnd(builder_.CreateAdd(needed, constant(kPadding + kAlignment - 1)), constant(-kAlignment));
    total = builder_.CreateAdd(total, needed);
  }
  builder_.CreateRet(total);
  function_->addFnAttr(llvm::Attribute::OptimizeForSize);
  return function_;
}

Value* Emitter::size(ir::DimId dim) {
  return header(layout_.dim(dim));
}

Value* Emitter::evaluate(const ir::SizeExpr& size_expr) {
  Value* total = constant(0);
  for (const ir::SizeTerm& term : size_expr.terms) {
    Value* product = constant(term.coefficient);
    for (ir::DimId dim : term.dims) product = builder_.CreateMul(product, size(dim));
    total = builder_.CreateAdd(total, product);
  }
  return total;
}

Value* Emitter::elements(const ir::Buffer& buffer) {
  return evaluate(ir::SizeExpr::product(buffer.axes));
}

void Emitter::count_up(Value* begin, Value* end, Value* step, const std::function<void(Value*)>& body) {
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

void Emitter::when(Value* condition, const std::function<void()>& body) {
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
