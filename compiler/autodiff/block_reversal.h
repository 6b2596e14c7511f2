// The adjoints of a block's instructions, in reverse order; see reversal.h.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/ir/builder.h"
#include "compiler/ir/clone.h"

namespace lacuna::autodiff {

// Buffer -> the buffer that holds the adjoints of its elements.
using AdjointBuffers = std::map<ir::BufferId, ir::BufferId>;
// Value -> its adjoint so far. Ordered, so that what is written does not depend on hashing.
using Adjoints = std::map<ir::ValueId, ir::ValueId>;

class BlockReversal {
 public:
  // Writes to the end of the function. Adjoint buffers of work buffers are made when needed; `traces` have none.
  BlockReversal(ir::Module& module, ir::Function& function, AdjointBuffers adjoints, std::set<ir::BufferId> traces);

  // Adds to `adjoints` what the instructions of `block` hand back, the last instruction first. Its values must be
  // visible at the builder's place. Adjoints of values from outside the block are left in `adjoints` too.
  void sweep(const ir::Block& block, Adjoints& adjoints);

  ir::Builder& builder() { return builder_; }
  const std::vector<ir::BufferId>& made() const { return made_; }
  const std::string& error() const { return error_; }

 private:
  // A block's copy at the builder's place and what it was copied to; `inside` are the values that it defines.
  struct Copy {
    ir::Block block;
    std::set<ir::ValueId> inside;
  };
  using Outer = std::vector<std::pair<ir::ValueId, ir::ValueId>>;

  bool active(ir::ValueId id) const { return id.index < active_.size() && active_[id.index]; }
  void add(Adjoints& adjoints, ir::ValueId id, ir::ValueId share);
  ir::BufferId adjoint_buffer(ir::BufferId buffer);
  // `share`, but 0 where the adjoint that it is a multiple of is 0, if that may be.
  ir::ValueId unless_faded(ir::ValueId share, ir::ValueId adjoint);
  void mark_faded(ir::ValueId id, bool faded);
  // Whether operand number `operand` may get a share of 0 from an operation whose value is finite.
  bool may_fade(const ir::Instruction& each, std::size_t operand) const;
  bool writes_adjoints(const ir::Block& block) const;
  void fail(ir::Op op);

  void instruction(const ir::Instruction& each, Adjoints& adjoints);
  void elementwise(const ir::Instruction& each, Adjoints& adjoints);
  bool worth_reversing(const ir::Instruction& each, const Adjoints& adjoints) const;
  Copy copy(const ir::Block& block, ir::ValueMap& map);
  void seed_reductions(const ir::Instruction& loop, const ir::Block& copied, const Adjoints& outer, Adjoints& inner);
  ir::ValueId reduction_share(ir::Reducer reducer, ir::ValueId operand, ir::ValueId result, ir::ValueId adjoint);
  // For a reduction to the least or largest operand: the adjoint of its result shared by the operands that attain it.
  ir::ValueId shared_by_ties(const ir::Instruction& loop, std::size_t reduction, ir::ValueId adjoint);
  void share_extremes(const ir::Instruction& loop, Adjoints& adjoints);
  // Of the factors of a product: how many are 0, and the product of the others.
  struct Factors {
    ir::ValueId zeros;
    ir::ValueId rest;
  };
  void find_factors(const ir::Instruction& loop, const Adjoints& adjoints);
  ir::ValueId product_share(const Factors& factors, ir::ValueId operand, ir::ValueId result, ir::ValueId adjoint);
  Outer from_outside(const Adjoints& inner, const Copy& copied) const;
  void loop(const ir::Instruction& each, Adjoints& adjoints);
  void scan(const ir::Instruction& each, Adjoints& adjoints);
  ir::ValueId load_carried(const ir::Instruction& each, ir::ValueId carried, const ir::ValueMap& map);
  void branch(const ir::Instruction& each, Adjoints& adjoints);

  ir::Module& module_;
  ir::Body& body_;
  ir::Builder builder_;
  AdjointBuffers adjoints_;
  std::set<ir::BufferId> traces_;
  std::vector<ir::BufferId> made_;
  std::vector<bool> active_;
  std::vector<bool> draw_;
  std::set<ir::ValueId> infinite_;  // constants
  std::map<ir::ValueId, Factors> factors_;  // by the product
  // Adjoints that may be 0 although their values reach the result (edges.def), and buffers that hold such.
  std::set<ir::ValueId> faded_;
  std::set<ir::BufferId> faded_buffers_;
  bool in_fading_scan_ = false;  // there, what an adjoint buffer holds comes from iterations that are written later
  std::string error_;
};

}  // namespace lacuna::autodiff
