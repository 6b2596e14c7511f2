// Writes instructions at the end of a body, or of the loop in it that is being written.
//
//   needs    a module (for types of buffers and spaces) and a body in it; both outlive the builder
//   leaves   verified types on every value
//   shown by test/unit/ir/interpreter_test.cpp
//
// Loops are written by a function that receives the block's arguments and returns what the block yields:
//
//   Builder b(module, function.body);
//   ValueId total = b.for_each({.dims = {n_dim}}, {Reducer::Sum}, [&](const Values& at) -> Values {
//     return {b.load(x, {at[0]})};
//   })[0];
//   b.yield({total});
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "compiler/ir/module.h"

namespace lacuna::ir {

using Values = std::vector<ValueId>;

class Builder {
 public:
  using LoopBody = std::function<Values(const Values& arguments)>;
  using BranchBody = std::function<Values()>;

  Builder(const Module& module, Body& body) : module_(module), body_(body) { open_.push_back(&body.block); }

  ValueId real(double value);
  ValueId integer(std::int64_t value);
  ValueId boolean(bool value);
  ValueId size(DimId dim);
  ValueId index(DimId dim, ValueId position);

  // Any operation without attributes and with one result.
  ValueId op(Op op, Values operands, std::string name = {});
  ValueId add(ValueId a, ValueId b) { return op(Op::Add, {a, b}); }
  ValueId sub(ValueId a, ValueId b) { return op(Op::Sub, {a, b}); }
  ValueId mul(ValueId a, ValueId b) { return op(Op::Mul, {a, b}); }
  ValueId div(ValueId a, ValueId b) { return op(Op::Div, {a, b}); }
  ValueId neg(ValueId a) { return op(Op::Neg, {a}); }
  ValueId select(ValueId condition, ValueId yes, ValueId no) { return op(Op::Select, {condition, yes, no}); }

  ValueId load(BufferId buffer, Values at = {}, std::string name = {});
  ValueId present(BufferId buffer, Values at = {});
  void store(BufferId buffer, Values at, ValueId value);
  void accumulate(BufferId buffer, Values at, ValueId value);
  void fill(BufferId buffer, ValueId value);

  // Independent iterations. Returns the reductions of what `body` returns; `parameters` are those of the domain's
  // space.
  Values for_each(Domain domain, std::vector<Reducer> reducers, const LoopBody& body, Values parameters = {});
  // Iterations in order: `body` gets the indices and then the carried values, and returns the next ones and then what
  // is reduced.
  Values scan(Domain domain, Values starts, std::vector<Reducer> reducers, const LoopBody& body,
              Values parameters = {});
  // One of two blocks, by a bool.
  Values branch(ValueId condition, const BranchBody& yes, const BranchBody& no);

  // A block of its own, for instructions that are put together by hand and then appended.
  Block block(std::vector<ValueId> arguments, const LoopBody& body);

  void build_space(SpaceId space);
  void check(ValueId holds, std::string diagnostic, int site, Values at = {});

  // Fresh values for the indices of a domain, and its position if it has one.
  std::vector<ValueId> index_arguments(const Domain& domain);

  // The domain of a space, and of the product of dimensions.
  Domain over(SpaceId space) const { return {.space = space, .dims = module_.space(space).dims}; }
  static Domain over(std::vector<DimId> dims) { return {.dims = std::move(dims)}; }

  // An instruction written elsewhere; results are made unless it has them. Returns them.
  Values append(Instruction instruction, const std::string& name = {});
  // What the body hands out.
  void yield(Values values) { open_.front()->yields = std::move(values); }

  const Module& module() const { return module_; }
  Body& body() { return body_; }

 private:
  const Module& module_;
  Body& body_;
  std::vector<Block*> open_;
};

}  // namespace lacuna::ir
