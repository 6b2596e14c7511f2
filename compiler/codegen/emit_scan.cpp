// Scans whose recurrences are linear, with consecutive iterations in the lanes of vectors.
//
// x[t] = c[t] + m[t] x[t - 1]: c and m, which do not depend on x, are computed for a whole vector; the steps are then
// composed in log2(lanes) rounds, and only one multiplication and addition a vector waits for the vector before. With
// the previous values known, everything else in the block is computed for the whole vector too.
#include "compiler/analysis/linear_scan.h"
#include "compiler/codegen/emit_loops.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

using ir::Op;
using ir::ValueId;

// One carried value of a scan in lanes.
struct Loops::Carried {
  ValueId argument;
  ValueId next;
  llvm::AllocaInst* before;  // what the next vector starts from
  llvm::AllocaInst* last;    // the last vector
  bool zero_start;
  bool unused;               // nobody asks for the value behind the loop
};

// rest + factor x; null is 0.
struct Loops::Affine {
  Value* rest = nullptr;
  Value* factor = nullptr;
  bool resets = false;  // the factor may be 0 in some lanes, which forgets x even where it is not finite
};

struct Loops::LinearSteps {
  const analysis::LinearScan& linear;
  bool descending;
  Value* first = nullptr;  // the first index of the vector
  std::map<ValueId, std::pair<const Instruction*, std::size_t>> definitions{};
};

namespace {

void define_all(const ir::Block& block,
                std::map<ValueId, std::pair<const ir::Instruction*, std::size_t>>& definitions) {
  ir::for_each_instruction(block, [&](const ir::Instruction& each) {
    for (std::size_t i = 0; i < each.results.size(); ++i) definitions[each.results[i]] = {&each, i};
  });
}

bool is_number(const Value* value, double number) {
  const auto* constant = llvm::dyn_cast<llvm::ConstantFP>(value);
  return constant != nullptr && constant->isExactlyValue(number);
}

bool used_in(const ir::Block& block, ValueId id) {
  bool used = std::find(block.yields.begin(), block.yields.end(), id) != block.yields.end();
  ir::for_each_instruction(block, [&](const ir::Instruction& each) {
    for (ValueId operand : each.operands) used = used || operand == id;
    for (const ir::Block& inner : each.blocks) {
      used = used || std::find(inner.yields.begin(), inner.yields.end(), id) != inner.yields.end();
    }
  });
  return used;
}

}  // namespace

void Loops::row_scan(const Instruction& each, const analysis::LinearScan& linear) {
  const ir::Block& body = each.blocks.front();
  axis_ = LaneAxis::Rows;
  lanes_ = row_lanes(each);
  mark_varying(each);
  aligned_rows_ = true;
  open_shadows(body);
  std::vector<Carried> carried = start_carried(each);
  std::vector<Accumulator> reduced;
  for (ir::Reducer reducer : each.reducers) reduced.push_back(start(reducer, true, true));
  LinearSteps steps{linear, each.domain.descending};
  define_all(body, steps.definitions);
  row_steps(each, [&] {
    steps.first = first_lane_.at(body.arguments[each.domain.position ? each.domain.dims.size() : 0]);
    emit_part(body, linear, false);
    std::vector<Affine> forms;
    for (const Carried& one : carried) forms.push_back(affine(one.next, one, steps));
    for (std::size_t i = 0; i < carried.size(); ++i) {
      set(carried[i].argument, compose(forms[i], carried[i], steps.descending));
    }
    emit_part(body, linear, true);
    for (std::size_t i = 0; i < reduced.size(); ++i) reduce(reduced[i], body.yields[carried.size() + i]);
  });
  std::vector<Value*> results;
  for (const Carried& one : carried) results.push_back(last_lane(one, each));
  for (const Accumulator& one : reduced) results.push_back(result(one, true));
  close_shadows();
  varying_.assign(varying_.size(), false);
  first_lane_.clear();
  run_.clear();
  padded_.clear();
  axis_ = LaneAxis::None;
  lanes_ = 1;
  for (std::size_t i = 0; i < results.size(); ++i) set(each.results[i], results[i]);
}

std::vector<Loops::Carried> Loops::start_carried(const Instruction& each) {
  const ir::Block& body = each.blocks.front();
  const std::size_t count = body.yields.size() - each.reducers.size();
  llvm::Type* real = builder_.getDoubleTy();
  std::vector<Carried> all;
  for (std::size_t i = 0; i < count; ++i) {
    Value* start = get(each.operands[each.operands.size() - count + i]);
    Carried one{body.arguments[body.arguments.size() - count + i], body.yields[i], slot(real, "before"),
                slot(llvm::FixedVectorType::get(real, lanes_), "last"), is_number(start, 0.0),
                !used_in(body_->block, each.results[i])};
    builder_.CreateStore(start, one.before);
    builder_.CreateStore(b_.splat(start, lanes_), one.last);
    all.push_back(one);
  }
  return all;
}

// The instructions that do not depend on carried values, without effects; or, with these known, all others.
void Loops::emit_part(const ir::Block& block, const analysis::LinearScan& linear, bool dependent) {
  for (const Instruction& each : block.body) {
    if (each.op == Op::If) {
      emit_part_of_branch(each, linear, dependent);
      continue;
    }
    const bool waits = has(each.op, ir::Effect) || (!each.results.empty() && linear.dependent.contains(each.result()));
    if (waits == dependent) instruction(each);
  }
}

void Loops::emit_part_of_branch(const Instruction& each, const analysis::LinearScan& linear, bool dependent) {
  Value* condition = b_.splat(get(each.operands[0]), lanes_);
  Value* outer = mask_;
  for (int side = 0; side < 2; ++side) {
    Value* taken = side == 0 ? condition : builder_.CreateNot(condition);
    mask_ = outer != nullptr ? builder_.CreateAnd(outer, taken) : taken;
    emit_part(each.blocks[side], linear, dependent);
  }
  mask_ = outer;
  for (std::size_t i = 0; i < each.results.size(); ++i) {
    if (linear.dependent.contains(each.results[i]) != dependent) continue;
    Value* yes = b_.splat(get(each.blocks[0].yields[i]), lanes_);
    Value* no = b_.splat(get(each.blocks[1].yields[i]), lanes_);
    set(each.results[i], b_.select(condition, yes, no));
  }
}

Loops::Affine Loops::affine(ValueId id, const Carried& of, const LinearSteps& steps) {
  if (id == of.argument) return {nullptr, llvm::ConstantFP::get(builder_.getDoubleTy(), 1.0)};
  if (!steps.linear.dependent.contains(id)) return {get(id), nullptr};
  const auto& [each, number] = steps.definitions.at(id);
  const auto& x = each->operands;
  if (each->op == Op::Select) {
    return either(x[0], affine(x[1], of, steps), affine(x[2], of, steps), of, steps);
  }
  if (each->op == Op::If) {
    return either(x[0], affine(each->blocks[0].yields[number], of, steps),
                  affine(each->blocks[1].yields[number], of, steps), of, steps);
  }
  Affine a = affine(x[0], of, steps);
  if (each->op == Op::Neg) return {a.rest ? b_.neg(a.rest) : nullptr, a.factor ? b_.neg(a.factor) : nullptr, a.resets};
  Affine b = affine(x[1], of, steps);
  auto wide = [&](Value* value, Value* other) { return b_.splat(value, Lanes::count(other)); };
  if (each->op == Op::Mul) {
    if (a.factor == nullptr) std::swap(a, b);
    auto times = [&](Value* value) -> Value* {
      if (value == nullptr) return nullptr;
      if (is_number(value, 1.0)) return b.rest;
      return b_.mul(wide(value, b.rest), wide(b.rest, value));
    };
    return {times(a.rest), times(a.factor), a.resets};
  }
  const bool minus = each->op == Op::Sub;
  auto combined = [&](Value* left, Value* right) -> Value* {
    if (right == nullptr) return left;
    if (left == nullptr) return minus ? b_.neg(right) : right;
    left = wide(left, right), right = wide(right, left);
    return minus ? b_.sub(left, right) : b_.add(left, right);
  };
  return {combined(a.rest, b.rest), combined(a.factor, b.factor), a.resets || b.resets};
}

// Where a side forgets x in the first step only, and x starts from 0, the other side's factor serves there too; and in
// the last step, where nobody asks for what comes out.
Loops::Affine Loops::either(ValueId condition, const Affine& yes, const Affine& no, const Carried& of,
                                const LinearSteps& steps) {
  Value* chosen = b_.splat(get(condition), lanes_);
  auto pick = [&](Value* a, Value* b) -> Value* {
    if (a == nullptr && b == nullptr) return nullptr;
    if (a == b) return a;
    Value* zero = llvm::ConstantFP::get(builder_.getDoubleTy(), 0.0);
    return b_.select(chosen, b_.splat(a ? a : zero, lanes_), b_.splat(b ? b : zero, lanes_));
  };
  Affine form{pick(yes.rest, no.rest), nullptr, yes.resets || no.resets};
  const bool forgotten = steps.descending ? of.unused : of.zero_start;
  if (forgotten && yes.factor == nullptr && is_first_step(condition, steps)) {
    form.factor = no.factor;
  } else {
    form.factor = pick(yes.factor, no.factor);
    form.resets = form.resets || ((yes.factor == nullptr) != (no.factor == nullptr));
  }
  return form;
}

// `index == 0`.
bool Loops::is_first_step(ValueId condition, const LinearSteps& steps) const {
  const auto found = steps.definitions.find(condition);
  if (found == steps.definitions.end() || found->second.first->op != Op::IEq) return false;
  const auto& x = found->second.first->operands;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto index = first_lane_.find(x[i]);
    const auto* zero = llvm::dyn_cast<llvm::ConstantInt>(get(x[1 - i]));
    if (index != first_lane_.end() && index->second == steps.first && zero != nullptr && zero->isZero()) return true;
  }
  return false;
}

// Lane i takes that of the step before it, `by` steps back; lanes that have none take `fill`.
Value* Loops::steps_back(Value* vector, unsigned by, Value* fill, bool descending) {
  llvm::SmallVector<int> lanes;
  for (unsigned i = 0; i < lanes_; ++i) {
    const unsigned from = descending ? i + by : i - by;  // wraps to a large number
    lanes.push_back(static_cast<int>(from < lanes_ ? from : lanes_));
  }
  Value* filled = b_.splat(fill, lanes_);
  // With a zero that it knows, LLVM shifts by `vexpandpd`, which waits on Zen for what its register held before: the vectors of a loop then
  // wait for each other (GARCH, 1,000 steps: 2.43 us instead of 1.68). The fence hides the zero and costs nothing.
  if (llvm::isa<llvm::Constant>(filled)) {
    filled = builder_.CreateIntrinsic(filled->getType(), llvm::Intrinsic::arithmetic_fence, {filled});
  }
  return builder_.CreateShuffleVector(vector, filled, lanes);
}

// The values before each step of the vector; keeps the vector's own, and what the next one starts from.
Value* Loops::compose(const Affine& form, const Carried& of, bool descending) {
  llvm::Type* real = builder_.getDoubleTy();
  Value* zero = llvm::ConstantFP::get(real, 0.0);
  Value* one = llvm::ConstantFP::get(real, 1.0);
  Value* c = b_.select(mask_, b_.splat(form.rest ? form.rest : zero, lanes_), 0.0);
  Value* m = form.factor ? form.factor : zero;
  Value* before = builder_.CreateLoad(real, of.before);
  // Lanes that do not count pass on what they get; with one factor for all, they may pass on 0 only.
  const bool uniform = Lanes::count(m) == 1 && (!descending || of.zero_start);
  Value* last_factor = nullptr;
  if (uniform) {
    Value* power = m;
    for (unsigned by = 1; by < lanes_; by *= 2) {
      c = b_.fma(b_.splat(power, lanes_), steps_back(c, by, zero, descending), c);
      power = b_.mul(power, power);
    }
    last_factor = power;
    m = powers(m, descending);
  } else {
    m = b_.select(mask_, b_.splat(m, lanes_), 1.0);
    for (unsigned by = 1; by < lanes_; by *= 2) {
      Value* earlier = b_.fma(m, steps_back(c, by, zero, descending), c);
      c = form.resets ? b_.select(builder_.CreateFCmpOEQ(m, b_.splat(zero, lanes_)), c, earlier) : earlier;
      m = b_.mul(m, steps_back(m, by, one, descending));
    }
    last_factor = builder_.CreateExtractElement(m, std::uint64_t{descending ? 0 : lanes_ - 1});
  }
  Value* x = b_.fma(m, b_.splat(before, lanes_), c);
  Value* last = builder_.CreateExtractElement(c, std::uint64_t{descending ? 0 : lanes_ - 1});
  Value* next = b_.fma(last_factor, before, last);
  if (form.resets) {
    x = b_.select(builder_.CreateFCmpOEQ(m, b_.splat(zero, lanes_)), c, x);
    next = b_.select(builder_.CreateFCmpOEQ(last_factor, zero), last, next);
  }
  builder_.CreateStore(next, of.before);
  builder_.CreateStore(x, of.last);
  return steps_back(x, 1, before, descending);
}

// m, m^2, m^3, ... in the order of the steps.
Value* Loops::powers(Value* m, bool descending) {
  Value* vector = llvm::PoisonValue::get(llvm::FixedVectorType::get(builder_.getDoubleTy(), lanes_));
  Value* power = m;
  for (unsigned i = 0; i < lanes_; ++i) {
    vector = builder_.CreateInsertElement(vector, power, std::uint64_t{descending ? lanes_ - 1 - i : i});
    power = b_.mul(power, m);
  }
  return vector;
}

// What is carried behind the loop: the last step's lane of the last vector.
Value* Loops::last_lane(const Carried& of, const Instruction& each) {
  Value* vector = builder_.CreateLoad(of.last->getAllocatedType(), of.last);
  if (each.domain.descending) return builder_.CreateExtractElement(vector, std::uint64_t{0});
  Value* count = each.domain.space.valid() ? header(layout_.cells(each.domain.space)) : size(each.domain.dims[0]);
  Value* lane = builder_.CreateAnd(builder_.CreateSub(count, constant(1)), constant(lanes_ - 1));
  return builder_.CreateExtractElement(vector, lane);
}

}  // namespace lacuna::codegen
