#include "compiler/transform/simplify.h"

#include <cmath>
#include <optional>
#include <unordered_map>

#include "compiler/ir/clone.h"
#include "compiler/ir/evaluate.h"
#include "compiler/ir/module.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Literal;
using ir::Op;
using ir::ValueId;

class Simplifier {
 public:
  explicit Simplifier(ir::Body& body) : body_(body) {}

  void block(Block& block) {
    std::vector<Instruction> kept;
    for (Instruction& each : block.body) {
      for (ValueId& id : each.operands) id = ir::mapped(same_, id);
      if (each.op == Op::If) {
        sides(each);
      } else {
        for (Block& inner : each.blocks) this->block(inner);
      }
      if (each.op == Op::If && inline_branch(each, kept)) continue;
      if (!has(each.op, ir::Elementwise) && each.op != Op::Constant) {
        kept.push_back(std::move(each));
        continue;
      }
      fold(each);
      rewrite(each, kept);
      if (const ValueId existing = identity(each); existing.valid()) {
        same_[each.result()] = existing;
        continue;
      }
      if (each.op == Op::Constant) constants_[each.result()] = each.literal;
      defined_[each.result()] = {each.op, each.operands};
      kept.push_back(std::move(each));
    }
    block.body = std::move(kept);
    for (ValueId& id : block.yields) id = ir::mapped(same_, id);
  }

 private:
  struct Definition {
    Op op;
    std::vector<ValueId> operands;
  };

  std::optional<double> real(ValueId id) const {
    const auto found = constants_.find(id);
    if (found == constants_.end() || !std::holds_alternative<double>(found->second)) return std::nullopt;
    return std::get<double>(found->second);
  }

  std::optional<bool> truth(ValueId id) const {
    const auto found = constants_.find(id);
    if (found == constants_.end() || !std::holds_alternative<bool>(found->second)) return std::nullopt;
    return std::get<bool>(found->second);
  }

  bool is(ValueId id, double value) const {
    const auto known = real(id);
    return known && *known == value && std::signbit(*known) == std::signbit(value);
  }

  // The operand of an operation of one, if `id` is its result.
  ValueId operand_of(Op op, ValueId id) const {
    const auto found = defined_.find(id);
    return found != defined_.end() && found->second.op == op ? found->second.operands[0] : ValueId{};
  }

  // The operand of a negation, if `id` is one.
  ValueId negated(ValueId id) const { return operand_of(Op::Neg, id); }

  // Inside its blocks a branch's condition is known.
  void sides(Instruction& each) {
    const ValueId condition = each.operands[0];
    const auto known = constants_.find(condition);
    const bool decided = known != constants_.end();
    for (std::size_t side = 0; side < 2; ++side) {
      if (!decided) constants_[condition] = side == 0;
      block(each.blocks[side]);
      if (!decided) constants_.erase(condition);
    }
  }

  // A branch on a constant is the block that is taken.
  bool inline_branch(Instruction& each, std::vector<Instruction>& kept) {
    const auto taken = truth(each.operands[0]);
    if (!taken) return false;
    Block& block = each.blocks[*taken ? 0 : 1];
    for (Instruction& inner : block.body) kept.push_back(std::move(inner));
    for (std::size_t i = 0; i < each.results.size(); ++i) same_[each.results[i]] = block.yields[i];
    return true;
  }

  // An operation on constants becomes a constant.
  void fold(Instruction& each) {
    if (each.op == Op::Constant || each.op == Op::ToIndex) return;
    std::vector<ir::Cell> operands;
    for (ValueId id : each.operands) {
      const auto found = constants_.find(id);
      if (found == constants_.end()) return;
      if (const double* value = std::get_if<double>(&found->second)) {
        operands.push_back(ir::Cell::of(static_cast<long double>(*value)));
      } else if (const bool* flag = std::get_if<bool>(&found->second)) {
        operands.push_back(ir::Cell::of(*flag));
      } else {
        operands.push_back(ir::Cell::of(std::get<std::int64_t>(found->second)));
      }
    }
    const ir::Cell value = ir::evaluate(each.op, operands);
    switch (body_.type(each.result()).scalar) {
      case ir::Scalar::Real:
        each.literal = static_cast<double>(value.real);
        break;
      case ir::Scalar::Bool:
        each.literal = value.whole != 0;
        break;
      case ir::Scalar::Int:
        each.literal = value.whole;
        break;
      case ir::Scalar::Index:
        return;
    }
    each.op = Op::Constant;
    each.operands.clear();
  }

  // The same value written with cheaper operations.
  void rewrite(Instruction& each, std::vector<Instruction>& kept) {
    auto become = [&](Op op, std::vector<ValueId> operands) {
      each.op = op;
      each.operands = std::move(operands);
    };
    const auto& operands = each.operands;
    if (each.op == Op::Add && negated(operands[1]).valid()) return become(Op::Sub, {operands[0], negated(operands[1])});
    if (each.op == Op::Add && negated(operands[0]).valid()) return become(Op::Sub, {operands[1], negated(operands[0])});
    if (each.op == Op::Add && operands[0] == operands[1]) return twice(each, kept);
    if (each.op == Op::Sub && negated(operands[1]).valid()) return become(Op::Add, {operands[0], negated(operands[1])});
    if (each.op == Op::Mul && is(operands[1], -1)) return become(Op::Neg, {operands[0]});
    if (each.op == Op::Mul && is(operands[0], -1)) return become(Op::Neg, {operands[1]});
    if (each.op == Op::Pow) return power(each, kept);
    if (each.op == Op::Eq || each.op == Op::Lt || each.op == Op::Le) return compare_whole(each, kept);
    if (each.op == Op::XLogY || each.op == Op::XLog1pY) {
      const auto factor = real(operands[0]);
      if (!factor || *factor == 0) return;
      const ValueId log = body_.add(ir::Type::real());
      kept.push_back({.op = each.op == Op::XLogY ? Op::Log : Op::Log1p, .operands = {operands[1]}, .results = {log}});
      become(Op::Mul, {operands[0], log});
    }
  }

  // c * y + c * y = (2 c) * y, exactly, unless 2 c overflows.
  void twice(Instruction& each, std::vector<Instruction>& kept) {
    const auto found = defined_.find(each.operands[0]);
    if (found == defined_.end() || found->second.op != Op::Mul) return;
    for (std::size_t k = 0; k < 2; ++k) {
      const auto factor = real(found->second.operands[k]);
      if (!factor || !std::isfinite(2 * *factor)) continue;
      const ValueId y = found->second.operands[1 - k];
      if (*factor == -0.5) {
        each.op = Op::Neg;
        each.operands = {y};
        return;
      }
      const ValueId doubled = body_.add(ir::Type::real());
      kept.push_back({.op = Op::Constant, .results = {doubled}, .literal = 2 * *factor});
      constants_[doubled] = 2 * *factor;
      each.op = Op::Mul;
      each.operands = {doubled, y};
      return;
    }
  }

  // The int of which a value is the real, if it is one.
  ValueId whole(ValueId id) const {
    const auto found = defined_.find(id);
    return found != defined_.end() && found->second.op == Op::ToReal &&
                   body_.type(found->second.operands[0]).scalar == ir::Scalar::Int
               ? found->second.operands[0]
               : ValueId{};
  }

  // An int is compared with a whole number as an int, and is below inf.
  void compare_whole(Instruction& each, std::vector<Instruction>& kept) {
    for (std::size_t k = 0; k < 2; ++k) {
      const ValueId number = whole(each.operands[k]);
      const auto other = real(each.operands[1 - k]);
      if (!number.valid() || !other) continue;
      if (std::isinf(*other)) {
        each.literal = each.op != Op::Eq && (k == 0) == (*other > 0);
        each.op = Op::Constant;
        each.operands.clear();
        return;
      }
      constexpr double kExact = 0x1p53;
      if (std::abs(*other) >= kExact || *other != std::floor(*other)) return;
      const ValueId literal = body_.add(ir::Type::integer());
      kept.push_back({.op = Op::Constant, .results = {literal}, .literal = static_cast<std::int64_t>(*other)});
      constants_[literal] = static_cast<std::int64_t>(*other);
      each.op = each.op == Op::Eq ? Op::IEq : each.op == Op::Lt ? Op::ILt : Op::ILe;
      each.operands[k] = number;
      each.operands[1 - k] = literal;
      return;
    }
  }

  // Whether a value cannot be -0, so that adding 0 to it changes nothing.
  bool never_negative_zero(ValueId id) const {
    const auto found = defined_.find(id);
    if (found == defined_.end()) return false;
    const Op op = found->second.op;
    return op == Op::Exp || op == Op::Abs || op == Op::Sigmoid || op == Op::Softplus || op == Op::Cosh;
  }

  // Small whole powers are products.
  void power(Instruction& each, std::vector<Instruction>& kept) {
    const auto exponent = real(each.operands[1]);
    const ValueId x = each.operands[0];
    if (exponent == 2.0) {
      each.op = Op::Mul;
      each.operands = {x, x};
    } else if (exponent == 3.0) {
      const ValueId square = body_.add(ir::Type::real());
      kept.push_back({.op = Op::Mul, .operands = {x, x}, .results = {square}});
      each.op = Op::Mul;
      each.operands = {square, x};
    } else if (exponent == -1.0) {
      const ValueId one = body_.add(ir::Type::real());
      kept.push_back({.op = Op::Constant, .results = {one}, .literal = 1.0});
      each.op = Op::Div;
      each.operands = {one, x};
    } else if (exponent == 0.0) {
      each.op = Op::Constant;
      each.operands.clear();
      each.literal = 1.0;
    }
  }

  // The operand that an operation's result always is, if it is one.
  ValueId identity(const Instruction& each) const {
    const auto& operands = each.operands;
    switch (each.op) {
      case Op::Mul:
        if (is(operands[0], 1)) return operands[1];
        return is(operands[1], 1) ? operands[0] : ValueId{};
      case Op::Div:
      case Op::Pow:
        return is(operands[1], 1) ? operands[0] : ValueId{};
      case Op::Sub:
        return is(operands[1], 0.0) ? operands[0] : ValueId{};
      case Op::Add:
        if (is(operands[0], -0.0)) return operands[1];
        if (is(operands[0], 0.0) && never_negative_zero(operands[1])) return operands[1];
        if (is(operands[1], 0.0) && never_negative_zero(operands[0])) return operands[0];
        return is(operands[1], -0.0) ? operands[0] : ValueId{};
      case Op::Neg:
        return negated(operands[0]);
      case Op::Log:  // granted by the IR's README: also where `exp` would over- or underflow
        return operand_of(Op::Exp, operands[0]);
      case Op::Truncate:
        return whole(operands[0]);
      case Op::Select:
        if (operands[1] == operands[2]) return operands[1];
        if (const auto taken = truth(operands[0])) return operands[*taken ? 1 : 2];
        return {};
      case Op::And:
      case Op::Or:
        return logic(each.op == Op::And, operands[0], operands[1]);
      default:
        return {};
    }
  }

  ValueId logic(bool both, ValueId a, ValueId b) const {
    const auto left = truth(a);
    const auto right = truth(b);
    if (left) return *left == both ? b : a;
    if (right) return *right == both ? a : b;
    return a == b ? a : ValueId{};
  }

  ir::Body& body_;
  ir::ValueMap same_;
  std::unordered_map<ValueId, Literal> constants_;
  std::unordered_map<ValueId, Definition> defined_;
};

}  // namespace

void simplify(ir::Module& module) {
  for (ir::Function& function : module.functions) Simplifier(function.body).block(function.body.block);
  for (ir::Space& space : module.spaces) {
    if (space.predicate) Simplifier(*space.predicate).block(space.predicate->block);
  }
}

}  // namespace lacuna::transform
