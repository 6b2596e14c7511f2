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

class Making {
 public:
  Making(ir::Module& module, ir::Body& bind, const ValuesOf& of)
      : module_(module), bind_(bind), of_(of), name_(module.buffer(of.buffer).name) {}

  ValueTable run() {
    const Scalar scalar = module_.buffer(of_.buffer).element.scalar;
    if (scalar == Scalar::Int) {
      list_others();
      positions_ = add_dim(name_ + ".places", ir::SizeExpr::constant(kOwnPlaces) + ir::SizeExpr::of(others_));
    } else if (scalar == Scalar::Bool) {
      positions_ = add_dim(name_ + ".places", ir::SizeExpr::constant(2));
    } else {
      positions_ = module_.buffer(of_.buffer).element.dim;
    }
    table_.counts = module_.add({.name = module_.fresh_buffer_name(name_ + ".counts"), .axes = {positions_}});
    if (scalar == Scalar::Int) {
      table_.values = module_.add({.name = module_.fresh_buffer_name(name_ + ".values"),
                                   .element = ir::Type::integer(),
                                   .axes = {positions_}});
    }
    count();
    if (scalar == Scalar::Int) fill_values();
    list_values();
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

  ValueId load(Builder& b, const Values& at) const {
    Values subscripts;
    for (int number : of_.subscripts) subscripts.push_back(at[static_cast<std::size_t>(number)]);
    return b.load(of_.buffer, subscripts);
  }

  static ValueId has_own_place(Builder& b, ValueId value) {
    return b.op(Op::And, {b.op(Op::ILe, {b.integer(0), value}), b.op(Op::ILt, {value, b.integer(kOwnPlaces)})});
  }

  // The cells whose values have no place of their own.
  void list_others() {
    ir::Space space;
    if (of_.domain.space.valid()) space = module_.space(of_.domain.space);
    space.dims = of_.domain.dims;
    ir::Body predicate = space.predicate.value_or(ir::Body{});
    Builder b(module_, predicate);
    if (!space.predicate) predicate.block.arguments = b.index_arguments({.dims = space.dims});
    auto is_other = [&]() -> Values { return {b.op(Op::Not, {has_own_place(b, load(b, predicate.block.arguments))})}; };
    if (space.predicate) {
      // What is not in the loop's own space is not looked at.
      b.yield(b.branch(predicate.block.yields[0], is_other, [&]() -> Values { return {b.boolean(false)}; }));
    } else {
      b.yield(is_other());
    }
    space.predicate = std::move(predicate);
    others_space_ = add_space(name_ + ".others", std::move(space));
    others_ = module_.add(ir::Dim{
        .name = module_.space(others_space_).name + "_cells", .kind = ir::Dim::Kind::Cells, .cells = others_space_});
  }

  void count() {
    Builder b(module_, bind_);
    b.fill(table_.counts, b.real(0));
    b.for_each(of_.domain, {}, [&](const Values& at) -> Values {
      const ValueId value = load(b, at);
      const Scalar scalar = bind_.type(value).scalar;
      auto add = [&](ValueId position) { b.accumulate(table_.counts, {position}, b.real(1)); };
      if (scalar == Scalar::Index) {
        add(value);
      } else if (scalar == Scalar::Bool) {
        add(b.index(positions_, b.op(Op::ToInt, {value})));
      } else {
        auto counted = [&]() -> Values {
          add(b.index(positions_, value));
          return {};
        };
        b.branch(has_own_place(b, value), counted, []() -> Values { return {}; });
      }
      return {};
    });
  }

  void fill_values() {
    const DimId own = add_dim(name_ + ".own_places", ir::SizeExpr::constant(kOwnPlaces));
    Builder b(module_, bind_);
    b.for_each(Builder::over({own}), {}, [&](const Values& at) -> Values {
      const ValueId value = b.op(Op::ToInt, {at[0]});
      b.store(table_.values, {b.index(positions_, value)}, value);
      return {};
    });
    ir::Domain others = b.over(others_space_);
    others.position = true;
    b.for_each(others, {}, [&](const Values& at) -> Values {
      const ValueId behind = b.op(Op::IAdd, {b.op(Op::ToInt, {at.back()}), b.integer(kOwnPlaces)});
      const ValueId position = b.index(positions_, behind);
      b.store(table_.values, {position}, load(b, at));
      b.accumulate(table_.counts, {position}, b.real(1));
      return {};
    });
  }

  void list_values() {
    ir::Body predicate;
    Builder b(module_, predicate);
    predicate.block.arguments = b.index_arguments({.dims = {positions_}});
    b.yield({b.op(Op::Lt, {b.real(0), b.load(table_.counts, {predicate.block.arguments[0]})})});
    table_.space = add_space(name_ + ".occurring", {.dims = {positions_}, .predicate = std::move(predicate)});
  }

  ir::Module& module_;
  ir::Body& bind_;
  const ValuesOf& of_;
  std::string name_;
  DimId positions_;
  DimId others_;
  SpaceId others_space_;
  ValueTable table_;
};

}  // namespace

ValueTable add_value_table(ir::Module& module, ir::Body& bind, const ValuesOf& of) {
  return Making(module, bind, of).run();
}

ValueId write_value(Builder& builder, const ValueTable& table, ir::Type type, ValueId position) {
  if (type.scalar == Scalar::Index) return position;
  if (type.scalar == Scalar::Int) return builder.load(table.values, {position});
  return builder.op(Op::INe, {builder.op(Op::ToInt, {position}), builder.integer(0)});
}

}  // namespace lacuna::transform
