// The verifier's part for one body; see verifier.h.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/module.h"

namespace lacuna::ir {

class BodyVerifier {
 public:
  struct Subject {
    const Module& module;
    const Body& body;
    Stage stage;     // of the function; data for a predicate
    bool predicate;  // no effects at all
    std::string where;
  };

  BodyVerifier(Subject subject, std::vector<std::string>& mistakes);
  void run();

 private:
  // One enclosing loop: its indices, and what its block stores or adds to.
  struct Loop {
    const Instruction* instruction;
    std::vector<ValueId> indices;
  };

  void wrong(const Instruction& each, std::string_view what);
  bool visible(ValueId id) const { return id.index < visible_.size() && visible_[id.index]; }
  void define(ValueId id, std::vector<ValueId>& scope, const Instruction* by);
  bool operands_hold(const Instruction& each);

  void block(const Block& block);
  void instruction(const Instruction& each);
  void signature(const Instruction& each);
  void results(const Instruction& each);
  void memory(const Instruction& each);
  void subscripts(const Instruction& each, std::size_t count);
  void written(const Instruction& each);
  void own_element(const Instruction& each);
  void binding(const Instruction& each);
  void kernel(const Instruction& each);
  void loop(const Instruction& each);
  void loop_block(const Instruction& each);
  void carried(const Instruction& each, std::size_t parameters);
  void races(const Instruction& each);
  void branch(const Instruction& each);

  Type type(ValueId id) const { return subject_.body.type(id); }

  Subject subject_;
  std::vector<std::string>& mistakes_;
  std::vector<Stage> stages_;
  std::vector<bool> visible_;
  std::vector<bool> defined_;
  std::vector<Loop> loops_;
  bool sound_ = true;
};

}  // namespace lacuna::ir
