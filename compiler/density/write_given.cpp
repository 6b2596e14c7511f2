// Cells that are read of unchecked arguments: `bind` tests that each holds a value of its type. What holds none was handed over
// as a gap, so that generated code meets nothing else.
#include <algorithm>

#include "compiler/density/model_writer.h"
#include "compiler/ir/given.h"

namespace lacuna::density {

using elaborate::GuardedRead;
using ir::Op;

namespace {

// Runs `inside` where a condition holds; null: everywhere.
void under(ir::Builder& b, const std::function<ValueId()>& condition, const std::function<void()>& inside) {
  if (!condition) return inside();
  const auto run = [&]() -> Values {
    inside();
    return {};
  };
  b.branch(condition(), run, []() -> Values { return {}; });
}

}  // namespace

bool ModelWriter::reads_unchecked(const elaborate::Item& item) const {
  return std::any_of(model_.guarded_reads.begin(), model_.guarded_reads.end(), [&](const GuardedRead& read) { return read.item == &item; });
}

ValueId ModelWriter::is_given(Body& f, const GuardedRead& read, const Values& at) {
  ir::Builder& b = *f.builder;
  const ir::BufferId input = module_.find_buffer(read.argument->name);
  if (module_.buffer(input).optional) return b.present(input, at);
  return b.op(Op::Not, {b.op(Op::IsNan, {b.load(input, at)})});
}

// One cell. An index that may lie outside has a condition of its own, which is tested next.
void ModelWriter::check_cell(Body& f, const GuardedRead& read, const Scope& scope) {
  ir::Builder& b = *f.builder;
  Writer& w = *f.writer;
  const std::vector<ir::DimId> axes = module_.buffer(module_.find_buffer(read.argument->name)).axes;
  Values positions;
  ValueId cell = b.integer(0), there;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const ValueId index = w.scalar(*read.indices[i], scope);
    const bool lies_inside = b.body().type(index) == ir::Type::index_of(axes[i]);
    positions.push_back(w.to_int(index));
    cell = b.op(Op::IAdd, {b.op(Op::IMul, {cell, b.size(axes[i])}), positions.back()});
    if (lies_inside) continue;
    const ValueId inside = b.op(Op::And, {b.op(Op::ILe, {b.integer(0), positions.back()}), b.op(Op::ILt, {positions.back(), b.size(axes[i])})});
    there = there.valid() ? b.op(Op::And, {there, inside}) : inside;
  }
  under(b, there.valid() ? std::function<ValueId()>([&] { return there; }) : nullptr, [&] {
    Values at;
    for (std::size_t i = 0; i < axes.size(); ++i) at.push_back(b.index(axes[i], positions[i]));
    b.check(is_given(f, read, at), ir::given_check(read.argument->name), -1, {cell});
  });
}

// The cells that one read reaches from one cell of its item.
void ModelWriter::check_cells(Body& f, const GuardedRead& read, const Scope& scope) {
  ir::Builder& b = *f.builder;
  std::vector<ir::DimId> over;
  for (const Symbol* index : read.inner) over.push_back(dims_.id(index->type.index_of));
  const auto each = [&](const Values& at) -> Values {
    auto inner = std::make_shared<Environment>(scope);
    for (std::size_t i = 0; i < at.size(); ++i) inner->bind(read.inner[i], at[i]);
    const auto condition = [&] { return f.writer->to_bool(f.writer->scalar(*read.guard, inner)); };
    under(b, read.guard ? std::function<ValueId()>(condition) : nullptr, [&] { check_cell(f, read, inner); });
    return {};
  };
  if (over.empty())
    each({});
  else
    b.for_each(ir::Builder::over(over), {}, each);
}

void ModelWriter::write_given(Body& f, const elaborate::Item& item) {
  given_.insert(&item);
  const ir::SpaceId space = space_of(item);
  for (const GuardedRead& read : model_.guarded_reads) {
    if (read.item != &item) continue;
    for_cells(f, item, space, {}, [&](const Scope& scope, const Values&) -> Values {
      // The cells of latents are listed elsewhere.
      const auto exists = [&] { return f.writer->to_bool(f.writer->scalar(*item.space.where, scope)); };
      under(*f.builder, !space.valid() && item.space.where ? std::function<ValueId()>(exists) : nullptr, [&] { check_cells(f, read, scope); });
      return {};
    });
  }
}

}  // namespace lacuna::density
