// What the values of a loop's block depend on of the data: nothing, one whole number, bool or index of the cell itself, or more.
//
//   needs    a verified module
//   leaves   facts that hold until the loop's block changes
//   shown by test/lit/transform/sum_over_values.lir
#pragma once
#include <map>
#include <set>
#include <vector>

#include "compiler/ir/module.h"

namespace lacuna::transform {

// Beside what the loop does not change.
struct Dependence {
  bool free = false;      // of the loop, or of one datum only
  ir::ValueId datum{};    // that datum
};

class Dependences {
 public:
  Dependences(const ir::Module& module, const ir::Body& body, const ir::Instruction& loop);

  // Of any value, those inside of branches too.
  Dependence of(ir::ValueId id) const;
  // The instructions of the loop's block that a value needs.
  void add_needed(ir::ValueId id, std::set<const ir::Instruction*>& needed) const;
  const ir::Instruction& definition(ir::ValueId id) const { return *definitions_.at(id); }
  const std::vector<ir::ValueId>& indices() const { return indices_; }

 private:
  Dependence of(const ir::Instruction& each) const;
  void add_inside(const ir::Instruction& branch);
  bool is_datum(const ir::Instruction& each) const;

  const ir::Module& module_;
  const ir::Body& body_;
  std::vector<ir::ValueId> indices_;
  std::map<ir::ValueId, Dependence> of_;
  std::map<ir::ValueId, const ir::Instruction*> definitions_;
};

}  // namespace lacuna::transform
