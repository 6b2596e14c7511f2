// Loops whose iterations stand side by side in the lanes of vectors.
//
// The last index of the domain (or the position in a list of cells) is the lane; the loop steps by whole vectors, and a
// mask leaves out what lies behind the end. A value is a vector where it differs between lanes: an index of the loop,
// what is loaded with it, and what is computed from such values. What all lanes add to one element is kept in shadows
// (emit_shadows.cpp).
#include <limits>

#include "compiler/codegen/emit_loops.h"
#include "compiler/codegen/math/functions.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::Op;
using ir::ValueId;

namespace {

// A loop whose number of iterations differs between lanes.
bool has_uneven_loop(const ir::Module& module, const ir::Block& block, const std::vector<bool>& varying) {
  bool found = false;
  ir::for_each_instruction(block, [&](const ir::Instruction& each) {
    if ((each.op != Op::For && each.op != Op::Scan) || !each.domain.space.valid()) return;
    for (std::size_t i = 0; i < module.space(each.domain.space).parameters.size(); ++i) {
      found = found || varying[each.operands[i].index];
    }
  });
  return found;
}

}  // namespace

// Falls back to one row after the other where lanes would need different numbers of iterations.
bool Loops::runs_by_rows(const Instruction& each) {
  if (axis_ != LaneAxis::None || stage_ != ir::Stage::Draw || each.schedule.lanes != ir::Lanes::Rows) return false;
  mark_varying(each);
  const bool even = !has_uneven_loop(module_, each.blocks.front(), varying_);
  varying_.assign(varying_.size(), false);
  return even && !(each.domain.dims.empty() && !each.domain.space.valid());
}

void Loops::mark_varying(const Instruction& each) {
  const ir::Block& body = each.blocks.front();
  varying_.assign(varying_.size(), false);
  const std::size_t shared = each.domain.space.valid() ? 0 : each.domain.dims.size() - 1;
  for (std::size_t i = shared; i < body.arguments.size(); ++i) varying_[body.arguments[i].index] = true;
  find_varying(body);
}

// A load from scratch differs whatever its index is: each lane keeps its own.
bool Loops::differs(const Instruction& each) const {
  bool any = each.op == Op::Load && module_.buffer(each.buffer).kind == ir::BufferKind::Scratch;
  for (ValueId id : each.operands) any = any || varying_[id.index];
  return any;
}

// Marks what differs between lanes; loop-carried values need a second round.
void Loops::find_varying(const ir::Block& block) {
  for (const Instruction& each : block.body) {
    bool any = differs(each);
    for (const ir::Block& inner : each.blocks) {
      const std::size_t carried = each.op == Op::Scan ? inner.yields.size() - each.reducers.size() : 0;
      const std::size_t first = inner.arguments.size() - carried;
      for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < carried; ++i) {
          const ValueId start = each.operands[each.operands.size() - carried + i];
          const bool differs_here = varying_[start.index] || varying_[inner.yields[i].index];
          if (differs_here) varying_[inner.arguments[first + i].index] = true;
        }
        find_varying(inner);
      }
      for (std::size_t i = 0; i < inner.yields.size(); ++i) {
        const bool branch = each.op == Op::If && varying_[each.operands[0].index];
        if (varying_[inner.yields[i].index] || branch) varying_[each.results[i].index] = true;
      }
    }
    if (each.op == Op::For || each.op == Op::Scan || each.op == Op::If) continue;
    for (ValueId id : each.results) varying_[id.index] = any;
  }
}

// A logsumexp of little more than loads: cheaper computed twice than with a running maximum.
bool Loops::is_plain_log_sum_exp(const Instruction& each) const {
  if (each.reducers.size() != 1 || each.reducers[0] != ir::Reducer::LogSumExp) return false;
  bool plain = true;
  ir::for_each_instruction(each.blocks.front(), [&](const Instruction& inner) {
    const bool arithmetic = inner.op == Op::Add || inner.op == Op::Sub || inner.op == Op::Mul || inner.op == Op::Neg ||
                            inner.op == Op::Fma || inner.op == Op::Constant || inner.op == Op::Select;
    plain = plain && (arithmetic || inner.op == Op::Load);
  });
  return plain;
}

// The largest operand m first, then m + log of the sum of exp(x - m); an infinite m is not subtracted.
Value* Loops::log_sum_exp_twice(const Instruction& each) {
  const ir::Block& body = each.blocks.front();
  const Accumulator most = start(ir::Reducer::MaxNumber, true, true);  // a NaN makes the sum NaN
  row_steps(each, [&] {
    block(body);
    reduce(most, body.yields[0]);
  });
  Value* m = result(most, true);
  Value* shift = b_.select(b_.lt(b_.abs(m), std::numeric_limits<double>::infinity()), m, 0.0);
  llvm::Type* type = llvm::FixedVectorType::get(builder_.getDoubleTy(), lanes_);
  llvm::AllocaInst* sum = slot(type, "sum");
  builder_.CreateStore(llvm::Constant::getNullValue(type), sum);
  row_steps(each, [&] {
    block(body);
    Value* e = math::emit_exp(b_, b_.sub(widen(get(body.yields[0]), true), b_.splat(shift, lanes_)));
    Value* before = builder_.CreateLoad(type, sum);
    Value* after = b_.add(before, e);
    builder_.CreateStore(mask_ != nullptr ? b_.select(mask_, after, before) : after, sum);
  });
  Value* total = across(ir::Reducer::Sum, builder_.CreateLoad(type, sum));
  return b_.add(shift, math::emit_log(b_, total));
}

unsigned Loops::row_lanes(const Instruction& each) const {
  return static_cast<unsigned>(each.schedule.tile > 0 ? each.schedule.tile : target_.lanes());
}

void Loops::row_loop(const Instruction& each) {
  const ir::Block& body = each.blocks.front();
  axis_ = LaneAxis::Rows;
  lanes_ = row_lanes(each);
  mark_varying(each);
  aligned_rows_ = space_parameters(each) == 0;
  open_shadows(body);
  std::vector<Value*> results;
  if (is_plain_log_sum_exp(each)) {
    results.push_back(log_sum_exp_twice(each));
  } else {
    std::vector<Accumulator> reduced;
    for (std::size_t i = 0; i < each.reducers.size(); ++i) {
      const auto outer = within_.find(each.results[i]);
      reduced.push_back(outer != within_.end() ? outer->second : start(each.reducers[i], true, true));
    }
    row_steps(each, [&] {
      block(body);
      for (std::size_t i = 0; i < reduced.size(); ++i) reduce(reduced[i], body.yields[i]);
    });
    for (std::size_t i = 0; i < reduced.size(); ++i) {
      results.push_back(within_.contains(each.results[i]) ? nullptr : result(reduced[i], true));
    }
  }
  close_shadows();
  varying_.assign(varying_.size(), false);
  first_lane_.clear();
  padded_.clear();
  run_.clear();
  axis_ = LaneAxis::None;
  lanes_ = 1;
  for (std::size_t i = 0; i < results.size(); ++i) set(each.results[i], results[i]);
}

}  // namespace lacuna::codegen
