#include "compiler/transform/value_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <unordered_map>

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::ValueId;

class KeyWriter {
 public:
  explicit KeyWriter(const std::map<ir::BufferId, int>& versions) : versions_(versions) {}

  void instruction(const Instruction& each) {
    auto to = std::back_inserter(key_);
    fmt::format_to(to, "{} ", static_cast<int>(each.op));
    if (each.op == ir::Op::Constant) literal(each.literal);
    if (each.dim.valid()) fmt::format_to(to, "d{} ", each.dim.index);
    if (each.buffer.valid()) {
      const auto version = versions_.find(each.buffer);
      fmt::format_to(to, "b{}.{} ", each.buffer.index, version == versions_.end() ? 0 : version->second);
    }
    if (each.domain.space.valid()) fmt::format_to(to, "s{} ", each.domain.space.index);
    for (ir::DimId dim : each.domain.dims) fmt::format_to(to, "d{} ", dim.index);
    fmt::format_to(to, "{}{} ", each.domain.position ? "p" : "", each.domain.descending ? "v" : "");
    for (ir::Reducer reducer : each.reducers) fmt::format_to(to, "r{} ", static_cast<int>(reducer));
    key_ += each.name;
    operands(each);
    for (const Block& block : each.blocks) this->block(block);
  }

  std::string take() { return std::move(key_); }

 private:
  void literal(const ir::Literal& value) {
    auto to = std::back_inserter(key_);
    if (const double* real = std::get_if<double>(&value))
      fmt::format_to(to, "f{} ", std::bit_cast<std::uint64_t>(*real));
    if (const auto* whole = std::get_if<std::int64_t>(&value)) fmt::format_to(to, "i{} ", *whole);
    if (const bool* truth = std::get_if<bool>(&value)) fmt::format_to(to, "t{} ", *truth);
  }

  // Values defined inside are numbered in order, others keep their own number.
  std::string name(ValueId id) const {
    const auto found = inner_.find(id);
    return found == inner_.end() ? fmt::format("%{}", id.index) : fmt::format("_{}", found->second);
  }

  void define(ValueId id) { inner_.emplace(id, inner_.size()); }

  void operands(const Instruction& each) {
    std::vector<std::string> names;
    for (ValueId id : each.operands) names.push_back(name(id));
    if (has(each.op, ir::Commutative)) std::sort(names.begin(), names.end());
    for (const std::string& each_name : names) key_ += each_name + " ";
  }

  void block(const Block& block) {
    key_ += "{";
    for (ValueId id : block.arguments) define(id);
    for (const Instruction& each : block.body) {
      if (each.results.empty()) continue;
      instruction(each);
      for (ValueId id : each.results) define(id);
      key_ += ";";
    }
    for (ValueId id : block.yields) key_ += name(id) + " ";
    key_ += "}";
  }

  const std::map<ir::BufferId, int>& versions_;
  std::string key_;
  std::unordered_map<ValueId, std::size_t> inner_;
};

}  // namespace

std::string value_key(const Instruction& instruction, const std::map<ir::BufferId, int>& versions) {
  KeyWriter writer(versions);
  writer.instruction(instruction);
  return writer.take();
}

}  // namespace lacuna::transform
