#include <fmt/format.h>

#include "compiler/density/writer.h"

namespace lacuna::density {

using types::DimensionOrigin;

ir::DimId DimensionTable::id(const Dimension* d) {
  const auto found = known_.find(d);
  if (found != known_.end()) return found->second;
  ir::Dim made;
  made.name = std::string(d->name);
  switch (d->origin) {
    case DimensionOrigin::Literal:
      made.name = fmt::format("written{}", known_.size());
      made.kind = ir::Dim::Kind::Derived;
      made.size = ir::SizeExpr::constant(d->size);
      break;
    case DimensionOrigin::Size:
    case DimensionOrigin::Labels: made.preset = d->size; break;
    case DimensionOrigin::Derived:
      made.kind = ir::Dim::Kind::Derived;
      made.size = size_of(*d->derived);
      break;
    default: break;
  }
  return known_[d] = module_.add(made);
}

namespace {

ir::SizeExpr times(const ir::SizeExpr& a, const ir::SizeExpr& b) {
  ir::SizeExpr product;
  for (const ir::SizeTerm& x : a.terms)
    for (const ir::SizeTerm& y : b.terms) {
      std::vector<ir::DimId> dims = x.dims;
      dims.insert(dims.end(), y.dims.begin(), y.dims.end());
      ir::SizeExpr term = ir::SizeExpr::product(std::move(dims));
      for (ir::SizeTerm& t : term.terms) t.coefficient *= x.coefficient * y.coefficient;
      product = product + term;
    }
  return product;
}

}  // namespace

ir::SizeExpr DimensionTable::size_of(const Expr& e) {
  if (const auto* literal = e.get_if<check::LiteralExpr>()) return ir::SizeExpr::constant(literal->integer);
  if (const auto* size = e.get_if<check::SizeExpr>()) return ir::SizeExpr::of(id(size->dimension));
  if (const auto* op = e.get_if<check::BuiltinExpr>()) {
    const ir::SizeExpr minus = ir::SizeExpr::constant(-1);
    switch (op->op) {
      case check::Builtin::Add: return size_of(*op->arguments[0]) + size_of(*op->arguments[1]);
      case check::Builtin::Subtract: return size_of(*op->arguments[0]) + times(minus, size_of(*op->arguments[1]));
      case check::Builtin::Multiply: return times(size_of(*op->arguments[0]), size_of(*op->arguments[1]));
      case check::Builtin::Negate: return times(minus, size_of(*op->arguments[0]));
      case check::Builtin::Div: return by_rule(e, ir::Dim::Rule::Quotient);
      case check::Builtin::Modulo: {  // a - b div(a, b)
        const ir::SizeExpr whole = times(size_of(*op->arguments[1]), by_rule(e, ir::Dim::Rule::Quotient));
        return size_of(*op->arguments[0]) + times(minus, whole);
      }
      case check::Builtin::Min:
      case check::Builtin::Max:
        if (op->arguments.size() == 2) return by_rule(e, op->op == check::Builtin::Min ? ir::Dim::Rule::Least : ir::Dim::Rule::Greatest);
        break;
      default: break;
    }
  }
  throw NotCompiled("a dimension whose size is not made of numbers and sizes by `+ - * %`, `div`, `min` and `max`", e.range);
}

// The size of a dimension of its own, so that it can stand in a polynomial.
ir::SizeExpr DimensionTable::by_rule(const Expr& e, ir::Dim::Rule rule) {
  const auto& arguments = e.as<check::BuiltinExpr>().arguments;
  ir::Dim made{.kind = ir::Dim::Kind::Derived, .rule = rule, .size = size_of(*arguments[0]), .other = size_of(*arguments[1])};
  for (std::uint32_t i = 0; i < module_.dims.size(); ++i) {
    const ir::Dim& known = module_.dims[i];
    if (known.rule == rule && known.size == made.size && known.other == made.other) return ir::SizeExpr::of({i});
  }
  made.name = fmt::format("{}{}", ir::rule_name(rule), module_.dims.size());
  return ir::SizeExpr::of(module_.add(made));
}

}  // namespace lacuna::density
