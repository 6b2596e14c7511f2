// What all lanes of a loop over rows add to one element: kept lane by lane in one register's width, added up behind
// the loop. The pieces of a wide vector are added one after the other, so a row of a matrix costs one load and one store
// of its shadow, however many registers of rows share it.
#include "compiler/codegen/emit_operations.h"
#include "compiler/ir/walk.h"

namespace lacuna::codegen {

llvm::FixedVectorType* Operations::shadow_type() const {
  const unsigned lanes = std::min(lanes_, static_cast<unsigned>(target_.lanes()));
  return llvm::FixedVectorType::get(llvm::Type::getDoubleTy(code_.getContext()), lanes);
}

void Operations::open_shadows(const ir::Block& block) {
  std::set<ir::BufferId> wanted;
  ir::for_each_instruction(block, [&](const Instruction& each) {
    if (each.op != ir::Op::Accumulate) return;
    bool together = true;
    for (std::size_t i = 0; i + 1 < each.operands.size(); ++i) together = together && !varying_[each.operands[i].index];
    if (together) wanted.insert(each.buffer);
  });
  auto* vector = shadow_type();
  for (ir::BufferId id : wanted) {
    const ir::Buffer& buffer = module_.buffer(id);
    if (!buffer.axes.empty() && depth_ > 1) continue;  // adding up behind an inner loop would cost more than it saves
    Value* memory = nullptr;
    if (buffer.axes.empty()) {
      memory = slot(vector, "shadow");
    } else {
      memory = work_memory(ir::SizeExpr::product(buffer.axes), 8 * vector->getNumElements());
    }
    shadows_.push_back({id, memory});
    count_up(constant(0), elements(buffer), constant(1), [&](Value* i) {
      builder_.CreateAlignedStore(llvm::Constant::getNullValue(vector), builder_.CreateGEP(vector, memory, i),
                                  llvm::Align(8 * vector->getNumElements()));
    });
  }
}

void Operations::close_shadows() {
  auto* vector = shadow_type();
  for (const Shadow& shadow : shadows_) {
    Value* start = base(shadow.buffer);
    count_up(constant(0), elements(module_.buffer(shadow.buffer)), constant(1), [&](Value* i) {
      Value* lanes = builder_.CreateAlignedLoad(vector, builder_.CreateGEP(vector, shadow.memory, i),
                                                llvm::Align(8 * vector->getNumElements()));
      Value* element = builder_.CreateGEP(builder_.getDoubleTy(), start, i);
      Value* before = builder_.CreateAlignedLoad(builder_.getDoubleTy(), element, llvm::Align(8));
      builder_.CreateAlignedStore(b_.add(before, across(ir::Reducer::Sum, lanes)), element, llvm::Align(8));
    });
  }
  shadows_.clear();
}

std::vector<Value*> Operations::pieces(Value* value, unsigned lanes) {
  std::vector<Value*> all;
  value = b_.splat(value, lanes_);
  if (lanes == lanes_) return {value};
  for (unsigned first = 0; first < lanes_; first += lanes) {
    llvm::SmallVector<int> numbers;
    for (unsigned i = 0; i < lanes; ++i) numbers.push_back(static_cast<int>(first + i));
    all.push_back(builder_.CreateShuffleVector(value, numbers));
  }
  return all;
}

// The factors of what is added, the second null if it is no product. Lanes that do not count add 0: where one factor is
// read from padded data, which is 0 there, only the other needs the mask, and a loop over columns keeps it.
std::pair<Value*, Value*> Operations::masked_factors(ir::ValueId added) {
  const auto found = products_.find(added);
  auto masked = [&](Value* value) {
    value = b_.splat(value, lanes_);
    return mask_ != nullptr ? b_.select(mask_, value, 0.0) : value;
  };
  if (found == products_.end() || !target_.fma) return {masked(get(added)), nullptr};
  auto [x, y] = found->second;
  if (mask_ == nullptr) return {x, y};
  if (mask_ == tail_ && padded_.contains(y)) return {masked(x), y};
  if (mask_ == tail_ && padded_.contains(x)) return {x, masked(y)};
  return {masked(get(added)), nullptr};
}

void Operations::add_to_shadow(const Shadow& shadow, const Instruction& each) {
  auto* vector = shadow_type();
  const llvm::Align align(8 * vector->getNumElements());
  const auto [x, y] = masked_factors(each.operands.back());
  const std::vector<Value*> first = pieces(x, vector->getNumElements());
  const std::vector<Value*> second = y != nullptr ? pieces(y, vector->getNumElements()) : std::vector<Value*>{};
  const ir::Buffer& buffer = module_.buffer(each.buffer);
  Value* number = linear(buffer, each.operands, each.operands.size() - 1, true);
  Value* pointer = builder_.CreateGEP(vector, shadow.memory, number);
  Value* sum = builder_.CreateAlignedLoad(vector, pointer, align);
  for (std::size_t i = 0; i < first.size(); ++i) {
    sum = y != nullptr ? b_.fma(first[i], second[i], sum) : b_.add(sum, first[i]);
  }
  builder_.CreateAlignedStore(sum, pointer, align);
}

}  // namespace lacuna::codegen
