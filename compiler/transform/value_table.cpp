#include "compiler/transform/value_table.h"

#include "compiler/ir/clone.h"
#include "compiler/ir/infer.h"

namespace lacuna::transform {
namespace {

using ir::Builder;
using ir::DimId;
using ir::Op;
using ir::Scalar;
using ir::SpaceId;
using ir::ValueId;
using ir::Values;

// Ints below this have a place of their own.
constexpr std::int64_t kOwnPlaces = 1024;

ValueId load_value(Builder& b, const ValuesOf& of, const Values& at) {
  Values subscripts;
  for (int number : of.subscripts) subscripts.push_back(at[static_cast<std::size_t>(number)]);
  return b.load(of.buffer, subscripts);
}

ValueId has_own_place(Builder& b, ValueId value) {
  return b.op(Op::And, {b.op(Op::ILe, {b.integer(0), value}), b.op(Op::ILt, {value, b.integer(kOwnPlaces)})});
}

class Making {
 public:
  Making(ir::Module& module, ir::Body& bind, const ValuesOf& of)
      : module_(module), bind_(bind), of_(of), name_(module.buffer(of.buffer).name) {}

  ValueTable run() {
    const Scalar scalar = module_.buffer(of_.buffer).element.scalar;
    if (scalar == Scalar::Int) {
      places_ = add_dim(name_ + ".places", ir::SizeExpr::constant(kOwnPlaces + 1));
    } else if (scalar == Scalar::Bool) {
      places_ = add_dim(name_ + ".places", ir::SizeExpr::constant(2));
    } else {
      places_ = module_.buffer(of_.buffer).element.dim;
    }
    table_.of = of_;
    table_.counts = module_.add({.name = module_.fresh_buffer_name(name_ + ".counts"), .axes = {places_}});
    if (scalar == Scalar::Int) {
      count_and_find_first();
      list_cells();
    } else {
      count();
      list_values();
    }
    return table_;
  }

 private:
  DimId add_dim(const std::string& wanted, ir::SizeExpr size) {
    std::string name = wanted;
    for (int i = 1; module_.find_dim(name).valid(); ++i) name = wanted + "." + std::to_string(i);
    return module_.add(ir::Dim{.name = name, .kind = ir::Dim::Kind::Derived, .size = std::move(size)});
  }

  SpaceId add_space(const std::string& wanted, ir::Space space) {
    space.name = wanted;
    for (int i = 1; module_.find_space(space.name).valid(); ++i) space.name = wanted + "." + std::to_string(i);
    const SpaceId made = module_.add(std::move(space));
    Builder(module_, bind_).build_space(made);
    return made;
  }

  // The row-major number of a cell.
  ValueId number_of(Builder& b, const Values& at) const {
    ValueId number = b.integer(0);
    for (std::size_t i = 0; i < of_.domain.dims.size(); ++i)
      number = b.op(Op::IAdd, {b.op(Op::IMul, {number, b.size(of_.domain.dims[i])}), b.op(Op::ToInt, {at[i]})});
    return number;
  }

  // Counts the values that have a place of their own, and notes for each its first cell. Behind them stands the count of
  // all others: each cell is by itself.
  void count_and_find_first() {
    first_ = module_.add({.name = module_.fresh_buffer_name(name_ + ".first"), .element = ir::Type::integer(), .axes = {places_}});
    Builder b(module_, bind_);
    b.fill(table_.counts, b.real(0));
    b.store(table_.counts, {b.index(places_, b.integer(kOwnPlaces))}, b.real(1));
    b.scan(of_.domain, {}, {}, [&](const Values& at) -> Values {
      const ValueId value = load_value(b, of_, at);
      auto counted = [&]() -> Values {
        const ValueId place = b.index(places_, value);
        const ValueId is_first = b.op(Op::Eq, {b.load(table_.counts, {place}), b.real(0)});
        auto noted = [&]() -> Values {
          b.store(first_, {place}, number_of(b, at));
          return {};
        };
        b.branch(is_first, noted, []() -> Values { return {}; });
        b.accumulate(table_.counts, {place}, b.real(1));
        return {};
      };
      b.branch(has_own_place(b, value), counted, []() -> Values { return {}; });
      return {};
    });
  }

  // The first cell of each such value, and every cell of the others.
  void list_cells() {
    ir::Space space;
    if (of_.domain.space.valid()) space = module_.space(of_.domain.space);
    space.dims = of_.domain.dims;
    ir::Body predicate = space.predicate.value_or(ir::Body{});
    Builder b(module_, predicate);
    if (!space.predicate) predicate.block.arguments = b.index_arguments({.dims = space.dims});
    const Values cell = predicate.block.arguments;
    auto stands = [&]() -> Values {
      const ValueId value = load_value(b, of_, cell);
      auto is_first = [&]() -> Values { return {b.op(Op::IEq, {b.load(first_, {b.index(places_, value)}), number_of(b, cell)})}; };
      return b.branch(has_own_place(b, value), is_first, [&]() -> Values { return {b.boolean(true)}; });
    };
    // What is not in the loop's own space is not looked at.
    const bool all = !space.predicate.has_value();
    b.yield(all ? stands() : b.branch(predicate.block.yields[0], stands, [&]() -> Values { return {b.boolean(false)}; }));
    space.predicate = std::move(predicate);
    table_.space = add_space(name_ + ".occurring", std::move(space));
  }

  // Of bools and indices.
  void count() {
    Builder b(module_, bind_);
    b.fill(table_.counts, b.real(0));
    b.for_each(of_.domain, {}, [&](const Values& at) -> Values {
      const ValueId value = load_value(b, of_, at);
      const bool index = bind_.type(value).scalar == Scalar::Index;
      b.accumulate(table_.counts, {index ? value : b.index(places_, b.op(Op::ToInt, {value}))}, b.real(1));
      return {};
    });
  }

  void list_values() {
    ir::Body predicate;
    Builder b(module_, predicate);
    predicate.block.arguments = b.index_arguments({.dims = {places_}});
    b.yield({b.op(Op::Lt, {b.real(0), b.load(table_.counts, {predicate.block.arguments[0]})})});
    table_.space = add_space(name_ + ".occurring", {.dims = {places_}, .predicate = std::move(predicate)});
  }

  ir::Module& module_;
  ir::Body& bind_;
  const ValuesOf& of_;
  std::string name_;
  DimId places_;
  ir::BufferId first_;
  ValueTable table_;
};

}  // namespace

ValueTable add_value_table(ir::Module& module, ir::Body& bind, const ValuesOf& of) {
  return Making(module, bind, of).run();
}

OneValue write_value(Builder& b, const ValueTable& table, const Values& at) {
  const Scalar scalar = b.module().buffer(table.of.buffer).element.scalar;
  if (scalar != Scalar::Int) {
    const ValueId value = scalar == Scalar::Index ? at[0] : b.op(Op::INe, {b.op(Op::ToInt, {at[0]}), b.integer(0)});
    return {value, b.load(table.counts, {at[0]})};
  }
  // Subscripts that are not the loop's own indices: a copy in the order of the list would be as long as the rows.
  Values cell;
  for (std::size_t i = 0; i < at.size(); ++i) cell.push_back(b.index(table.of.domain.dims[i], b.op(Op::ToInt, {at[i]})));
  const ValueId value = load_value(b, table.of, cell);
  const ValueId place = b.select(has_own_place(b, value), value, b.integer(kOwnPlaces));
  return {value, b.load(table.counts, {b.index(b.module().buffer(table.counts).axes[0], place)})};
}

}  // namespace lacuna::transform
