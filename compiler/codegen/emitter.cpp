#include "compiler/codegen/emitter.h"

#include <algorithm>

#include "compiler/analysis/linear_scan.h"
#include "compiler/ir/stages.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::Op;
using ir::Scalar;
using ir::ValueId;

Emitter::Emitter(const ir::Module& module, const Layout& layout, const Target& target, llvm::Module& code)
    : Tiles(module, layout, target, code), allocated_(module.buffers.size(), false) {}

namespace {

bool has_parts(const ir::Function& function) {
  const auto& body = function.body.block.body;
  return std::any_of(body.begin(), body.end(), [](const ir::Instruction& each) { return each.schedule.parts > 0; });
}

bool accumulates(const ir::Block& block) {
  return std::any_of(block.body.begin(), block.body.end(),
                     [](const ir::Instruction& each) { return each.op == ir::Op::Accumulate; });
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
      return;  // refused before: not_compiled (module_code.h)
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

void Emitter::loop(const Instruction& each) {
  ++depth_;
  prefetches_ = axis_ == LaneAxis::Rows && accumulates(each.blocks.front());
  if (each.op == ir::Op::Scan) {
    const bool rows = axis_ == LaneAxis::None && stage_ == ir::Stage::Draw && each.schedule.lanes == ir::Lanes::Rows;
    const auto linear = rows ? analysis::linear_scan(module_, *body_, each) : std::nullopt;
    linear ? row_scan(each, *linear) : scan_loop(each);
  } else if (runs_by_rows(each)) {
    row_loop(each);
  } else if (rows_at_a_time(each) > 0) {
    tile_loop(each);
  } else {
    for_loop(each);
  }
  prefetches_ = false;
  --depth_;
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

}  // namespace lacuna::codegen
